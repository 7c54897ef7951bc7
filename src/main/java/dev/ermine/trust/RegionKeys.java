package dev.ermine.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.Asks;
import dev.ermine.region.Region.KeySet;
import dev.ermine.region.Region.KeySet.KeyUse;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The keys that one region's tokens may be signed with, by key id: those in its files, and those
 * that it publishes. A key that cannot be used is a fault, and the others stand; but what cannot be
 * read as revoked revokes all.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517">RFC 7517: JSON Web Key</a>
 */
final class RegionKeys {

  /** What a region publishes, as far as it is not in its files: a key by its id. */
  @FunctionalInterface
  interface Elsewhere {
    Optional<PublishedSet.Key> key(String keyId);
  }

  private final Algorithm algorithm;
  private final Elsewhere elsewhere;
  private final List<String> faults = new ArrayList<>();
  private final Set<String> revoked = new HashSet<>();
  private final Set<String> declared = new HashSet<>();
  private final Map<String, JWK> keys = new HashMap<>();
  private final Map<String, JWSVerifier> verifiers = new HashMap<>();
  private boolean whole = true;

  private RegionKeys(Algorithm algorithm, Elsewhere elsewhere) {
    this.algorithm = algorithm;
    this.elsewhere = elsewhere;
  }

  /** Which region has declared a key, whatever for, by its thumbprint. */
  static Map<String, RegionId> owners(Regions regions) {
    Map<String, RegionId> owners = new HashMap<>();
    for (Region region : regions.regions()) {
      region.asks().stream()
          .flatMap(asks -> asks.keys().stream())
          .flatMap(set -> parse(set.jwks()).stream())
          .forEach(key -> owners.put(Jose.thumbprint(key), region.id()));
    }
    return owners;
  }

  static RegionKeys of(Asks asks, Elsewhere elsewhere) {
    RegionKeys read = new RegionKeys(asks.algorithm(), elsewhere);
    for (KeySet set : asks.keys()) {
      boolean readable = read.add(set);
      read.whole = read.whole && (readable || set.use() != KeyUse.REVOKED);
    }
    // Revoked wins wherever else the key stands: an officer in a hurry adds a line and is done.
    read.keys.values().removeIf(read::isRevoked);
    if (read.whole) {
      read.keys.forEach((keyId, key) -> read.verifiers.put(keyId, verifier(key)));
    }
    return read;
  }

  /** Takes the keys of a file; false when it holds none. */
  private boolean add(KeySet set) {
    List<JWK> found = parse(set.jwks());
    if (found.isEmpty()) {
      faults.add("`" + set.file() + "` is no JWK Set with a key in it");
    }
    for (JWK key : found) {
      declared.add(Objects.requireNonNullElse(key.getKeyID(), ""));
      if (set.use() == KeyUse.REVOKED) {
        revoke(key);
      } else {
        int place = found.indexOf(key) + 1;
        fault(key)
            .or(() -> set.use().verifies() ? hold(key) : Optional.empty())
            .ifPresent(fault -> faults.add("`" + set.file() + "`, key " + place + " " + fault));
      }
    }
    return !found.isEmpty();
  }

  private static List<JWK> parse(String jwks) {
    try {
      return JWKSet.parse(jwks).getKeys();
    } catch (ParseException e) {
      // The caller tells the file's name; what the exception says may quote a key.
      return List.of();
    }
  }

  private void revoke(JWK key) {
    revoked.add(Jose.thumbprint(key));
    if (key.getKeyID() != null) {
      revoked.add(key.getKeyID());
    }
  }

  private Optional<String> fault(JWK key) {
    if (key.isPrivate()) {
      return Optional.of("is private; have the pair replaced, and take the public key alone");
    }
    if (key.getKeyID() == null) {
      return Optional.of("has no `kid`; tokens name their key by it");
    }
    if (!Jose.fits(key, algorithm)) {
      return Optional.of("does not fit `" + algorithm + "`, the region's algorithm");
    }
    return Optional.empty();
  }

  /** Holds a key under its id; a fault when the id is another key's, which then stands alone. */
  private Optional<String> hold(JWK key) {
    JWK other = keys.putIfAbsent(key.getKeyID(), key);
    return other == null || Jose.thumbprint(other).equals(Jose.thumbprint(key))
        ? Optional.empty()
        : Optional.of("has the `kid` of another key; give each its own");
  }

  private boolean isRevoked(JWK key) {
    return isRevoked(key.getKeyID(), Jose.thumbprint(key));
  }

  /** By key id, and by the key itself should it come back under another id. */
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

  /** To be asked on a thread that may wait: what is published may have to be fetched. */
  Optional<JWSVerifier> verifier(String keyId) {
    return Optional.ofNullable(verifiers.get(keyId)).or(() -> published(keyId));
  }

  /** What an officer has said of a key counts, and not what the region publishes. */
  private Optional<JWSVerifier> published(String keyId) {
    if (!whole || declared.contains(keyId)) {
      return Optional.empty();
    }
    return elsewhere
        .key(keyId)
        .filter(key -> !isRevoked(keyId, key.thumbprint()))
        .map(PublishedSet.Key::verifier);
  }

  /** What stands in the region's key files and cannot be used. */
  List<String> faults() {
    return List.copyOf(faults);
  }
}
