package dev.ermine.trust;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.Token.TokenUse;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.SigningKeyFile.SigningKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
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

  private static final Duration ASSERTION_LIFETIME = Duration.ofSeconds(60);

  /** A token shown again has at least so long to live. */
  private static final Duration LEAST_LEFT = Duration.ofMinutes(1);

  private static final int CONTEXTS = 100_000;

  private final Supplier<GatewayKeys> keys;
  private final PeerClaims claims;
  private final KeyUses uses;
  private final InstantSource clock;
  private final Cache<Context, Signed> contexts;

  /**
   * All that a token says but when and which it is, and how long there is. Two questions share one
   * only if all of it is the same, so that no change of trust, user, purpose or patient is
   * overlooked.
   */
  record Context(
      RegionId region,
      Region.Token demanded,
      boolean toGateway,
      String origin,
      Map<String, Object> claims) {

    /** The same, to be signed now and for one question: a gateway hears how long there is. */
    Context within(Supplier<Duration> left) {
      if (!toGateway) {
        return this;
      }
      Map<String, Object> timed = new LinkedHashMap<>(claims);
      timed.put("time_left", Math.max(1, left.get().toMillis()));
      return new Context(region, demanded, toGateway, origin, timed);
    }

    /** Never the claims. */
    @Override
    public String toString() {
      return "Context[" + region + "]";
    }
  }

  /** A token, and the key that signed it. */
  private record Signed(String token, SigningKey key) {
    /** Never the token. */
    @Override
    public String toString() {
      return "Signed[" + key.keyId() + "]";
    }
  }

  /**
   * Tokens signed with the keys in force when they are asked for.
   *
   * @param baseUrl the gateway's base URL, {@code iss}
   * @param uses told of each signature
   */
  public PeerTokens(Supplier<GatewayKeys> keys, String baseUrl, KeyUses uses, InstantSource clock) {
    this.keys = keys;
    this.claims = new PeerClaims(baseUrl);
    this.uses = uses;
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
   * @param left how long there still is, whenever it is asked
   */
  public Supplier<String> forQuery(
      Requester requester,
      Region region,
      Regions.Gateway gateway,
      NhsNumber patient,
      X509Certificate certificate,
      Supplier<Duration> left) {
    Supplier<String> next = () -> tokenFor(requester, region, gateway, patient, certificate, left);
    return switch (demanded(region).use()) {
      case REQUEST, CONTEXT -> next;
      case QUERY -> {
        String token = next.get();
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
   * @param left how long there still is
   */
  public String tokenFor(
      Requester requester,
      Region region,
      Regions.Gateway gateway,
      NhsNumber patient,
      X509Certificate certificate,
      Supplier<Duration> left) {
    Context context = context(requester, region, gateway, patient, certificate);
    return context.demanded().use() == TokenUse.CONTEXT
        ? shared(context).token()
        : sign(context.within(left), LIFETIME).token();
  }

  /** One that has been shown before, unless its key has been revoked since. */
  private Signed shared(Context context) {
    Signed held = contexts.get(context, missing -> sign(missing, LIFETIME));
    if (keys.get().believes(held.key())) {
      return held;
    }
    Signed successor = sign(context, LIFETIME);
    contexts.put(context, successor);
    return successor;
  }

  /** What is to be said to the region, as itself or to its token endpoint. */
  Context context(
      Requester requester,
      Region region,
      Regions.Gateway gateway,
      NhsNumber patient,
      X509Certificate certificate) {
    Region.Answers answers = region.answers().orElseThrow();
    Region.Token demanded = answers.token();
    Map<String, Object> said =
        claims.of(requester, answers, gateway, patient, Thumbprints.x5tS256(certificate));
    demanded.endpoint().ifPresent(endpoint -> nameClient(said, endpoint));
    return new Context(
        region.id(), demanded, answers.gateway().isPresent(), requester.issuer(), said);
  }

  private static void nameClient(Map<String, Object> said, Region.Token.Endpoint endpoint) {
    said.put("iss", endpoint.clientId());
    said.put("sub", endpoint.clientId());
  }

  /**
   * A new client assertion for the region's token endpoint.
   *
   * @see <a
   *     href="https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html#authenticating-to-the-token-endpoint">SMART
   *     App Launch: authenticating to the token endpoint</a>
   */
  String assertion(Context context) {
    return sign(context, ASSERTION_LIFETIME).token();
  }

  private Signed sign(Context context, Duration lifetime) {
    Algorithm algorithm = context.demanded().algorithm();
    SigningKey key = key(context.region(), algorithm);
    Instant now = clock.instant();
    Map<String, Object> payload = new LinkedHashMap<>(context.claims());
    payload.put("iat", now.getEpochSecond());
    payload.put("exp", now.plus(lifetime).getEpochSecond());
    payload.put("jti", UUID.randomUUID().toString());
    JWSObject token = new JWSObject(Jose.header(algorithm, key.keyId()), new Payload(payload));
    try {
      token.sign(key.signer());
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign for region `" + context.region() + "`", e);
    }
    uses.used(KeyUses.GATEWAY, key.keyId(), now);
    return new Signed(token.serialize(), key);
  }

  private SigningKey key(RegionId region, Algorithm algorithm) {
    GatewayKeys now = keys.get();
    return now.key(algorithm)
        .orElseThrow(() -> new IllegalStateException(now.lackFor(region, algorithm)));
  }

  private static Region.Token demanded(Region region) {
    return region.answers().orElseThrow().token();
  }
}
