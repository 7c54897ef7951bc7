package dev.ermine.peer;

import dev.ermine.federation.Room;
import dev.ermine.merge.PeerAnswer.Miss;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one question may hold of what a region sends, over all its exchanges: as much as its request
 * has room for, and of bodies no more than four of the largest size allowed. So many types of so
 * many pages each must not add up to the heap.
 */
final class Allowance {

  private static final int BODIES = 4;

  private final long most;
  private final Room room;
  private final AtomicLong held = new AtomicLong();

  Allowance(int bytesPerBody, Room room) {
    this.most = (long) BODIES * bytesPerBody;
    this.room = room;
  }

  /** Takes {@code bytes} of a body; what stands against it, if anything does. */
  Optional<Miss> take(int bytes) {
    if (held.get() + bytes > most) {
      return Optional.of(Faults.TOO_LARGE);
    }
    return keep(bytes) ? Optional.empty() : Optional.of(Faults.NO_ROOM);
  }

  /**
   * Takes {@code bytes} of what has been read of bodies, where there are so many; on any thread.
   */
  boolean keep(long bytes) {
    long before = held.getAndAdd(bytes);
    if (room.take(bytes, before)) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  /** Gives back {@code bytes} of a body. */
  void giveBack(long bytes) {
    held.addAndGet(-bytes);
    room.giveBack(bytes);
  }
}
