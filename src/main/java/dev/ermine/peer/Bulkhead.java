package dev.ermine.peer;

import java.util.concurrent.Semaphore;

/**
 * How many questions may be under way with one counterpart at once. Who finds no place is told so
 * and does not wait: a queue would hide that the region is slow until every budget is spent.
 *
 * <p>A semaphore, since the guard's own bulkhead cannot be without a queue and gives a place back
 * only with a stage that completes.
 */
final class Bulkhead {

  private final int size;
  private final Semaphore places;

  Bulkhead(int size) {
    this.size = size;
    this.places = new Semaphore(size);
  }

  /** Whether it has so many places. */
  boolean has(int queries) {
    return size == queries;
  }

  /** Takes a place, when there is one. */
  boolean enter() {
    return places.tryAcquire();
  }

  /** Gives a place back. */
  void leave() {
    places.release();
  }
}
