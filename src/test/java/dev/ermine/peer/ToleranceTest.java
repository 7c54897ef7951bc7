package dev.ermine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Slice;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The counts of what a region bears: pauses, retries, and how long it usually takes. */
class ToleranceTest {

  private static final long SECOND = 1_000_000_000L;

  @ParameterizedTest
  @CsvSource({
    "429, 7, 7",
    "429, 0, 1",
    "429, 315360000, 60",
    "429, 99999999999999999999, 1",
    "429, -5, 1",
    "429, soon, 1",
    "429, '', 1",
    "429, 'Sat, 21 Nov 2026 12:00:09 GMT', 9",
    "429, 'Sat, 21 Nov 2026 11:00:00 GMT', 1",
    "429, 'Fri, 21 Nov 2036 12:00:00 GMT', 60",
    "429, , 1",
    "503, 7, 7",
    "503, soon, 1",
  })
  void leavesAThrottlingRegionAloneForAsLongAsItSaysBetweenASecondAndAMinute(
      int status, String after, long seconds) {
    assertThat(RetryAfter.pause(response(status, Optional.ofNullable(after)), Asking.NOW))
        .contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({"503,", "500, 7", "200, 7", "404, 7"})
  void doesNotPauseForAnotherResponse(int status, String after) {
    assertThat(RetryAfter.pause(response(status, Optional.ofNullable(after)), Asking.NOW))
        .isEmpty();
  }

  @Test
  void aPauseEndsAndIsNotCutShort() {
    Pause pause = new Pause(0);
    assertThat(pause.left(0)).isEmpty();
    pause.of(Duration.ofSeconds(9), 0);
    pause.of(Duration.ofSeconds(1), 0);
    assertThat(pause.left(SECOND)).contains(Duration.ofSeconds(8));
    assertThat(pause.left(9 * SECOND)).isEmpty();
  }

  @Test
  void aPauseIsOnAClockThatMayBeNegativeAndOverflow() {
    long late = Long.MAX_VALUE - SECOND;
    Pause pause = new Pause(late);
    pause.of(Duration.ofSeconds(3), late);
    assertThat(pause.left(late + 2 * SECOND)).contains(Duration.ofSeconds(1));
    assertThat(pause.left(late + 4 * SECOND)).isEmpty();
  }

  @Test
  void retriesAreATenthOfTheExchangesAtMost() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    RetryBudget budget = new RetryBudget(0);
    int exchanges = 0;
    int retries = 0;
    for (int i = 0; i < 20_000; i++) {
      if (random.nextInt(3) > 0) {
        budget.earn();
        exchanges++;
      } else {
        retries += budget.take() ? 1 : 0;
      }
      assertThat(10 * retries).as("seed %d", seed).isLessThanOrEqualTo(exchanges);
    }
    assertThat(retries).as("and are granted up to that").isGreaterThan(exchanges / 13);
  }

  @Test
  void savesUpTwentyRetriesAndKeepsTenForStaleConnections() {
    RetryBudget budget = new RetryBudget(0);
    IntStream.range(0, 10_000).forEach(i -> budget.earn());
    assertThat(IntStream.range(0, 100).filter(i -> budget.take()).count()).isEqualTo(10);
    assertThat(stale(budget, 0)).isEqualTo(10);
    assertThat(stale(budget, 0)).isZero();
  }

  @Test
  void fiveStaleConnectionsInTenSecondsAreReplacedWhateverWasEarnedAndPaidForAfterwards() {
    RetryBudget budget = new RetryBudget(0);
    assertThat(stale(budget, 0)).isEqualTo(5);
    assertThat(stale(budget, 2 * SECOND)).isEqualTo(1);
    assertThat(stale(budget, 12 * SECOND)).isEqualTo(5);
    IntStream.range(0, 251).forEach(i -> budget.earn());
    assertThat(budget.take()).as("the debt comes first, and what is kept").isFalse();
    budget.earn();
    assertThat(budget.take()).isTrue();
  }

  private static long stale(RetryBudget budget, long now) {
    return IntStream.range(0, 100).filter(i -> budget.takeForStale(now)).count();
  }

  @Test
  void waitsTwiceAsLongAsUsualWithinATenthOfASecondAndTheBudget() {
    Usual usual = new Usual();
    Duration budget = Duration.ofSeconds(1);
    assertThat(usual.patience(budget)).as("unknown").isEqualTo(Duration.ofMillis(100));
    usual.took(Duration.ofMillis(200));
    assertThat(usual.patience(budget)).isEqualTo(Duration.ofMillis(400));
    usual.took(Duration.ofSeconds(1));
    assertThat(usual.patience(budget)).isEqualTo(Duration.ofMillis(600));
    IntStream.range(0, 50).forEach(i -> usual.took(Duration.ofSeconds(1)));
    assertThat(usual.patience(budget)).isEqualTo(budget);
    assertThat(usual.patience(Duration.ofMillis(60))).isEqualTo(Duration.ofMillis(60));
  }

  @Test
  void roundsAWaitUpToWholeSeconds() {
    assertThat(Seconds.up(Duration.ofNanos(1))).isEqualTo(Duration.ofSeconds(1));
    assertThat(Seconds.up(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
    assertThat(Seconds.up(Duration.ofMillis(1_001))).isEqualTo(Duration.ofSeconds(2));
    assertThat(Seconds.up(Duration.ZERO)).isEqualTo(Duration.ofSeconds(1));
  }

  private static Reply.Response response(int status, Optional<String> retryAfter) {
    return new Reply.Response(
        status, Optional.empty(), retryAfter, Optional.empty(), new Slice(new byte[0], 0, 0));
  }
}
