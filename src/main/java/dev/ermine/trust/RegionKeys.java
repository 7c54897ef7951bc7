package dev.ermine.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.Asks;
import dev.ermine.region.Region.KeySet;
import dev.ermine.region.Region.KeySet.KeyUse;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys that one region's tokens may be signed with, by key id. A key that cannot be used is a
 * fault, and the others stand; but what cannot be read as revoked revokes all.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517">RFC 7517: JSON Web Key</a>
 */
final class RegionKeys {

  private final Algorithm algorithm;
  private final List<String> faults = new ArrayList<>();
  private final Set<String> revoked = new HashSet<>();
  private final Map<String, JWK> keys = new HashMap<>();
  private final Map<String, JWSVerifier> verifiers = new HashMap<>();

  private RegionKeys(Algorithm algorithm) {
    this.algorithm = algorithm;
  }

  static RegionKeys of(Asks asks) {
    RegionKeys read = new RegionKeys(asks.algorithm());
    boolean whole = true;
    for (KeySet set : asks.keys()) {
      boolean readable = read.add(set);
      whole = whole && (readable || set.use() != KeyUse.REVOKED);
    }
    // Revoked wins wherever else the key stands: an officer in a hurry adds a line and is done.
    read.keys.values().removeIf(read::isRevoked);
    if (whole) {
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
    revoked.add(thumbprint(key));
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
    return other == null || thumbprint(other).equals(thumbprint(key))
        ? Optional.empty()
        : Optional.of("has the `kid` of another key; give each its own");
  }

  /** By key id, and by the key itself should it come back under another id. */
  private boolean isRevoked(JWK key) {
    return revoked.contains(key.getKeyID()) || revoked.contains(thumbprint(key));
  }

  private static String thumbprint(JWK key) {
    try {
      return key.computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static JWSVerifier verifier(JWK key) {
    try {
      return Jose.verifier(key);
    } catch (JOSEException e) {
      throw new IllegalStateException("a key that fits its algorithm verifies", e);
    }
  }

  Optional<JWSVerifier> verifier(String keyId) {
    return Optional.ofNullable(verifiers.get(keyId));
  }

  /** What stands in the region's key files and cannot be used. */
  List<String> faults() {
    return List.copyOf(faults);
  }
}
