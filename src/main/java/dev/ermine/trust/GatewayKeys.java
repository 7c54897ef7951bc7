package dev.ermine.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.ermine.region.DeclaredKey;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.KeySet.KeyUse;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.SigningKeyFile.SigningKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The gateway's own signing keys, each at one point of its life: the active ones sign, one for each
 * algorithm; what active and retiring ones have signed is believed; those and the next ones are
 * published; a revoked one is nothing of this, wherever else it stands.
 */
public final class GatewayKeys {

  private final List<SigningKeyFile> files;
  private final String file;

  /** Every algorithm, in the order in which the gateway signs for itself. */
  private static final List<Algorithm> OWN =
      List.of(
          Algorithm.ES256,
          Algorithm.PS256,
          Algorithm.ES384,
          Algorithm.EDDSA,
          Algorithm.RS384,
          Algorithm.RS512);

  private final List<DeclaredKey> declared = new ArrayList<>();
  private final List<JWK> published = new ArrayList<>();
  private final Map<String, JWK> believed = new HashMap<>();
  private final Map<String, JWSVerifier> verifiers = new HashMap<>();
  private final Map<Algorithm, SigningKey> signing = new EnumMap<>(Algorithm.class);
  private final Set<Algorithm> lost = EnumSet.noneOf(Algorithm.class);
  private final Set<String> revoked = new HashSet<>();

  private GatewayKeys(List<SigningKeyFile> files) {
    this.files = List.copyOf(files);
    this.file = named(KeyUse.ACTIVE).findFirst().orElseThrow().name();
    named(KeyUse.REVOKED).forEach(this::revoke);
    Stream.of(KeyUse.ACTIVE, KeyUse.NEXT, KeyUse.RETIRING).flatMap(this::named).forEach(this::add);
  }

  private Stream<SigningKeyFile> named(KeyUse use) {
    return files.stream().filter(it -> it.use() == use);
  }

  /**
   * The keys of one file, all active.
   *
   * @throws IllegalArgumentException when it holds anything but signing keys
   */
  public static GatewayKeys read(Path file) {
    return of(List.of(SigningKeyFile.read(file, KeyUse.ACTIVE)));
  }

  /**
   * The keys of these files, one of which is of active keys.
   *
   * @throws IllegalArgumentException when a key or its {@code kid} stands in two of them, and
   *     neither is revoked
   */
  public static GatewayKeys of(List<SigningKeyFile> files) {
    checkStandOnce(files);
    return new GatewayKeys(files);
  }

  private static void checkStandOnce(List<SigningKeyFile> files) {
    Map<String, SigningKeyFile> owners = new HashMap<>();
    for (SigningKeyFile file : files) {
      if (file.use() != KeyUse.REVOKED) {
        for (JWK key : file.keys()) {
          checkStandsOnce("kid " + key.getKeyID(), "the `kid` of a key", file, owners);
          checkStandsOnce("key " + Jose.thumbprint(key), "a key", file, owners);
        }
      }
    }
  }

  private static void checkStandsOnce(
      String what, String called, SigningKeyFile file, Map<String, SigningKeyFile> owners) {
    SigningKeyFile other = owners.putIfAbsent(what, file);
    if (other != null && other.use() != file.use()) {
      throw new IllegalArgumentException(
          "signing keys `%s`: the file holds %s that stands in `%s`, too; leave it in one"
              .formatted(file.name(), called, other.name()));
    }
  }

  private void revoke(SigningKeyFile file) {
    for (JWK key : file.keys()) {
      declared.add(declared(key, KeyUse.REVOKED));
      revoked.add(key.getKeyID());
      revoked.add(Jose.thumbprint(key));
    }
  }

  private void add(SigningKeyFile file) {
    for (JWK key : file.keys()) {
      if (!isRevoked(key.getKeyID(), Jose.thumbprint(key))) {
        declared.add(declared(key, file.use()));
        published.add(key.toPublicJWK());
        if (file.use().verifies()) {
          believed.put(key.getKeyID(), key.toPublicJWK());
          verifiers.put(key.getKeyID(), verifier(key.toPublicJWK()));
        }
      }
    }
    if (file.use() == KeyUse.ACTIVE) {
      file.signing().forEach(this::sign);
    }
  }

  private void sign(SigningKey key) {
    if (isRevoked(key.keyId(), key.thumbprint())) {
      lost.addAll(key.serves());
    } else {
      key.serves().forEach(algorithm -> signing.putIfAbsent(algorithm, key));
    }
  }

  private boolean isRevoked(String keyId, String thumbprint) {
    return revoked.contains(keyId) || revoked.contains(thumbprint);
  }

  private static JWSVerifier verifier(JWK key) {
    try {
      return Jose.verifier(key);
    } catch (JOSEException e) {
      throw new IllegalStateException("a key that fits its algorithm verifies", e);
    }
  }

  /** Each key that a file declares, those revoked first. */
  public List<DeclaredKey> declared() {
    return List.copyOf(declared);
  }

  /** The key that signs with {@code algorithm}. */
  Optional<SigningKey> key(Algorithm algorithm) {
    return Optional.ofNullable(signing.get(algorithm));
  }

  /**
   * What the gateway signs for itself with: ES256, whose tokens are the shortest, or the next for
   * which it has a key.
   */
  Algorithm own() {
    return OWN.stream()
        .filter(signing::containsKey)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("every key in `" + file + "` is revoked"));
  }

  private static DeclaredKey declared(JWK key, KeyUse use) {
    return new DeclaredKey(KeyUses.GATEWAY, key.getKeyID(), Jose.thumbprint(key), use);
  }

  /** What verifies what the gateway itself has signed with the key of that id. */
  Optional<JWSVerifier> verifier(Algorithm algorithm, String keyId) {
    return Optional.ofNullable(believed.get(keyId))
        .filter(key -> Jose.fits(key, algorithm))
        .map(key -> verifiers.get(keyId));
  }

  /** Whether what that key has signed is believed still. */
  boolean believes(SigningKey key) {
    return Optional.ofNullable(believed.get(key.keyId()))
        .filter(it -> Jose.thumbprint(it).equals(key.thumbprint()))
        .isPresent();
  }

  /**
   * The regions, and demographics, that no key of ours can sign a token for, each with its path and
   * what to do.
   */
  public List<String> faults(Regions regions) {
    return unserved(regions).map(this::lackFor).toList();
  }

  /**
   * Those of the {@linkplain #faults faults} that nobody wanted: whoever revokes a key wants
   * nothing signed with it, whatever then fails.
   */
  public List<String> oversights(Regions regions) {
    return unserved(regions)
        .filter(region -> !lost.contains(demanded(region)))
        .map(this::lackFor)
        .toList();
  }

  private Stream<Region> unserved(Regions regions) {
    return regions.withDemographics().stream()
        .filter(region -> region.answers().isPresent())
        .filter(region -> key(demanded(region)).isEmpty());
  }

  private String lackFor(Region region) {
    return lackFor(region.id(), demanded(region));
  }

  String lackFor(RegionId region, Algorithm algorithm) {
    String at =
        region.equals(RegionId.DEMOGRAPHICS)
            ? "demographics.token"
            : "regions." + region + ".answers.token";
    return "%s.algorithm: no key in `%s` signs with `%s`; add one".formatted(at, file, algorithm);
  }

  private static Algorithm demanded(Region region) {
    return region.answers().orElseThrow().token().algorithm();
  }

  /** The public halves as a JWK Set, for {@code /.well-known/jwks.json}. */
  public String publicJwks() {
    return new JWKSet(published).toString();
  }

  /** Whether they are the same keys at the same points of their lives. */
  @Override
  public boolean equals(Object other) {
    return other instanceof GatewayKeys it && files.equals(it.files);
  }

  @Override
  public int hashCode() {
    return files.hashCode();
  }

  /** The file of active keys, never a key. */
  @Override
  public String toString() {
    return "GatewayKeys[" + file + "]";
  }
}
