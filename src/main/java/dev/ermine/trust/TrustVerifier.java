package dev.ermine.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Regions;
import dev.ermine.trust.KnownRegions.Asker;
import dev.ermine.trust.Trust.Reason;
import dev.ermine.trust.Trust.Trusted;
import dev.ermine.trust.Trust.Untrusted;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The proof of who is asking: a pinned client certificate, and a one-use token that the same region
 * signed and bound to it.
 *
 * <p>The certificate names the region, and the region alone names issuer, algorithm and keys: there
 * is no other region's key that a token could be held against.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8725">RFC 8725: JSON Web Token best current
 *     practices</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8705#section-3">RFC 8705, 3: mutual-TLS
 *     certificate-bound tokens</a>
 */
public final class TrustVerifier {

  private static final Set<Algorithm> BEARER_ALGORITHMS = Set.of(Algorithm.PS256, Algorithm.ES256);
  private static final Duration MAX_LIFETIME = Duration.ofMinutes(5);
  private static final Duration MAX_AHEAD = Duration.ofMinutes(1);
  private static final Duration SKEW = Duration.ofSeconds(30);
  private static final int MIN_ID = 8;
  private static final int MAX_ID = 128;

  private final Supplier<KnownRegions> known;
  private final String audience;
  private final InstantSource clock;
  private final ReplayCache replays;
  private final Revocations revocations;

  /**
   * @param regions the live version
   * @param audience this gateway's FHIR base, exactly as tokens have to name it
   */
  public TrustVerifier(
      Supplier<Regions> regions,
      String audience,
      InstantSource clock,
      ReplayCache replays,
      Revocations revocations) {
    this.known = KnownRegions.live(regions);
    this.audience = audience;
    this.clock = clock;
    this.replays = replays;
    this.revocations = revocations;
  }

  /** What in the regions' certificates and keys cannot be used, each with its path. */
  public static List<String> faults(Regions regions) {
    return new KnownRegions(regions).faults();
  }

  /** Whether the credentials prove a requester; a token does so once. */
  public Trust verify(Credentials credentials) {
    if (credentials.chain().isEmpty()) {
      return new Untrusted(Reason.NO_CERTIFICATE, Optional.empty());
    }
    X509Certificate leaf = credentials.chain().getFirst();
    KnownRegions now = known.get();
    return now.asker(Thumbprints.x5tS256(leaf))
        .map(asker -> verify(now, asker, leaf, credentials.bearer()))
        .orElseGet(() -> new Untrusted(Reason.UNKNOWN_CERTIFICATE, Optional.empty()));
  }

  private Trust verify(
      KnownRegions now, Asker asker, X509Certificate leaf, Optional<String> bearer) {
    try {
      return new Trusted(requester(now.gateway(), asker, leaf, bearer));
    } catch (Refusal refusal) {
      return new Untrusted(refusal.reason(), Optional.of(asker.region().id()));
    }
  }

  private Requester requester(
      String gateway, Asker asker, X509Certificate leaf, Optional<String> bearer) throws Refusal {
    Instant now = clock.instant();
    require(CertificateRules.isValidAt(leaf, now), Reason.CERTIFICATE_NOT_VALID_NOW);
    revocations.require(leaf, asker.asks());
    require(asker.region().mayAsk(), Reason.REGION_NOT_ACTIVE);
    require(bearer.isPresent(), Reason.NO_TOKEN);
    TokenForm token = TokenForm.read(bearer.orElseThrow());
    checkSignature(token, asker, BEARER_ALGORITHMS);
    checkIssuer(token.claims(), asker);
    checkBinding(token.claims(), leaf);
    checkAudience(token.claims());
    checkTimes(token.claims(), now);
    Requester requester = requester(token.claims(), asker, leaf);
    require(!requester.hops().contains(gateway), Reason.LOOP);
    checkFirstUse(requester);
    return requester;
  }

  private static void checkSignature(TokenForm token, Asker asker, Set<Algorithm> admitted)
      throws Refusal {
    Algorithm algorithm = asker.asks().algorithm();
    require(admitted.contains(algorithm), Reason.TOKEN_ALGORITHM);
    require(token.algorithm().equals(algorithm.code()), Reason.TOKEN_ALGORITHM);
    Optional<JWSVerifier> key = asker.keys().verifier(token.keyId());
    require(key.isPresent(), Reason.TOKEN_KEY);
    require(isSigned(token, algorithm, key.orElseThrow()), Reason.TOKEN_SIGNATURE);
  }

  private static boolean isSigned(TokenForm token, Algorithm algorithm, JWSVerifier key) {
    try {
      return key.verify(
          Jose.header(algorithm, token.keyId()),
          token.signedBytes(),
          new Base64URL(token.signature()));
    } catch (JOSEException e) {
      // A wrong signature is false; this is a platform that cannot verify at all.
      throw new IllegalStateException("cannot verify `" + algorithm + "` signatures", e);
    }
  }

  private static void checkIssuer(Claims claims, Asker asker) throws Refusal {
    Claims proof = claims.orElse(Reason.TOKEN_ISSUER);
    proof.require(proof.text("iss").equals(asker.asks().issuer()));
  }

  private static void checkBinding(Claims claims, X509Certificate leaf) throws Refusal {
    Claims proof = claims.orElse(Reason.TOKEN_BINDING);
    proof.require(proof.object("cnf").text("x5t#S256").equals(Thumbprints.x5tS256(leaf)));
  }

  private void checkAudience(Claims claims) throws Refusal {
    Claims proof = claims.orElse(Reason.TOKEN_AUDIENCE);
    proof.require(proof.textOrOnlyText("aud").equals(audience));
  }

  private static void checkTimes(Claims claims, Instant now) throws Refusal {
    Claims proof = claims.orElse(Reason.TOKEN_TIMES);
    Instant issued = proof.instant("iat");
    Instant expires = proof.instant("exp");
    proof.require(expires.isAfter(issued));
    proof.require(!expires.isAfter(issued.plus(MAX_LIFETIME)));
    // That it is not issued too long ago follows from these two.
    proof.require(now.isBefore(expires.plus(SKEW)));
    proof.require(!issued.isAfter(now.plus(MAX_AHEAD)));
    proof.require(!proof.has("nbf") || !proof.instant("nbf").isAfter(now.plus(MAX_AHEAD)));
  }

  private static Requester requester(Claims claims, Asker asker, X509Certificate leaf)
      throws Refusal {
    String id = claims.orElse(Reason.TOKEN_ID).text("jti");
    require(TokenForm.isPrintable(id, MIN_ID, MAX_ID), Reason.TOKEN_ID);
    RequesterClaims said = new RequesterClaims(claims);
    return new Requester(
        asker.region().id(),
        asker.asks().issuer(),
        said.subject(),
        said.organisation(),
        said.userId(),
        said.name(),
        said.roles(),
        said.purposes(),
        said.reason(),
        said.breakGlassReason(),
        said.relationship(),
        said.patient(),
        said.practitioner(),
        said.hops(),
        id,
        Thumbprints.x5tS256(leaf),
        claims.instant("exp"));
  }

  /** Last of all: only a token that is good in every other way is used up. */
  private void checkFirstUse(Requester requester) throws Refusal {
    Instant until = requester.expires().plus(SKEW);
    switch (replays.use(requester.issuer(), requester.tokenId(), until)) {
      case FIRST_USE -> {}
      case REPLAYED -> throw new Refusal(Reason.TOKEN_REPLAYED);
      case FULL -> throw new Refusal(Reason.REPLAY_CACHE_FULL);
    }
  }

  private static void require(boolean met, Reason otherwise) throws Refusal {
    if (!met) {
      throw new Refusal(otherwise);
    }
  }
}
