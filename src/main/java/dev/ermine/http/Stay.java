package dev.ermine.http;

import dev.ermine.federation.Room;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request's stay inside: its room, and its place at the {@link Gate}. They are given back when
 * its answer has left, or its client has gone, and what is done for it has ended: a client that
 * goes away makes no room for another while its request is still worked on.
 */
final class Stay {

  private final Memory.Holding room;

  /** Its connection, until it has left, and each work that is done for it. */
  private final AtomicInteger holders = new AtomicInteger(1);

  private volatile Gate.@Nullable Place place;
  private volatile long since;

  Stay(Memory.Holding room) {
    this.room = room;
  }

  /** What others send for it is held there. */
  Room room() {
    return room;
  }

  /** It has a place, and is handed over to be worked on. */
  void takes(Gate.Place place) {
    this.place = place;
    this.since = System.nanoTime();
  }

  /** Does {@code work} for it; nothing is begun when its client has gone and it has left. */
  <T> Optional<T> during(Supplier<T> work) {
    if (holders.getAndUpdate(held -> held == 0 ? 0 : held + 1) == 0) {
      return Optional.empty();
    }
    try {
      tellOfWait();
      return Optional.of(work.get());
    } finally {
      leave();
    }
  }

  private void tellOfWait() {
    Gate.Place held = place;
    if (held != null) {
      held.handedOver(since);
    }
  }

  /**
   * Gives the place back before the end: what follows is a stream that takes no more of the
   * processors, and has bounds of its own.
   */
  void givePlaceBack() {
    Gate.Place held = place;
    if (held != null) {
      held.leave();
    }
  }

  /** One of those who hold it has ended. */
  void leave() {
    if (holders.decrementAndGet() == 0) {
      givePlaceBack();
      room.close();
    }
  }
}
