package dev.ermine.peer;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How many connections to one region there are, over all event loops. */
public final class Connections {

  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger inUse = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong warm = new AtomicLong();
  private final AtomicLong cold = new AtomicLong();

  /** Those that are there now, in use or kept alive. */
  public int open() {
    return open.get();
  }

  /** Those that an exchange has: over HTTP/2 an exchange has a stream of one. */
  public int inUse() {
    return inUse.get();
  }

  /** The exchanges that have none yet. */
  public int waiting() {
    return waiting.get();
  }

  /** Those that were to be opened before anything was asked, and were. */
  public long warm() {
    return warm.get();
  }

  /** Those that were to be, and could not. */
  public long cold() {
    return cold.get();
  }

  void warmed(boolean opened) {
    (opened ? warm : cold).incrementAndGet();
  }

  void opened() {
    open.incrementAndGet();
  }

  void closed() {
    open.decrementAndGet();
  }

  void awaited() {
    waiting.incrementAndGet();
  }

  void awaitedNoMore() {
    waiting.decrementAndGet();
  }

  void taken() {
    inUse.incrementAndGet();
  }

  void givenBack() {
    inUse.decrementAndGet();
  }
}
