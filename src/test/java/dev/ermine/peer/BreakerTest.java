package dev.ermine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.region.RegionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What opens a region's breaker, what closes it, and whom it lets through meanwhile. */
@Timeout(30)
class BreakerTest {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration SOON = Duration.ofSeconds(10);

  private final LongAdder spared = new LongAdder();

  @Test
  void opensWhenHalfOfTheWindowHasFailed() {
    Breaker breaker = breaker(LONG);
    for (int i = 0; i < Breaker.WINDOW / 2; i++) {
      end(breaker, Sign.WELL);
      assertThat(breaker.spared().state()).isEqualTo(Spared.State.CLOSED);
      end(breaker, Sign.ILL);
    }
    assertThat(breaker.spared().state()).isEqualTo(Spared.State.OPEN);
    assertThat(breaker.pass()).isEmpty();
    assertThat(breaker.pass()).isEmpty();
    assertThat(spared.sum()).isEqualTo(2);
  }

  @Test
  void staysClosedWhereLessThanHalfFails() {
    Breaker breaker = breaker(LONG);
    for (int i = 0; i < 200; i++) {
      end(breaker, i % 20 < 9 ? Sign.ILL : Sign.WELL);
    }
    assertThat(breaker.spared().state()).isEqualTo(Spared.State.CLOSED);
  }

  @ParameterizedTest
  @EnumSource(names = {"ALIVE", "NONE"})
  void takesNoNoticeOfWhatIsNoSign(Sign none) {
    Breaker breaker = breaker(LONG);
    for (int i = 0; i < 19; i++) {
      end(breaker, Sign.ILL);
    }
    for (int i = 0; i < 100; i++) {
      end(breaker, none);
    }
    assertThat(breaker.spared().state()).as("they open nothing").isEqualTo(Spared.State.CLOSED);
    end(breaker, Sign.ILL);
    assertThat(breaker.spared().state()).as("and hide nothing").isEqualTo(Spared.State.OPEN);
  }

  @Test
  void saysInOurWordsWhenTheRegionIsAskedAgain() {
    Breaker breaker = opened(LONG);
    assertThat(breaker.miss())
        .isEqualTo(
            new Miss.Unreachable("it has failed again and again; it is asked again in 60 s"));
  }

  @ParameterizedTest
  @EnumSource(names = {"WELL", "ALIVE"})
  void closesWhenATrialIsAnswered(Sign answered) {
    Breaker breaker = opened(SHORT);
    Breaker.Passage trial = trial(breaker);
    assertThat(breaker.pass()).as("one at a time").isEmpty();
    assertThat(breaker.miss())
        .isEqualTo(
            new Miss.Unreachable("it has failed again and again; one question at a time tries it"));
    trial.over(answered);
    assertThat(breaker.spared().state()).isEqualTo(Spared.State.CLOSED);
    assertThat(breaker.pass().orElseThrow().isTrial()).isFalse();
  }

  @Test
  void opensAgainWhenATrialFails() {
    Breaker breaker = opened(SHORT);
    trial(breaker).over(Sign.ILL);
    assertThat(breaker.spared().state()).isEqualTo(Spared.State.OPEN);
    trial(breaker).over(Sign.WELL);
    assertThat(breaker.spared().state()).isEqualTo(Spared.State.CLOSED);
  }

  @Test
  void givesTheNextQuestionATrialThatShowedNothing() {
    Breaker breaker = opened(SHORT);
    Breaker.Passage given = trial(breaker);
    for (int i = 0; i < 50; i++) {
      given.over(Sign.NONE);
      given = breaker.pass().orElseThrow();
      assertThat(given.isTrial()).isTrue();
      assertThat(breaker.pass()).isEmpty();
    }
    given.over(Sign.WELL);
    assertThat(breaker.spared().state()).isEqualTo(Spared.State.CLOSED);
  }

  @Test
  void isNotClosedByAnAnswerToAQuestionFromBeforeItOpened() {
    Breaker breaker = breaker(SHORT);
    List<Breaker.Passage> before = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      before.add(breaker.pass().orElseThrow());
    }
    for (int i = 0; i < Breaker.WINDOW; i++) {
      end(breaker, Sign.ILL);
    }
    Breaker.Passage trial = trial(breaker);
    before.forEach(late -> late.over(Sign.WELL));
    assertThat(breaker.spared().state()).isEqualTo(Spared.State.HALF_OPEN);
    trial.over(Sign.ILL);
    assertThat(breaker.spared().state()).isEqualTo(Spared.State.OPEN);
  }

  private Breaker breaker(Duration open) {
    return new Breaker(new Counterpart(new RegionId("london"), false), open, spared);
  }

  private Breaker opened(Duration open) {
    Breaker breaker = breaker(open);
    for (int i = 0; i < Breaker.WINDOW; i++) {
      end(breaker, Sign.ILL);
    }
    assertThat(breaker.spared().state()).isEqualTo(Spared.State.OPEN);
    return breaker;
  }

  private static void end(Breaker breaker, Sign sign) {
    breaker.pass().orElseThrow().over(sign);
  }

  /** The first that is let through, once the breaker has been open long enough. */
  private static Breaker.Passage trial(Breaker breaker) {
    long begun = System.nanoTime();
    Optional<Breaker.Passage> passage = breaker.pass();
    while (passage.isEmpty()) {
      assertThat(System.nanoTime() - begun).as("nobody is let through").isLessThan(SOON.toNanos());
      Thread.onSpinWait();
      passage = breaker.pass();
    }
    assertThat(passage.get().isTrial()).isTrue();
    return passage.get();
  }
}
