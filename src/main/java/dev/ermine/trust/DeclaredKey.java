package dev.ermine.trust;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.ermine.region.Region;
import dev.ermine.region.Region.KeySet;
import dev.ermine.region.Region.KeySet.KeyUse;
import dev.ermine.region.Regions;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A key that a file declares: whose it is, and at what point of its life.
 *
 * @param owner a region's id, or {@link KeyUses#GATEWAY}
 * @param keyId its {@code kid}
 */
public record DeclaredKey(String owner, String keyId, KeyUse use) {

  /** Those in the regions' files, in their order, each once. */
  public static List<DeclaredKey> of(Regions regions) {
    Map<List<String>, DeclaredKey> keys = new LinkedHashMap<>();
    regions.regions().stream()
        .flatMap(DeclaredKey::of)
        .forEach(
            key -> keys.merge(List.of(key.owner(), key.keyId()), key, DeclaredKey::prevailing));
    return List.copyOf(keys.values());
  }

  private static Stream<DeclaredKey> of(Region region) {
    return region.asks().stream()
        .flatMap(asks -> asks.keys().stream())
        .flatMap(set -> of(region.id().value(), set));
  }

  private static Stream<DeclaredKey> of(String owner, KeySet set) {
    try {
      return JWKSet.parse(set.jwks()).getKeys().stream()
          .map(JWK::getKeyID)
          .filter(Objects::nonNull)
          .map(keyId -> new DeclaredKey(owner, keyId, set.use()));
    } catch (ParseException e) {
      return Stream.empty(); // told as a fault where its tokens are verified
    }
  }

  /** That a key is revoked prevails. */
  private static DeclaredKey prevailing(DeclaredKey one, DeclaredKey other) {
    return other.use() == KeyUse.REVOKED ? other : one;
  }
}
