package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.RegionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who goes in, by a clock that the test sets. */
@Timeout(60)
class GateTest {

  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;
  private static final int LIMIT = 64;
  private static final Whose HWE = region("hwe");
  private static final Whose LONDON = region("london");

  private long now;
  private final Memory memory = new Memory(10_000_000);
  private final Gate gate = new Gate(new Capacity(LIMIT, 0), memory, Runnable::run, () -> now);

  @Test
  void letsInNoMoreAtFirstThanProcessorsMayBear() {
    int processors = Runtime.getRuntime().availableProcessors();
    assertThat(new Gate(100_000, 1_000, Runnable::run).limit()).isEqualTo(64 * processors);
    assertThat(new Gate(3, 1_000, Runnable::run).limit()).isEqualTo(3);
  }

  @Test
  void letsOneAskerHaveAllPlaces() {
    assertThat(enter(HWE, 100)).hasSize(LIMIT);
    assertThat(gate.inside()).isEqualTo(LIMIT);
  }

  @Test
  void takesAPlaceBackOnce() {
    List<Gate.Place> places = enter(HWE, LIMIT);
    IntStream.range(0, 3).forEach(_ -> places.getFirst().leave());
    assertThat(gate.inside()).isEqualTo(LIMIT - 1);
    assertThat(enter(HWE, 2)).hasSize(1);
  }

  @Test
  void keepsAQuarterForTheOthersOnceThereAreOthers() {
    enter(LONDON, 1);
    assertThat(enter(HWE, 100)).hasSize(LIMIT * 3 / 4 - 1);
    assertThat(enter(LONDON, 100)).hasSize(LIMIT / 4);
  }

  @Test
  void forgetsWhoHasNotAskedForASecond() {
    enter(LONDON, 1).getFirst().leave();
    now += SECOND + 1;
    assertThat(enter(HWE, 100)).hasSize(LIMIT);
  }

  @Test
  void remembersWhoIsInside() {
    enter(LONDON, 1);
    now += 60 * SECOND;
    assertThat(enter(HWE, 100)).hasSize(LIMIT * 3 / 4 - 1);
  }

  @Test
  void neverLocksOfficersOut() {
    enter(HWE, LIMIT);
    assertThat(enter(Whose.OFFICERS, 100)).hasSize(8);
    assertThat(gate.inside()).isEqualTo(LIMIT);
  }

  @Test
  void hasFewPlacesForStrangers() {
    assertThat(enter(Whose.STRANGERS, 100)).hasSize(LIMIT / 16);
    assertThat(enter(HWE, 100)).as("as if alone").hasSize(LIMIT - LIMIT / 16);
  }

  @Test
  void letsNobodyInWhereThereIsNoMemory() {
    Memory.Holding holding = memory.open();
    assertThat(IntStream.range(0, 98).filter(_ -> holding.take(100_000, 0)).count()).isEqualTo(98);
    assertThat(enter(HWE, 1)).isEmpty();
    holding.close();
    assertThat(enter(HWE, 1)).hasSize(1);
  }

  @Test
  void givesEachOfManyOnePlaceAtLeast() {
    Gate narrow = new Gate(new Capacity(4, 0), memory, Runnable::run, () -> now);
    for (int i = 0; i < 4; i++) {
      assertThat(narrow.enter(region("r" + i))).isPresent();
    }
    assertThat(narrow.enter(region("r9"))).isEmpty();
  }

  /** What happened at one moment. */
  private record Knock(long at, Whose whose, boolean below, boolean in) {}

  /**
   * The laws of the share, over arrivals of up to eight askers, some of them ten times as many as
   * the others, in bursts, each inside for up to a second.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8})
  void keepsTheLawsOfTheShare(int askers) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    PriorityQueue<Leaving> leaving = new PriorityQueue<>();
    Map<Whose, Integer> inside = new HashMap<>();
    Deque<Knock> lately = new ArrayDeque<>();
    for (int i = 0; i < 20_000; i++) {
      now += random.nextLong(random.nextInt(50) == 0 ? SECOND : 3 * MILLI);
      leave(leaving, inside);
      Whose whose = region("r" + (random.nextInt(3) == 0 ? random.nextInt(askers) : 0));
      int active =
          (int) Math.max(1, inside.keySet().stream().filter(it -> !it.equals(whose)).count() + 1);
      boolean surelyBelow = inside.getOrDefault(whose, 0) < LIMIT / Math.max(active, askers);
      boolean surelyAbove = inside.getOrDefault(whose, 0) >= Math.ceilDiv(LIMIT, active);
      int before = gate.inside();
      Optional<Gate.Place> place = gate.enter(whose);
      place.ifPresent(
          it -> {
            inside.merge(whose, 1, Integer::sum);
            leaving.add(new Leaving(now + random.nextLong(SECOND), whose, it));
          });
      String what = "seed %d, step %d".formatted(seed, i);
      lately.add(new Knock(now, whose, surelyBelow, place.isPresent()));
      while (lately.getFirst().at() < now - SECOND) {
        lately.removeFirst();
      }
      assertThat(gate.inside()).as(what).isEqualTo(leaving.size()).isLessThanOrEqualTo(LIMIT);
      if (place.isPresent() && surelyAbove) {
        assertThat(before).as("above its share, %s", what).isLessThan(LIMIT * 3 / 4);
      }
      if (place.isEmpty()) {
        assertThat(before).as(what).isGreaterThanOrEqualTo(LIMIT * 3 / 4);
        assertThat(surelyBelow && before < LIMIT).as("below its share, %s", what).isFalse();
      }
      if (place.isEmpty() && surelyBelow) {
        assertThat(lately.stream().filter(Knock::in).count())
            .as("places that were taken since those inside came, %s", what)
            .isGreaterThanOrEqualTo(LIMIT / 4);
      }
    }
    now += 2 * SECOND;
    leave(leaving, inside);
    assertThat(gate.inside()).as("seed %d", seed).isZero();
  }

  /** London asks ten times what its share is; HWE less than its own, and evenly. */
  @Test
  void costsTheOthersNothingThatOneAsksTenTimesItsShare() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    PriorityQueue<Leaving> leaving = new PriorityQueue<>();
    Map<Whose, Integer> inside = new HashMap<>();
    int refused = 0;
    int greedy = 0;
    for (int i = 0; i < 50_000; i++) {
      now += MILLI;
      leave(leaving, inside);
      // Inside for 300 ms: 640 of London at once, had it its way, and 15 of HWE.
      for (int k = 0; k < 2; k++) {
        greedy += enterFor(LONDON, 250 + random.nextInt(100), leaving, inside) ? 0 : 1;
      }
      if (i % 20 == 0) {
        refused += enterFor(HWE, 250 + random.nextInt(100), leaving, inside) ? 0 : 1;
      }
    }
    assertThat(greedy).as("refused of the greedy").isGreaterThan(50_000);
    assertThat(refused).as("refused of the others, seed %d", seed).isZero();
  }

  private boolean enterFor(
      Whose whose, int millis, PriorityQueue<Leaving> leaving, Map<Whose, Integer> inside) {
    Optional<Gate.Place> place = gate.enter(whose);
    place.ifPresent(it -> leaving.add(new Leaving(now + millis * MILLI, whose, it)));
    place.ifPresent(it -> inside.merge(whose, 1, Integer::sum));
    return place.isPresent();
  }

  private void leave(PriorityQueue<Leaving> leaving, Map<Whose, Integer> inside) {
    while (!leaving.isEmpty() && leaving.peek().at() <= now) {
      Leaving next = leaving.remove();
      next.place().leave();
      inside.computeIfPresent(next.whose(), (_, n) -> n == 1 ? null : n - 1);
    }
  }

  private record Leaving(long at, Whose whose, Gate.Place place) implements Comparable<Leaving> {
    @Override
    public int compareTo(Leaving other) {
      return Long.compare(at, other.at);
    }
  }

  private List<Gate.Place> enter(Whose whose, int times) {
    List<Gate.Place> places = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      gate.enter(whose).ifPresent(places::add);
    }
    return places;
  }

  private static Whose region(String id) {
    return Whose.region(new RegionId(id));
  }
}
