package dev.ermine.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * How service ends: for a while everyone is still served but sent away with the answer, then nobody
 * is let in any more, and it is over when all who are inside have left.
 */
public final class Drain {

  private static final int EVERYONE = Integer.MAX_VALUE;

  /** What lasts beside the query itself: its body, two audit records, the writing of its answer. */
  private static final Duration AROUND_A_QUERY = Body.DEADLINE.plusSeconds(5);

  private final Semaphore room = new Semaphore(EVERYONE);
  private volatile boolean begun;
  private volatile boolean closed;

  /** From now on each answer ends its connection, so that callers come back to another gateway. */
  public void begin() {
    begun = true;
  }

  /**
   * From now on nobody is let in. It waits for those who are inside as long as a request may last.
   *
   * @param query the longest that a query may take
   * @return whether all have left
   */
  public boolean finish(Duration query) throws InterruptedException {
    begin();
    closed = true;
    long patience = AROUND_A_QUERY.plus(query).toMillis();
    return room.tryAcquire(EVERYONE, patience, TimeUnit.MILLISECONDS);
  }

  /** Whether the gateway is on its way out. */
  public boolean hasBegun() {
    return begun;
  }

  /** Whether a request is let in. One that is must {@link #leave}. */
  boolean enter() {
    if (closed || !room.tryAcquire()) {
      return false;
    }
    // Looked at once more: whoever finds it open here is waited for.
    if (closed) {
      room.release();
      return false;
    }
    return true;
  }

  void leave() {
    room.release();
  }

  /**
   * What a request that was let in has done for it. That is waited for even when its caller has
   * gone and it has left; if all is over by then, nothing is begun.
   */
  <T> Optional<T> during(Supplier<T> work) {
    if (!room.tryAcquire()) {
      return Optional.empty();
    }
    try {
      return Optional.of(work.get());
    } finally {
      room.release();
    }
  }
}
