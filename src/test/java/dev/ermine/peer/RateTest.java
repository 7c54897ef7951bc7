package dev.ermine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.Region.Quota;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateTest {

  private static final long SECOND = 1_000_000_000L;

  @Test
  void holdsOneSecondsWorth() {
    Rate rate = new Rate(List.of(perSecond(50)), 0);
    assertThat(IntStream.range(0, 200).filter(i -> rate.take(0)).count()).isEqualTo(50);
    assertThat(rate.take(SECOND / 50)).isTrue();
    assertThat(rate.take(SECOND / 50)).isFalse();
  }

  @Test
  void isFullAgainAfterASecondAndNeverFuller() {
    Rate rate = new Rate(List.of(perSecond(50)), 0);
    IntStream.range(0, 200).forEach(i -> rate.take(0));
    assertThat(IntStream.range(0, 200).filter(i -> rate.take(100 * SECOND)).count()).isEqualTo(50);
  }

  @Test
  void neverGivesMoreThanOneSecondsWorthBesidesTheRate() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Rate rate = new Rate(List.of(perSecond(20)), 0);
    long now = 0;
    int taken = 0;
    for (int i = 0; i < 10_000; i++) {
      now += random.nextLong(SECOND / 40);
      taken += rate.take(now) ? 1 : 0;
    }
    assertThat((long) taken).as("seed %d", seed).isLessThanOrEqualTo(20 + 20 * now / SECOND + 1);
  }

  @Test
  void keepsEachOfItsQuotas() {
    Rate rate = new Rate(List.of(perSecond(5), new Quota(60, Duration.ofMinutes(1))), 0);
    assertThat(taken(rate, 0)).isEqualTo(5);
    int inAMinute = 5;
    for (int second = 1; second < 20; second++) {
      inAMinute += taken(rate, second * SECOND);
    }
    assertThat(inAMinute).isBetween(60, 60 + 20);
    assertThat(taken(rate, 20 * SECOND)).isEqualTo(1);
  }

  @Test
  void tellsHowLongUntilEveryQuotaHasOne() {
    Rate rate = new Rate(List.of(perSecond(5), new Quota(6, Duration.ofMinutes(1))), 0);
    assertThat(rate.refuses(0)).isEmpty();
    assertThat(taken(rate, 0)).isEqualTo(4);
    assertThat(rate.refuses(0)).contains(Duration.ofMillis(200));
    assertThat(rate.refuses(SECOND / 5)).isEmpty();
    assertThat(rate.refuses(SECOND)).contains(Duration.ofSeconds(9));
    assertThat(rate.refuses(10 * SECOND - 1)).contains(Duration.ofNanos(1));
    assertThat(rate.refuses(10 * SECOND)).isEmpty();
  }

  private static int taken(Rate rate, long now) {
    return (int) IntStream.range(0, 200).filter(i -> rate.take(now)).count();
  }

  private static Quota perSecond(int exchanges) {
    return new Quota(exchanges, Duration.ofSeconds(1));
  }
}
