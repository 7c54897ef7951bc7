package dev.ermine.peer;

import dev.ermine.region.Region.Quota;
import java.util.List;
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

  boolean take(long now) {
    for (int taken = 0; taken < buckets.size(); taken++) {
      if (!buckets.get(taken).take(now)) {
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

    private boolean take(long now) {
      while (true) {
        long seen = fullAt.get();
        long next = (seen - now > 0 ? seen : now) + each();
        if (next - now > quota.per().toNanos()) {
          return false;
        }
        if (fullAt.compareAndSet(seen, next)) {
          return true;
        }
      }
    }

    private void giveBack() {
      fullAt.addAndGet(-each());
    }

    private long each() {
      return quota.per().toNanos() / quota.exchanges();
    }
  }
}
