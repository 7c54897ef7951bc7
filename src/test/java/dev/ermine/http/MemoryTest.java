package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MemoryTest {

  private static final long MB = 1_000_000;
  private static final long MOST = 96 * MB;

  private final Memory memory = new Memory(MOST);

  @Test
  void hasRoomForAQueryOfEightTimesTenMegabytesAndForSmallOnesBesideIt() {
    Memory.Holding large = memory.open();
    for (int region = 0; region < 8; region++) {
      assertThat(fill(large, 10 * MB)).as("region %d", region).isEqualTo(10 * MB);
    }
    for (int query = 0; query < 50; query++) {
      assertThat(memory.open().take(200_000, 0)).as("query %d", query).isTrue();
    }
  }

  @Test
  void leavesRoomForWhatIsSmallHoweverManyAreLarge() {
    List<Memory.Holding> evil = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      evil.add(memory.open());
    }
    long[] held = new long[50];
    for (int round = 0; round < 600; round++) {
      for (int i = 0; i < 50; i++) {
        held[i] += evil.get(i).take(16_384, held[i]) ? 16_384 : 0;
      }
    }
    assertThat(memory.held()).isLessThan(MOST - MOST / 12);
    assertThat(LongStream.of(held).boxed())
        .as("equal parts")
        .allSatisfy(one -> assertThat(one).isBetween(MB, 2 * MB));
    for (int small = 0; small < 350; small++) {
      assertThat(evil.get(small % 50).take(20_000, 0)).as("small %d", small).isTrue();
    }
  }

  @Test
  void isCrowdedWhenWhatIsKeptForSmallOnesIsHalfSpent() {
    Memory.Holding holding = memory.open();
    assertThat(memory.isCrowded()).isFalse();
    while (!memory.isCrowded()) {
      assertThat(holding.take(200_000, 0)).isTrue();
    }
    assertThat(MOST - memory.held()).isBetween(MOST / 24 - 200_000, MOST / 24);
  }

  @Test
  void takesNothingForWhoHasLeft() {
    Memory.Holding holding = memory.open();
    assertThat(holding.take(1_000, 0)).isTrue();
    holding.close();
    holding.close();
    assertThat(memory.held()).isZero();
    assertThat(holding.take(1_000, 0)).isFalse();
    holding.giveBack(1_000);
    assertThat(memory.held()).isZero();
  }

  /** Whatever order it is in: never more than there is, and nothing is left behind. */
  @Test
  void neverHoldsMoreThanThereIsAndLosesNothing() throws Exception {
    long seed = System.nanoTime();
    Memory narrow = new Memory(3 * MB);
    try (var pool = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        Random random = new Random(seed + thread);
        all.add(pool.submit(() -> churn(narrow, random, seed)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(narrow.held()).as("seed %d", seed).isZero();
  }

  private static void churn(Memory memory, Random random, long seed) {
    for (int i = 0; i < 2_000; i++) {
      try (Memory.Holding holding = memory.open()) {
        long mine = 0;
        for (int step = 0; step < 20; step++) {
          long bytes = random.nextLong(100_000);
          if (random.nextInt(4) == 0 && mine >= bytes) {
            holding.giveBack(bytes);
            mine -= bytes;
          } else {
            mine += holding.take(bytes, mine) ? bytes : 0;
          }
          assertThat(memory.held()).as("seed %d", seed).isBetween(mine, memory.most());
        }
      }
    }
  }

  /** What one answer gets of so many bytes, as they come. */
  private static long fill(Memory.Holding holding, long bytes) {
    long held = 0;
    while (held < bytes && holding.take(Math.min(65_536, bytes - held), held)) {
      held += Math.min(65_536, bytes - held);
    }
    return held;
  }
}
