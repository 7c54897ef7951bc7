package dev.ermine.peer;

import dev.ermine.region.Region.Quota;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often a counterpart may be asked the same again, over all event loops: every twelve exchanges
 * earn it once, twenty such are saved up at most, and a new one has earned nothing yet. So retries
 * add less than a tenth to its load, however it fails.
 *
 * <p>A kept-alive connection that turns out to be stale is nobody's failure, and makes itself felt
 * after a quiet while, with those beside it. Ten retries are kept for that, and five in ten seconds
 * are never refused; they are paid for all the same, down to a debt of ten.
 *
 * @see <a href="https://sre.google/sre-book/handling-overload/#deciding-to-retry">Site Reliability
 *     Engineering: deciding to retry</a>
 */
final class RetryBudget {

  private static final int EXCHANGES = 12;
  private static final int KEPT = 10 * EXCHANGES;
  private static final int SAVED = 20 * EXCHANGES;

  private final AtomicInteger earned = new AtomicInteger();
  private final Rate stale;

  RetryBudget() {
    this(System.nanoTime());
  }

  RetryBudget(long now) {
    this.stale = new Rate(List.of(new Quota(5, Duration.ofSeconds(10))), now);
  }

  /** An exchange is made that is no retry. */
  void earn() {
    earned.updateAndGet(exchanges -> Math.min(exchanges + 1, SAVED));
  }

  /** Takes one retry, when it is earned beyond those kept. */
  boolean take() {
    return take(KEPT + EXCHANGES);
  }

  private boolean take(int least) {
    return earned.getAndUpdate(had -> had >= least ? had - EXCHANGES : had) >= least;
  }

  /** Takes one for a stale connection. */
  boolean takeForStale() {
    return takeForStale(System.nanoTime());
  }

  boolean takeForStale(long now) {
    if (!stale.take(now)) {
      return take(EXCHANGES);
    }
    earned.updateAndGet(had -> Math.max(had - EXCHANGES, -KEPT));
    return true;
  }
}
