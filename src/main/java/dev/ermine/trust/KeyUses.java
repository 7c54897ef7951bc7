package dev.ermine.trust;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When each key last proved something here, so that officers see whether one can go. Keys are those
 * that an officer or operator has declared, never what a token claims.
 */
public final class KeyUses {

  /** The owner of the gateway's own keys. */
  public static final String GATEWAY = "gateway";

  private record Key(String owner, String keyId) {}

  private final Map<Key, Instant> last = new ConcurrentHashMap<>();

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
    return Optional.ofNullable(last.get(new Key(owner, keyId)));
  }
}
