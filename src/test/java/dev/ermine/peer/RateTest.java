package dev.ermine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateTest {

  private static final long SECOND = 1_000_000_000L;

  @Test
  void holdsOneSecondsWorth() {
    Rate rate = new Rate(50, 0);
    assertThat(IntStream.range(0, 200).filter(i -> rate.take(0)).count()).isEqualTo(50);
    assertThat(rate.take(SECOND / 50)).isTrue();
    assertThat(rate.take(SECOND / 50)).isFalse();
  }

  @Test
  void isFullAgainAfterASecondAndNeverFuller() {
    Rate rate = new Rate(50, 0);
    IntStream.range(0, 200).forEach(i -> rate.take(0));
    assertThat(IntStream.range(0, 200).filter(i -> rate.take(100 * SECOND)).count()).isEqualTo(50);
  }

  @Test
  void neverGivesMoreThanOneSecondsWorthBesidesTheRate() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Rate rate = new Rate(20, 0);
    long now = 0;
    int taken = 0;
    for (int i = 0; i < 10_000; i++) {
      now += random.nextLong(SECOND / 40);
      taken += rate.take(now) ? 1 : 0;
    }
    assertThat((long) taken).as("seed %d", seed).isLessThanOrEqualTo(20 + 20 * now / SECOND + 1);
  }
}
