package dev.ermine.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.trust.Trust.Reason;
import java.time.Duration;
import java.time.Instant;

/** The rules that tokens of more than one kind are held to. */
final class TokenRules {

  /** How much longer than it says a region's token is taken, for clocks differ. */
  static final Duration SKEW = Duration.ofSeconds(30);

  private static final Duration MAX_AHEAD = Duration.ofMinutes(1);
  private static final int MIN_ID = 8;
  private static final int MAX_ID = 128;

  private TokenRules() {}

  static void checkSignature(TokenForm token, Algorithm algorithm, JWSVerifier key) throws Refusal {
    try {
      Refusal.unless(
          key.verify(
              Jose.header(algorithm, token.keyId()),
              token.signedBytes(),
              new Base64URL(token.signature())),
          Reason.TOKEN_SIGNATURE);
    } catch (JOSEException e) {
      // A wrong signature is false; this is a platform that cannot verify at all.
      throw new IllegalStateException("cannot verify `" + algorithm + "` signatures", e);
    }
  }

  static void checkAudience(Claims claims, String audience) throws Refusal {
    Claims proof = claims.orElse(Reason.TOKEN_AUDIENCE);
    proof.require(proof.textOrOnlyText("aud").equals(audience));
  }

  /** The thumbprint of the certificate that the token is bound to. */
  static String binding(Claims claims) throws Refusal {
    return claims.orElse(Reason.TOKEN_BINDING).object("cnf").text("x5t#S256");
  }

  /** {@code exp} of a token that is issued already, for no longer than {@code most}. */
  static Instant expiry(Claims claims, Duration most, Instant now) throws Refusal {
    Claims proof = claims.orElse(Reason.TOKEN_TIMES);
    Instant issued = proof.instant("iat");
    Instant expires = proof.instant("exp");
    proof.require(expires.isAfter(issued));
    proof.require(!expires.isAfter(issued.plus(most)));
    proof.require(!isAhead(issued, now));
    checkBegun(proof, now);
    return expires;
  }

  /** {@code nbf}, where there is one. */
  static void checkBegun(Claims claims, Instant now) throws Refusal {
    claims.require(!claims.has("nbf") || !isAhead(claims.instant("nbf"), now));
  }

  private static boolean isAhead(Instant instant, Instant now) {
    return instant.isAfter(now.plus(MAX_AHEAD));
  }

  /** {@code jti}. */
  static String id(Claims claims) throws Refusal {
    String id = claims.orElse(Reason.TOKEN_ID).text("jti");
    Refusal.unless(TokenForm.isPrintable(id, MIN_ID, MAX_ID), Reason.TOKEN_ID);
    return id;
  }
}
