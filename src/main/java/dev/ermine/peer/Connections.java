package dev.ermine.peer;

import java.util.concurrent.atomic.AtomicInteger;

/** How many connections to one region there are now, over all event loops. */
public final class Connections {

  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger inUse = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();

  /** Those that are there, in use or kept alive. */
  public int open() {
    return open.get();
  }

  /** Those that an exchange has. */
  public int inUse() {
    return inUse.get();
  }

  /** The exchanges that have none yet. */
  public int waiting() {
    return waiting.get();
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
