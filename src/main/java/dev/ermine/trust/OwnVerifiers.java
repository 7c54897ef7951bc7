package dev.ermine.trust;

import com.nimbusds.jose.JWSVerifier;
import dev.ermine.region.Region.Algorithm;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What verifies the gateway's own signatures by its live keys, made once for each key. */
final class OwnVerifiers {

  private final Supplier<GatewayKeys> live;
  private final AtomicReference<@Nullable Version> last = new AtomicReference<>();

  OwnVerifiers(Supplier<GatewayKeys> live) {
    this.live = live;
  }

  private record Key(Algorithm algorithm, String id) {}

  /** One version of the keys, and those of them that have been asked for. */
  private record Version(GatewayKeys keys, Map<Key, JWSVerifier> made) {

    Optional<JWSVerifier> verifier(Key key) {
      JWSVerifier verifier = made.get(key);
      if (verifier != null) {
        return Optional.of(verifier);
      }
      // Ids that strangers make up find no key, so they are not kept.
      Optional<JWSVerifier> fresh = keys.verifier(key.algorithm, key.id);
      fresh.ifPresent(one -> made.put(key, one));
      return fresh;
    }
  }

  Optional<JWSVerifier> of(Algorithm algorithm, String keyId) {
    return version().verifier(new Key(algorithm, keyId));
  }

  @SuppressWarnings("ReferenceEquality") // which version it is, not what it says
  private Version version() {
    GatewayKeys now = live.get();
    Version version = last.get();
    if (version == null || version.keys != now) {
      version = new Version(now, new ConcurrentHashMap<>());
      last.set(version);
    }
    return version;
  }
}
