package dev.ermine.region;

import dev.ermine.region.Region.KeySet.KeyUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A key that a file declares: whose it is, and at what point of its life.
 *
 * @param owner a region's id, or who else has it
 * @param keyId its {@code kid}
 * @param thumbprint SHA-256, base64url, of the key itself, whatever it is called
 */
public record DeclaredKey(String owner, String keyId, String thumbprint, KeyUse use) {

  /** Those of all regions, in their order, each once. */
  public static List<DeclaredKey> of(Regions regions) {
    return regions.regions().stream().flatMap(region -> of(region).stream()).toList();
  }

  /** Those in the region's files, in their order, each once. */
  public static List<DeclaredKey> of(Region region) {
    Map<String, DeclaredKey> keys = new LinkedHashMap<>();
    region.asks().stream()
        .flatMap(asks -> asks.keys().stream())
        .flatMap(set -> of(region.id().value(), set).stream())
        .forEach(key -> keys.merge(key.keyId(), key, DeclaredKey::prevailing));
    return List.copyOf(keys.values());
  }

  private static List<DeclaredKey> of(String owner, Region.KeySet set) {
    List<DeclaredKey> keys = new ArrayList<>();
    for (Jwk key : PublicKeys.of(set)) {
      keys.add(new DeclaredKey(owner, key.kid(), key.thumbprint(), set.use()));
    }
    return keys;
  }

  /** That a key is revoked prevails. */
  private static DeclaredKey prevailing(DeclaredKey one, DeclaredKey other) {
    return other.use() == KeyUse.REVOKED ? other : one;
  }
}
