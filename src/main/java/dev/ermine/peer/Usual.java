package dev.ermine.peer;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long a counterpart usually takes to answer a question: a running mean of those it answered
 * whole, each new one an eighth of it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6298#section-2">RFC 6298, 2: the smoothed
 *     round-trip time</a>
 */
final class Usual {

  private static final Duration LEAST = Duration.ofMillis(100);

  private final AtomicLong mean = new AtomicLong();

  /** It answered one, in that time. */
  void took(Duration time) {
    mean.updateAndGet(
        before -> before == 0 ? time.toNanos() : before + (time.toNanos() - before) / 8);
  }

  /** Twice what is usual: whoever takes longer is not well again. */
  Duration patience(Duration most) {
    Duration twice = Duration.ofNanos(2 * mean.get());
    Duration wanted = twice.compareTo(LEAST) > 0 ? twice : LEAST;
    return wanted.compareTo(most) < 0 ? wanted : most;
  }
}
