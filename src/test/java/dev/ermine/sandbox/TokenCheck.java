package dev.ermine.sandbox;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A region's check of the token that the gateway sends it: signed by the gateway with the region's
 * algorithm, for the region, now, bound to the gateway's certificate, and saying for whom it acts.
 *
 * @param keys the gateway's public keys
 * @param algorithm the only one accepted
 * @param audience the region's FHIR base
 * @param thumbprint {@code x5t#S256} of the gateway's client certificate
 * @param actor the gateway's id
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8705#section-3.1">RFC 8705: x5t#S256</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8693#section-4.1">RFC 8693: act</a>
 */
record TokenCheck(
    JWKSet keys, JWSAlgorithm algorithm, URI audience, String thumbprint, String actor) {

  private static final Duration LONGEST_LIFE = Duration.ofMinutes(5);
  private static final Duration SKEW = Duration.ofSeconds(30);

  /** What is wrong with the {@code Authorization} header; empty when the token is good. */
  Optional<String> fault(String authorization) {
    if (authorization == null || !authorization.startsWith("Bearer ")) {
      return Optional.of("no bearer token");
    }
    try {
      var token = SignedJWT.parse(authorization.substring("Bearer ".length()));
      if (!signedByGateway(token)) {
        return Optional.of("the signature is not the gateway's, or not by " + algorithm);
      }
      return claimsFault(token.getJWTClaimsSet());
    } catch (ParseException | JOSEException e) {
      return Optional.of("the token cannot be read");
    }
  }

  private boolean signedByGateway(SignedJWT token) throws JOSEException {
    JWK key = keys.getKeyByKeyId(token.getHeader().getKeyID());
    if (!token.getHeader().getAlgorithm().equals(algorithm)
        || !(key instanceof AsymmetricJWK pair)) {
      return false;
    }
    var factory = new DefaultJWSVerifierFactory();
    return token.verify(factory.createJWSVerifier(token.getHeader(), pair.toPublicKey()));
  }

  private Optional<String> claimsFault(JWTClaimsSet claims) throws ParseException {
    if (!claims.getAudience().equals(List.of(audience.toString()))) {
      return Optional.of("`aud` is not `" + audience + "`");
    }
    if (!current(claims)) {
      return Optional.of("the token is not valid now, or for more than 300 seconds");
    }
    if (!claims.getClaims().containsKey("jti")) {
      return Optional.of("no `jti`");
    }
    if (!Map.of("x5t#S256", thumbprint).equals(claims.getJSONObjectClaim("cnf"))) {
      return Optional.of("`cnf` is not the gateway's client certificate");
    }
    return delegationFault(claims);
  }

  private Optional<String> delegationFault(JWTClaimsSet claims) throws ParseException {
    Map<String, Object> act = claims.getJSONObjectClaim("act");
    if (act == null || !actor.equals(act.get("sub"))) {
      return Optional.of("`act.sub` is not `" + actor + "`");
    }
    List<String> hops = claims.getStringListClaim("hops");
    if (hops == null || !hops.contains(actor)) {
      return Optional.of("`hops` does not name `" + actor + "`");
    }
    List<String> purposes = claims.getStringListClaim("purpose_of_use");
    return purposes == null || purposes.isEmpty()
        ? Optional.of("no `purpose_of_use`")
        : Optional.empty();
  }

  private static boolean current(JWTClaimsSet claims) {
    if (claims.getIssueTime() == null || claims.getExpirationTime() == null) {
      return false;
    }
    Instant now = Instant.now();
    Instant issued = claims.getIssueTime().toInstant();
    Instant expires = claims.getExpirationTime().toInstant();
    return !issued.isAfter(now.plus(SKEW))
        && expires.isAfter(now)
        && !expires.isAfter(issued.plus(LONGEST_LIFE));
  }
}
