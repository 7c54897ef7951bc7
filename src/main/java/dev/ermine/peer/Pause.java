package dev.ermine.peer;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** For how long a counterpart has asked not to be asked, on the monotonic clock. */
final class Pause {

  private final AtomicLong end;

  Pause() {
    this(System.nanoTime());
  }

  Pause(long now) {
    this.end = new AtomicLong(now);
  }

  /** It is not asked for so long; a longer pause that it is in stays. */
  void of(Duration wait) {
    of(wait, System.nanoTime());
  }

  void of(Duration wait, long now) {
    long wanted = now + wait.toNanos();
    end.updateAndGet(seen -> seen - wanted > 0 ? seen : wanted);
  }

  /** What is left of it; empty when it is over. */
  Optional<Duration> left() {
    return left(System.nanoTime());
  }

  Optional<Duration> left(long now) {
    return Optional.of(Duration.ofNanos(end.get() - now)).filter(Duration::isPositive);
  }
}
