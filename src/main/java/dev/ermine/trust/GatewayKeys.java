package dev.ermine.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Regions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The gateway's own signing keys, one for each algorithm that it can sign with.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-5">RFC 7517, 5: JWK Set</a>
 */
public final class GatewayKeys {

  private final String file;
  private final JWKSet keys;
  private final Map<Algorithm, SigningKey> byAlgorithm;

  /** A private key at work; it never shows itself. */
  record SigningKey(String keyId, JWSSigner signer) {
    @Override
    public String toString() {
      return "SigningKey";
    }
  }

  private GatewayKeys(String file, JWKSet keys, Map<Algorithm, SigningKey> byAlgorithm) {
    this.file = file;
    this.keys = keys;
    this.byAlgorithm = byAlgorithm;
  }

  /**
   * The keys of a file: a JWK Set of private EC keys (P-256, P-384) and RSA keys (2048 bits or
   * more). Where two serve one algorithm, the first one signs and the other is only published.
   *
   * @throws IllegalArgumentException when the file holds anything else; the message names it, and
   *     quotes nothing of it
   */
  public static GatewayKeys read(Path file) {
    String name = file.toString();
    List<JWK> keys = parse(name, text(file));
    Map<Algorithm, SigningKey> byAlgorithm = new EnumMap<>(Algorithm.class);
    for (JWK key : keys) {
      List<Algorithm> served = served(key);
      if (served.isEmpty() || !key.isPrivate()) {
        throw fault(name, "holds a key that is not a private EC P-256, EC P-384 or RSA key");
      }
      SigningKey signing = new SigningKey(key.getKeyID(), signer(name, key));
      served.forEach(algorithm -> byAlgorithm.putIfAbsent(algorithm, signing));
    }
    return new GatewayKeys(name, new JWKSet(keys), byAlgorithm);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("signing keys `" + file + "` cannot be read", e);
    }
  }

  private static List<JWK> parse(String file, String jwks) {
    List<JWK> keys;
    try {
      keys = JWKSet.parse(jwks).getKeys();
    } catch (ParseException e) {
      // Not the cause: it may quote a key.
      throw fault(file, "is not a JWK Set");
    }
    if (keys.isEmpty()) {
      throw fault(file, "holds no key");
    }
    long ids = keys.stream().map(JWK::getKeyID).filter(Objects::nonNull).distinct().count();
    if (ids != keys.size()) {
      throw fault(file, "needs a `kid` for each key, and a different one");
    }
    return keys;
  }

  private static List<Algorithm> served(JWK key) {
    return Stream.of(Algorithm.values()).filter(algorithm -> Jose.fits(key, algorithm)).toList();
  }

  private static JWSSigner signer(String file, JWK key) {
    try {
      return Jose.signer(key);
    } catch (JOSEException e) {
      // Not the cause: it may quote the key.
      throw fault(file, "holds a key that cannot sign");
    }
  }

  private static IllegalArgumentException fault(String file, String fault) {
    return new IllegalArgumentException(
        "signing keys `" + file + "`: the file " + fault + "; write a JWK Set of private keys");
  }

  /** The {@code kid} of each key. */
  public List<String> ids() {
    return keys.getKeys().stream().map(JWK::getKeyID).toList();
  }

  /** The key that signs with {@code algorithm}. */
  Optional<SigningKey> key(Algorithm algorithm) {
    return Optional.ofNullable(byAlgorithm.get(algorithm));
  }

  /** What the gateway signs for itself with: the first of these that it has a key for. */
  Algorithm own() {
    return byAlgorithm.keySet().stream().findFirst().orElseThrow();
  }

  /** What verifies what the gateway itself has signed with the key of that id. */
  Optional<JWSVerifier> verifier(Algorithm algorithm, String keyId) {
    return Optional.ofNullable(keys.getKeyByKeyId(keyId))
        .filter(key -> Jose.fits(key, algorithm))
        .map(GatewayKeys::verifier);
  }

  private static JWSVerifier verifier(JWK key) {
    try {
      return Jose.verifier(key.toPublicJWK());
    } catch (JOSEException e) {
      throw new IllegalStateException("a key that fits its algorithm verifies", e);
    }
  }

  /** The regions that no key of ours can sign a token for, each with its path and what to do. */
  public List<String> faults(Regions regions) {
    return regions.regions().stream()
        .filter(region -> region.answers().isPresent())
        .filter(region -> key(demanded(region)).isEmpty())
        .map(this::lackFor)
        .toList();
  }

  String lackFor(Region region) {
    return "regions.%s.answers.token.algorithm: no key in `%s` signs with `%s`; add one"
        .formatted(region.id(), file, demanded(region));
  }

  private static Algorithm demanded(Region region) {
    return region.answers().orElseThrow().token().algorithm();
  }

  /** The public halves as a JWK Set, for {@code /.well-known/jwks.json}. */
  public String publicJwks() {
    return keys.toPublicJWKSet().toString();
  }

  /** The file, never a key. */
  @Override
  public String toString() {
    return "GatewayKeys[" + file + "]";
  }
}
