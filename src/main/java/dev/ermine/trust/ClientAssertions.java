package dev.ermine.trust;

import dev.ermine.region.Region.Algorithm;
import dev.ermine.trust.Trust.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * The tokens by which a region's system, as a client of the token endpoint, proves itself there,
 * each for one request. They say as well on whose behalf it will ask.
 *
 * @see <a
 *     href="https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html">SMART:
 *     asymmetric client authentication</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7523#section-3">RFC 7523, 3: JWT format and
 *     processing</a>
 */
final class ClientAssertions {

  static final Set<Algorithm> ALGORITHMS =
      Set.of(Algorithm.ES384, Algorithm.RS384, Algorithm.PS256, Algorithm.ES256);

  private static final Set<String> TYPES = Set.of("JWT", "client-authentication+jwt");
  private static final Duration MAX_LIFETIME = Duration.ofMinutes(1);

  /** Before a {@code jti} in the replay cache; no {@code jti} of a bearer begins so. */
  private static final String SPACE = "assertion ";

  private final RegionTokens tokens;
  private final String audience;

  ClientAssertions(TrustBasis basis) {
    this.tokens = new RegionTokens(basis);
    this.audience = basis.tokenEndpoint();
  }

  /**
   * An assertion that is good in every way, if it has not been used.
   *
   * @param keyId of the region's key that it is signed with
   * @param user on whose behalf
   */
  record Asserted(String id, Instant expires, String keyId, RequesterClaims user) {
    /** Never the claims. */
    @Override
    public String toString() {
      return "Asserted";
    }
  }

  Asserted read(String text, Certified by) throws Refusal {
    TokenForm token = TokenForm.read(text);
    Refusal.unless(token.length() <= DirectTokens.MAX_LENGTH, Reason.TOKEN_TOO_LARGE);
    Refusal.unless(
        token.type().isEmpty() || TYPES.contains(token.type().get()), Reason.TOKEN_HEADER);
    tokens.checkSignature(token, by, ALGORITHMS);
    Claims claims = token.claims();
    checkClient(claims, by);
    TokenRules.checkAudience(claims, audience);
    Instant expires = expiry(claims, by.now());
    String id = TokenRules.id(claims);
    return new Asserted(id, expires, token.keyId(), RequesterClaims.ofClient(claims));
  }

  private static void checkClient(Claims claims, Certified by) throws Refusal {
    RegionTokens.checkIssuer(claims, by);
    Claims proof = claims.orElse(Reason.TOKEN_ISSUER);
    proof.require(proof.text("sub").equals(by.issuer()));
    Refusal.unless(
        !claims.has("cnf") || TokenRules.binding(claims).equals(by.thumbprint()),
        Reason.TOKEN_BINDING);
  }

  private static Instant expiry(Claims claims, Instant now) throws Refusal {
    Instant expires =
        claims.has("iat") ? TokenRules.expiry(claims, MAX_LIFETIME, now) : expiryAlone(claims, now);
    Refusal.unless(now.isBefore(expires.plus(TokenRules.SKEW)), Reason.TOKEN_TIMES);
    return expires;
  }

  /**
   * SMART asks for no {@code iat}; how long the assertion has to live can be bounded all the same.
   */
  private static Instant expiryAlone(Claims claims, Instant now) throws Refusal {
    Claims proof = claims.orElse(Reason.TOKEN_TIMES);
    TokenRules.checkBegun(proof, now);
    Instant expires = proof.instant("exp");
    proof.require(!expires.isAfter(now.plus(MAX_LIFETIME).plus(TokenRules.SKEW)));
    return expires;
  }

  /** To be asked last of all. */
  void checkFirstUse(Asserted asserted, Certified by) throws Refusal {
    tokens.checkFirstUse(SPACE + asserted.id(), asserted.expires(), by);
  }
}
