package dev.ermine.trust;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.GatewayKeys.SigningKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The tokens that the gateway shows to its peers: its own, signed with its own key and bound to the
 * client certificate of the connection that carries them, that say on whose behalf it asks.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8693#section-4.1">RFC 8693, 4.1: {@code act}</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8705#section-3.1">RFC 8705, 3.1: {@code
 *     cnf.x5t#S256}</a>
 */
public final class PeerTokens {

  private static final Duration LIFETIME = Duration.ofMinutes(5);

  /** A token shown again has at least so long to live. */
  private static final Duration LEAST_LEFT = Duration.ofMinutes(1);

  private static final int CONTEXTS = 100_000;

  private final GatewayKeys keys;
  private final PeerClaims claims;
  private final InstantSource clock;
  private final Cache<Context, String> contexts;

  /**
   * All that a token says but when and which it is. Two questions share one only if all of it is
   * the same, so that no change of trust, user, purpose or patient is overlooked.
   */
  private record Context(
      RegionId region, Algorithm algorithm, String origin, Map<String, Object> claims) {
    /** Never the claims. */
    @Override
    public String toString() {
      return "Context[" + region + "]";
    }
  }

  /**
   * @param baseUrl the gateway's base URL, {@code iss}
   */
  public PeerTokens(GatewayKeys keys, String baseUrl, InstantSource clock) {
    this.keys = keys;
    this.claims = new PeerClaims(baseUrl);
    this.clock = clock;
    this.contexts =
        Caffeine.newBuilder()
            .ticker(new WallTicker(clock))
            .expireAfterWrite(LIFETIME.minus(LEAST_LEFT))
            .maximumSize(CONTEXTS)
            .executor(Runnable::run)
            .build();
  }

  /**
   * Where the tokens for one region in one query come from, as the region allows: the same one, or
   * another one at each call. To be asked once before each exchange, from any thread.
   *
   * @param certificate the client certificate of the connections that carry them
   */
  public Supplier<String> forQuery(
      Requester requester,
      Region region,
      Regions.Gateway gateway,
      NhsNumber patient,
      X509Certificate certificate) {
    return switch (demanded(region).use()) {
      case REQUEST, CONTEXT -> () -> tokenFor(requester, region, gateway, patient, certificate);
      case QUERY -> {
        String token = tokenFor(requester, region, gateway, patient, certificate);
        yield () -> token;
      }
    };
  }

  /**
   * A token for one exchange: a new one, or where the region allows {@code context} perhaps one
   * that has been shown before.
   *
   * @param patient whom the exchange is about; of the requester's token only this patient may be
   * @param certificate the client certificate of the connection that carries it
   */
  public String tokenFor(
      Requester requester,
      Region region,
      Regions.Gateway gateway,
      NhsNumber patient,
      X509Certificate certificate) {
    Region.Token demanded = demanded(region);
    Map<String, Object> said =
        claims.of(
            requester, demanded.audience(), gateway, patient, Thumbprints.x5tS256(certificate));
    if (demanded.use() != Region.Token.TokenUse.CONTEXT) {
      return sign(said, region);
    }
    Context context = new Context(region.id(), demanded.algorithm(), requester.issuer(), said);
    return contexts.get(context, missing -> sign(said, region));
  }

  private String sign(Map<String, Object> said, Region region) {
    SigningKey key =
        keys.key(demanded(region).algorithm())
            .orElseThrow(() -> new IllegalStateException(keys.lackFor(region)));
    long now = clock.instant().getEpochSecond();
    Map<String, Object> payload = new LinkedHashMap<>(said);
    payload.put("iat", now);
    payload.put("exp", now + LIFETIME.toSeconds());
    payload.put("jti", UUID.randomUUID().toString());
    JWSObject token =
        new JWSObject(Jose.header(demanded(region).algorithm(), key.keyId()), new Payload(payload));
    try {
      token.sign(key.signer());
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign for region `" + region.id() + "`", e);
    }
    return token.serialize();
  }

  private static Region.Token demanded(Region region) {
    return region.answers().orElseThrow().token();
  }
}
