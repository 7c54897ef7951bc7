package dev.ermine.trust;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The one-use tokens that this process has accepted and that could still be shown again. When it is
 * full it admits no more: it never forgets one that lives.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7519#section-4.1.7">RFC 7519, 4.1.7: {@code
 *     jti}</a>
 */
public final class ReplayCache {

  /** Tokens of five minutes at some 3,000 a second; about 150 MB when full. */
  public static final int CAPACITY = 1_000_000;

  /** What came of showing a token. */
  public enum Outcome {
    FIRST_USE,
    REPLAYED,
    FULL
  }

  private record Key(String issuer, String id) {}

  private final Cache<Key, Instant> seen;
  private final int capacity;

  public ReplayCache(InstantSource clock) {
    this(clock, CAPACITY);
  }

  public ReplayCache(InstantSource clock, int capacity) {
    this.capacity = capacity;
    // No maximum size: the cache would make room by forgetting.
    this.seen =
        Caffeine.newBuilder()
            .ticker(new WallTicker(clock))
            .expireAfter(
                Expiry.<Key, Instant>creating(
                    (key, until) -> Duration.between(clock.instant(), until)))
            .executor(Runnable::run)
            .build();
  }

  /**
   * Records the use of a token, and says whether it was the first; of two callers with one token,
   * one is first.
   *
   * @param id {@code jti}, unique for its issuer
   * @param until when the token is refused for its age in any case
   */
  public Outcome use(String issuer, String id, Instant until) {
    Key key = new Key(issuer, id);
    if (isFull()) {
      return seen.asMap().containsKey(key) ? Outcome.REPLAYED : Outcome.FULL;
    }
    boolean first = seen.asMap().putIfAbsent(key, until) == null;
    return first ? Outcome.FIRST_USE : Outcome.REPLAYED;
  }

  private boolean isFull() {
    if (seen.estimatedSize() < capacity) {
      return false;
    }
    seen.cleanUp();
    return seen.estimatedSize() >= capacity;
  }
}
