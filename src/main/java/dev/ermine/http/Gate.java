package dev.ermine.http;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * How many requests are inside at once, and whose. Each asker that has asked within the last second
 * has an equal share of the places.
 *
 * <ul>
 *   <li>Nobody goes in beyond the limit, or while there is no memory for what regions send.
 *   <li>Below its share an asker goes in while there is a place.
 *   <li>Above it, while more than a quarter of the places are free: these are kept for the others.
 * </ul>
 *
 * So one asker alone may have all places. One that is below its share is refused only when others
 * below theirs have taken that quarter since, and it is free again when what is inside has ended.
 */
public final class Gate {

  /** For officers, beside the limit: they look at trust while everybody asks. */
  private static final int OFFICERS = 8;

  /** Of the limit, at most, for all strangers. */
  private static final int STRANGERS = 16;

  /**
   * A processor, before it is known what it can do: a flood at the start would otherwise be let in
   * whole, and regions would be given up that nobody had time to hear.
   */
  private static final int FIRST = 64;

  private static final long RECENTLY = 1_000_000_000L;

  private final Capacity capacity;
  private final Memory memory;
  private final Executor works;
  private final LongSupplier nanos;
  private final Map<Whose, Asker> askers = new HashMap<>();
  private int inside;

  /** What is known of one asker. */
  private static final class Asker {
    private int inside;
    private long lastAsked;
  }

  /**
   * @param most requests inside at once, however well it goes
   * @param bytes of what others send, held for all of them, at most
   * @param works where most of the work for a request is done: how soon it is begun there tells
   *     whether there is too much of it
   */
  public Gate(int most, long bytes, Executor works) {
    this(capacity(most), new Memory(bytes), works, System::nanoTime);
  }

  Gate(Capacity capacity, Memory memory, Executor works, LongSupplier nanos) {
    this.capacity = capacity;
    this.memory = memory;
    this.works = works;
    this.nanos = nanos;
  }

  private static Capacity capacity(int most) {
    int first = FIRST * Runtime.getRuntime().availableProcessors();
    return new Capacity(Math.min(first, most), most, System.nanoTime());
  }

  /** The places that there are just now. */
  public int limit() {
    return capacity.limit();
  }

  /** How many are inside, officers apart. */
  public synchronized int inside() {
    return inside;
  }

  /** Where what others send is held. */
  public Memory memory() {
    return memory;
  }

  /** A place for a request of {@code whose}, where there is one. It never waits. */
  synchronized Optional<Place> enter(Whose whose) {
    long now = nanos.getAsLong();
    Asker asker = askers.computeIfAbsent(whose, any -> new Asker());
    asker.lastAsked = now;
    if (!admits(whose, asker, now)) {
      return Optional.empty();
    }
    count(whose, asker, 1);
    return Optional.of(new Place(whose, asker));
  }

  private boolean admits(Whose whose, Asker asker, long now) {
    int limit = capacity.limit();
    boolean free = inside < limit && !memory.isCrowded();
    return switch (whose.kind()) {
      case OFFICER -> asker.inside < OFFICERS;
      case STRANGER -> free && asker.inside < Math.max(1, limit / STRANGERS);
      case REGION -> free && (asker.inside < share(limit, now) || inside < limit - limit / 4);
    };
  }

  /** Rounded up, so that each may have one place at least. */
  private int share(int limit, long now) {
    int active = 0;
    for (Map.Entry<Whose, Asker> each : askers.entrySet()) {
      Asker asker = each.getValue();
      boolean asks = asker.inside > 0 || now - asker.lastAsked <= RECENTLY;
      active += asks && each.getKey().kind() == Whose.Kind.REGION ? 1 : 0;
    }
    return Math.ceilDiv(limit, active);
  }

  private void count(Whose whose, Asker asker, int one) {
    asker.inside += one;
    inside += whose.kind() == Whose.Kind.OFFICER ? 0 : one;
  }

  private synchronized void leave(Place place) {
    count(place.whose, place.asker, -1);
  }

  /** A place inside, which is given back once. */
  final class Place {

    private final Whose whose;
    private final Asker asker;
    private final AtomicBoolean left = new AtomicBoolean();

    private Place(Whose whose, Asker asker) {
      this.whose = whose;
      this.asker = asker;
    }

    /** Gives it back, if it has not been. */
    void leave() {
      if (left.compareAndSet(false, true)) {
        Gate.this.leave(this);
      }
    }

    /**
     * Its request has its own thread: what is seen is how long it takes from when it was handed
     * over until its work is begun.
     */
    void handedOver(long since) {
      works.execute(
          () -> {
            long now = nanos.getAsLong();
            capacity.waited(now - since, inside(), now);
          });
    }
  }
}
