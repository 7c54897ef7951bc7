package dev.ermine.http;

import dev.ermine.federation.Room;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of this process that requests may hold what others send in: their own bodies, and what
 * regions answer.
 *
 * <p>A part is kept for what is small, so that large answers leave small ones alone. What is larger
 * may hold four times of what is free beyond that: one has nearly all of it, many have equal parts,
 * and each leaves something to the next.
 *
 * @see <a href="https://doi.org/10.1109/90.664262">Choudhury, Hahne: Dynamic queue length
 *     thresholds for shared-memory packet switches</a>
 */
public final class Memory {

  /** What holds less is small: a region's answer mostly is. */
  private static final long SMALL = 256 * 1024;

  /** The part of it that is kept for what is small. */
  private static final int KEPT = 12;

  private static final int TIMES_FREE = 4;

  private final long most;
  private final long kept;
  private final AtomicLong held = new AtomicLong();

  Memory(long most) {
    this.most = most;
    this.kept = most / KEPT;
  }

  /** How many bytes there are in all. */
  public long most() {
    return most;
  }

  /** How many of them are taken. */
  public long held() {
    return held.get();
  }

  /** Whether so little is left that who is inside needs it all. */
  boolean isCrowded() {
    return most - held.get() < kept / 2;
  }

  /** The room of one request. */
  Holding open() {
    return new Holding();
  }

  private boolean take(long bytes, long of) {
    long before;
    do {
      before = held.get();
      long free = most - before - bytes;
      boolean small = of + bytes < SMALL;
      if (small ? free < 0 : of + bytes > TIMES_FREE * (free - kept)) {
        return false;
      }
    } while (!held.compareAndSet(before, before + bytes));
    return true;
  }

  /** What one request holds, given back with its end. */
  final class Holding implements Room, AutoCloseable {

    private long mine;
    private boolean closed;

    /** Once it is closed nothing is taken any more, for nobody would give it back. */
    @Override
    public synchronized boolean take(long bytes, long of) {
      if (closed || !Memory.this.take(bytes, of)) {
        return false;
      }
      mine += bytes;
      return true;
    }

    @Override
    public synchronized void giveBack(long bytes) {
      if (!closed) {
        held.addAndGet(-bytes);
        mine -= bytes;
      }
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        held.addAndGet(-mine);
      }
    }
  }
}
