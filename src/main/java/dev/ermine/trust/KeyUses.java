package dev.ermine.trust;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.util.Optional;

/**
 * When each key last proved something here, so that officers see whether one can go. Keys are those
 * that have been found good, never what a token claims; what regions publish may change without
 * end, so that of very many the least used are forgotten.
 */
public final class KeyUses {

  /** The owner of the gateway's own keys. */
  public static final String GATEWAY = "gateway";

  private static final int MOST = 10_000;

  private record Key(String owner, String keyId) {}

  private final Cache<Key, Instant> last =
      Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();

  /**
   * Notes that a signature with the key was good, or was made.
   *
   * @param owner a region's id, or {@link #GATEWAY}
   */
  public void used(String owner, String keyId, Instant at) {
    last.put(new Key(owner, keyId), at);
  }

  /** When that was last, since this process began. */
  public Optional<Instant> lastUse(String owner, String keyId) {
    return Optional.ofNullable(last.getIfPresent(new Key(owner, keyId)));
  }
}
