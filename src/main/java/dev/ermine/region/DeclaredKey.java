package dev.ermine.region;

import java.util.ArrayList;
import java.util.List;

/**
 * A verification key that a region's declaration holds, as officers tell it from others.
 *
 * @param thumbprint SHA-256, base64url, of the key itself, whatever it is called
 */
public record DeclaredKey(String kid, String thumbprint, Region.KeySet.KeyUse use) {

  /** The keys of the files that it names, in their order. */
  public static List<DeclaredKey> of(Region.Asks asks) {
    List<DeclaredKey> keys = new ArrayList<>();
    for (Region.KeySet set : asks.keys()) {
      for (Jwk key : PublicKeys.of(set)) {
        keys.add(new DeclaredKey(key.kid(), key.thumbprint(), set.use()));
      }
    }
    return keys;
  }
}
