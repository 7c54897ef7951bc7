package dev.ermine.peer;

import dev.ermine.region.Region.Quota;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many exchanges a region may be given, over all event loops: a token bucket for each of its
 * quotas, which holds what one period of it allows.
 *
 * @see <a href="https://www.itu.int/rec/T-REC-I.371">ITU-T I.371: generic cell rate algorithm</a>
 */
final class Rate {

  private final List<Quota> quotas;
  private final List<Bucket> buckets;

  Rate(List<Quota> quotas) {
    this(quotas, System.nanoTime());
  }

  Rate(List<Quota> quotas, long now) {
    this.quotas = quotas;
    this.buckets = quotas.stream().map(quota -> new Bucket(quota, new AtomicLong(now))).toList();
  }

  /** Whether these are the quotas that it keeps. */
  boolean keeps(List<Quota> others) {
    return quotas.equals(others);
  }

  /** Takes one exchange, when every quota has one. */
  boolean take() {
    return take(System.nanoTime());
  }

  /** Takes one exchange; how long until there is one, where there is none. */
  Optional<Duration> refuses() {
    return refuses(System.nanoTime());
  }

  Optional<Duration> refuses(long now) {
    return take(now) ? Optional.empty() : Optional.of(untilNext(now));
  }

  private Duration untilNext(long now) {
    return Duration.ofNanos(
        buckets.stream().mapToLong(bucket -> bucket.untilNext(now)).max().orElse(0));
  }

  /**
   * Takes one that nobody asks for, when every quota keeps half of what it holds for those who do.
   */
  boolean takeSpare() {
    return take(System.nanoTime(), 2);
  }

  boolean take(long now) {
    return take(now, 1);
  }

  private boolean take(long now, int part) {
    for (int taken = 0; taken < buckets.size(); taken++) {
      if (!buckets.get(taken).take(now, part)) {
        buckets.subList(0, taken).forEach(Bucket::giveBack);
        return false;
      }
    }
    return true;
  }

  /**
   * One quota, kept as the time at which its bucket is full again.
   *
   * @param fullAt on the monotonic clock
   */
  private record Bucket(Quota quota, AtomicLong fullAt) {

    /**
     * @param part the part of what it holds that may be taken, as one by so many
     */
    private boolean take(long now, int part) {
      while (true) {
        long seen = fullAt.get();
        if (untilNext(seen, now, part) > 0) {
          return false;
        }
        if (fullAt.compareAndSet(seen, later(seen, now) + each())) {
          return true;
        }
      }
    }

    private long untilNext(long now) {
      return untilNext(fullAt.get(), now, 1);
    }

    private long untilNext(long seen, long now, int part) {
      return Math.max(0, later(seen, now) + each() - now - quota.per().toNanos() / part);
    }

    private static long later(long seen, long now) {
      return seen - now > 0 ? seen : now;
    }

    private void giveBack() {
      fullAt.addAndGet(-each());
    }

    private long each() {
      return quota.per().toNanos() / quota.exchanges();
    }
  }
}
