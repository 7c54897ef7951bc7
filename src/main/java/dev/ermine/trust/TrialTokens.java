package dev.ermine.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.trust.SigningKeyFile.SigningKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Tokens by which an officer tries whether a peer lets the gateway in: of the gateway alone, for no
 * patient and no user.
 */
public final class TrialTokens {

  private static final Duration LIFETIME = Duration.ofMinutes(1);

  private final GatewayKeys keys;
  private final String issuer;
  private final InstantSource clock;

  /**
   * @param issuer the gateway's base URL
   */
  public TrialTokens(GatewayKeys keys, String issuer, InstantSource clock) {
    this.keys = keys;
    this.issuer = issuer;
    this.clock = clock;
  }

  /** A token as the region demands it; empty where no key of ours can sign it. */
  public Optional<String> bearer(Region.Token demanded, X509Certificate certificate) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer);
    claims.put("sub", issuer);
    claims.put("aud", demanded.audience());
    claims.put("cnf", Map.of("x5t#S256", Thumbprints.x5tS256(certificate)));
    claims.put("purpose_of_use", List.of("HSYSADMIN"));
    return sign(claims, demanded.algorithm());
  }

  /**
   * A client assertion for the region's token endpoint.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7523#section-3">RFC 7523, 3: JWT format</a>
   */
  public Optional<String> assertion(
      Region.Token demanded, Region.Token.Endpoint endpoint, X509Certificate certificate) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", endpoint.clientId());
    claims.put("sub", endpoint.clientId());
    claims.put("aud", endpoint.url().toString());
    claims.put("cnf", Map.of("x5t#S256", Thumbprints.x5tS256(certificate)));
    return sign(claims, demanded.algorithm());
  }

  private Optional<String> sign(Map<String, Object> claims, Algorithm algorithm) {
    return keys.key(algorithm).map(key -> sign(claims, algorithm, key));
  }

  private String sign(Map<String, Object> claims, Algorithm algorithm, SigningKey key) {
    long now = clock.instant().getEpochSecond();
    claims.put("iat", now);
    claims.put("exp", now + LIFETIME.toSeconds());
    claims.put("jti", UUID.randomUUID().toString());
    JWSObject token = new JWSObject(Jose.header(algorithm, key.keyId()), new Payload(claims));
    try {
      token.sign(key.signer());
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign with `" + algorithm + "`", e);
    }
    return token.serialize();
  }
}
