package dev.ermine.peer;

import dev.ermine.merge.document.OpenDocument.Ending;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** How many documents of one region are passed on now, over all event loops, and how many were. */
public final class Documents {

  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentMap<Ending, LongAdder> ended = new ConcurrentHashMap<>();

  /** Those that are asked for or passed on now. */
  public int open() {
    return open.get();
  }

  /** Those whose passing on has ended so. */
  public long ended(Ending ending) {
    return count(ending).sum();
  }

  private LongAdder count(Ending ending) {
    return ended.computeIfAbsent(ending, any -> new LongAdder());
  }

  /** Takes one of {@code most} places, where one is free. */
  boolean enter(int most) {
    if (open.incrementAndGet() <= most) {
      return true;
    }
    open.decrementAndGet();
    return false;
  }

  /** Gives a place back in which no document was passed on. */
  void leave() {
    open.decrementAndGet();
  }

  /** Gives a place back. */
  void leave(Ending ending) {
    count(ending).increment();
    leave();
  }
}
