package dev.ermine.peer;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many exchanges a second a region may be given, over all event loops: a token bucket that
 * holds one second's worth, kept as the time at which it is full again.
 *
 * @see <a href="https://www.itu.int/rec/T-REC-I.371">ITU-T I.371: generic cell rate algorithm</a>
 */
final class Rate {

  private static final long SECOND = 1_000_000_000L;

  private final int perSecond;
  private final AtomicLong fullAt;

  Rate(int perSecond) {
    this(perSecond, System.nanoTime());
  }

  Rate(int perSecond, long now) {
    this.perSecond = perSecond;
    this.fullAt = new AtomicLong(now);
  }

  int perSecond() {
    return perSecond;
  }

  /** Takes one exchange, when there is one. */
  boolean take() {
    return take(System.nanoTime());
  }

  boolean take(long now) {
    while (true) {
      long seen = fullAt.get();
      long next = (seen - now > 0 ? seen : now) + SECOND / perSecond;
      if (next - now > SECOND) {
        return false;
      }
      if (fullAt.compareAndSet(seen, next)) {
        return true;
      }
    }
  }
}
