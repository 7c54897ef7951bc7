package dev.ermine.merge.fact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SieveTest {

  @Test
  void holdsAllThatShareAKey() {
    Sieve sieve = new Sieve(4);
    sieve.add(0, new long[] {1, 2});
    sieve.add(1, 3);
    sieve.add(3, new long[] {2, 3});
    assertThat(sieve.mates()).contains(0, 1, 3);
  }

  @Test
  void whatHasNoKeyHasNoMate() {
    Sieve sieve = new Sieve(1);
    sieve.add(0, new long[0]);
    assertThat(sieve.mates()).isEmpty();
    assertThat(new Sieve(0).mates()).isEmpty();
  }

  @Test
  void fewHaveAMateByChance() {
    int count = 10_000;
    Random random = new Random(1);
    Sieve sieve = new Sieve(count);
    for (int fact = 0; fact < count; fact++) {
      sieve.add(fact, random.longs(4).toArray());
    }
    assertThat(sieve.mates().count()).isLessThan(count / 2);
  }

  @Test
  void takesMoreKeysThanThereIsRoomFor() {
    Sieve sieve = new Sieve(2);
    sieve.add(0, IntStream.range(0, 100).asLongStream().toArray());
    sieve.add(1, 99);
    assertThat(sieve.mates()).contains(0, 1);
  }
}
