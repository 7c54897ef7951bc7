package dev.ermine.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.RegionId;
import dev.ermine.trust.RequesterClaims.Proof;
import dev.ermine.trust.SigningKeyFile.SigningKey;
import dev.ermine.trust.Trust.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The gateway's own tokens, each bound to a client certificate and good until it expires. Any
 * gateway with the same keys and base URL verifies them: nothing is kept of those that were given.
 *
 * <p>What does not change is verified once and remembered; all that may is looked at on each
 * request: certificate, region, keys, time.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9068">RFC 9068: JWT profile for access tokens</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8705#section-3">RFC 8705, 3: mutual-TLS
 *     certificate-bound tokens</a>
 */
final class AccessTokens {

  static final String TYPE = "at+jwt";
  static final Duration LIFETIME = Duration.ofMinutes(5);

  /** With header and signature it is shorter than {@link #MAX_LENGTH}, whatever the key. */
  private static final int MAX_CLAIMS = 4608;

  private static final int MAX_LENGTH = TokenForm.MAX_LENGTH;
  private static final JOSEObjectType JOSE_TYPE = new JOSEObjectType(TYPE);

  private final String issuer;
  private final String audience;
  private final Supplier<GatewayKeys> keys;
  private final OwnVerifiers verifiers;
  private final KeyUses uses;
  private final SeenTokens seen;

  AccessTokens(TrustBasis basis) {
    this.issuer = basis.base();
    this.audience = basis.fhir();
    this.keys = basis.keys();
    this.verifiers = new OwnVerifiers(basis.keys());
    this.uses = basis.uses();
    this.seen = new SeenTokens(basis.clock());
  }

  /** What a token will say; signed, it is one. */
  record Draft(Payload claims) {
    /** Never the claims. */
    @Override
    public String toString() {
      return "Draft";
    }
  }

  /**
   * What the token of a requester says.
   *
   * @param clientKey id of the region's key that the assertion was signed with
   */
  Draft draft(Requester requester, String clientKey, Certified by) throws Refusal {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer);
    claims.put("sub", requester.subject());
    claims.put("aud", audience);
    claims.put("client_id", by.issuer());
    claims.put("client_key", clientKey);
    claims.put("iat", by.now().getEpochSecond());
    claims.put("exp", requester.expires().getEpochSecond());
    claims.put("jti", requester.tokenId());
    claims.put("scope", requester.scope().text());
    claims.put("cnf", Map.of("x5t#S256", requester.certificate()));
    claims.putAll(PeerClaims.context(requester));
    claims.putAll(PeerClaims.stepUp(requester.stepUp()));
    requester.patient().ifPresent(patient -> claims.put("patient", PeerClaims.patient(patient)));
    claims.putAll(Forwarding.claims(requester));
    requester.timeLeft().ifPresent(left -> claims.put("time_left", left.toMillis()));
    byte[] json = StrictJson.bytes(claims);
    Refusal.unless(json.length <= MAX_CLAIMS, Reason.GRANT_TOO_LARGE);
    return new Draft(new Payload(json));
  }

  /** Signs the draft with the gateway's own key. */
  String sign(Draft draft, Instant now) {
    GatewayKeys signers = keys.get();
    Algorithm algorithm = signers.own();
    SigningKey key = signers.key(algorithm).orElseThrow();
    JWSObject token = new JWSObject(Jose.header(JOSE_TYPE, algorithm, key.keyId()), draft.claims());
    try {
      token.sign(key.signer());
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign access tokens", e);
    }
    uses.used(KeyUses.GATEWAY, key.keyId(), now);
    return token.serialize();
  }

  /** Whom a token proves that has proven the same region before; empty when it has not. */
  Optional<Requester> seen(String text, Certified by) throws Refusal {
    Optional<AccessToken> token =
        text.length() > MAX_LENGTH
            ? Optional.empty()
            : seen.get(text).filter(known -> isOf(known.requester(), by));
    return token.isPresent() ? Optional.of(proven(token.get(), by)) : Optional.empty();
  }

  private static boolean isOf(Requester requester, Certified by) {
    return requester.sender().equals(by.asker().region().id());
  }

  /** Whom a token proves; the next time it is {@linkplain #seen known}. */
  Requester requester(String text, TokenForm form, Certified by) throws Refusal {
    AccessToken token = read(form, by);
    Requester requester = proven(token, by);
    seen.put(text, token);
    return requester;
  }

  private AccessToken read(TokenForm form, Certified by) throws Refusal {
    Algorithm algorithm = checkSignature(form, by.now());
    Claims claims = form.claims();
    Claims proof = claims.orElse(Reason.TOKEN_ISSUER);
    proof.require(proof.text("iss").equals(issuer));
    TokenRules.checkAudience(claims, audience);
    Instant expires = TokenRules.expiry(claims, LIFETIME, by.now());
    Optional<Scope> scope = Scope.parse(claims.text("scope"));
    claims.require(scope.isPresent());
    Requester requester =
        RequesterClaims.ofUser(claims)
            .requester(
                new Proof(
                    by,
                    TokenRules.binding(claims),
                    TokenRules.id(claims),
                    expires,
                    scope.orElseThrow()));
    return new AccessToken(
        requester, algorithm, form.keyId(), claims.text("client_id"), claims.text("client_key"));
  }

  private Algorithm checkSignature(TokenForm form, Instant now) throws Refusal {
    Optional<Algorithm> algorithm =
        Stream.of(Algorithm.values())
            .filter(known -> known.code().equals(form.algorithm()))
            .findFirst();
    Refusal.unless(algorithm.isPresent(), Reason.TOKEN_ALGORITHM);
    Optional<JWSVerifier> key = verifiers.of(algorithm.orElseThrow(), form.keyId());
    Refusal.unless(key.isPresent(), Reason.TOKEN_KEY);
    TokenRules.checkSignature(form, algorithm.orElseThrow(), key.orElseThrow());
    uses.used(KeyUses.GATEWAY, form.keyId(), now);
    return algorithm.orElseThrow();
  }

  /** Looks at all that may have changed since the token was first seen, or is not its holder's. */
  private Requester proven(AccessToken token, Certified by) throws Refusal {
    Requester requester = token.requester();
    Refusal.unless(token.client().equals(by.issuer()), Reason.TOKEN_ISSUER);
    Refusal.unless(requester.certificate().equals(by.thumbprint()), Reason.TOKEN_BINDING);
    Refusal.unless(by.now().isBefore(requester.expires()), Reason.TOKEN_TIMES);
    Refusal.unless(verifiers.of(token.algorithm(), token.keyId()).isPresent(), Reason.TOKEN_KEY);
    Refusal.unless(by.asker().keys().verifier(token.clientKey()).isPresent(), Reason.TOKEN_KEY);
    RegionId origin = new Forwarding(requester.issuer(), requester.hops()).origin(by).id();
    Refusal.unless(origin.equals(requester.region()), Reason.TOKEN_ISSUER);
    return requester;
  }
}
