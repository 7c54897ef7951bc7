package dev.ermine.http;

import com.netflix.concurrency.limits.limit.AIMDLimit;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How many requests this process bears at once. What tells is how long a request waits to be worked
 * on: from the event loop that has read it to its own thread and on to one that asks regions, which
 * is long when carriers or loops have more to do than they can. How long its regions take has no
 * part in it, so a slow region never makes it smaller.
 *
 * @see <a href="https://github.com/Netflix/concurrency-limits">Netflix: concurrency limits</a>
 */
final class Capacity {

  /** Fewer would leave the processors idle while regions are waited for. */
  private static final int LEAST = 16;

  private static final double BACK_OFF = 0.9;
  private static final Duration WAIT = Duration.ofMillis(25);

  /** It moves one step in such a time: a machine that has stood still once has lost one step. */
  private static final Duration WINDOW = Duration.ofMillis(100);

  /** Fewer samples are no window; of more, the last ones count. */
  private static final int FEWEST = 10;

  private final long[] waits = new long[64];
  private final AIMDLimit limit;
  private int samples;
  private int mostInside;
  private long began;

  /** As many as there may be, until it shows that they are too many. */
  Capacity(int most, long now) {
    this(most, most, now);
  }

  /**
   * So many at first, and more or fewer as it shows.
   *
   * @param most requests at once, whatever the signal says
   */
  Capacity(int first, int most, long now) {
    limit =
        AIMDLimit.newBuilder()
            .initialLimit(first)
            .maxLimit(most)
            .minLimit(Math.min(LEAST, most))
            .backoffRatio(BACK_OFF)
            .timeout(WAIT.toNanos(), TimeUnit.NANOSECONDS)
            .build();
    began = now;
  }

  int limit() {
    return limit.getLimit();
  }

  /**
   * A request has waited to be worked on.
   *
   * @param inside how many are inside with it
   */
  synchronized void waited(long nanos, int inside, long now) {
    waits[samples++ % waits.length] = nanos;
    mostInside = Math.max(mostInside, inside);
    if (now - began >= WINDOW.toNanos() && samples >= FEWEST) {
      limit.onSample(began, median(), mostInside, false);
      samples = 0;
      mostInside = 0;
      began = now;
    }
  }

  private long median() {
    long[] sorted = Arrays.copyOf(waits, Math.min(samples, waits.length));
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
