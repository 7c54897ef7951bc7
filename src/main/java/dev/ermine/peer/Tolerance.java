package dev.ermine.peer;

import dev.ermine.federation.Deadline;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.region.Region;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * What one counterpart bears of this process, and what is borne of it, over all event loops.
 *
 * @param answers as it is declared
 * @param spared counts the questions that a breaker of its kept back
 */
record Tolerance(
    Counterpart counterpart,
    Region.Answers answers,
    Breaker breaker,
    LongAdder spared,
    Bulkhead bulkhead,
    Pause pause,
    Rate rate,
    RetryBudget retries,
    Usual usual) {

  /** Of a counterpart of which nothing is known. */
  static Tolerance of(Counterpart counterpart, Region.Answers answers, Duration open) {
    LongAdder spared = new LongAdder();
    return new Tolerance(
        counterpart,
        answers,
        new Breaker(counterpart, open, spared),
        spared,
        new Bulkhead(answers.limits().queries()),
        new Pause(),
        new Rate(answers.limits().rate()),
        new RetryBudget(),
        new Usual());
  }

  /** The same counterpart as it is declared now: what it failed at may have been mended. */
  Tolerance as(Region.Answers now) {
    return now.equals(answers) ? this : anew(now);
  }

  /** The same, after trust in it had ended. */
  Tolerance anew() {
    return anew(answers);
  }

  /** What it bears of us is counted on: no declaration gives a quota back that is spent. */
  private Tolerance anew(Region.Answers now) {
    Region.Limits limits = now.limits();
    return new Tolerance(
        counterpart,
        now,
        breaker.closed(),
        spared,
        bulkhead.has(limits.queries()) ? bulkhead : new Bulkhead(limits.queries()),
        now.base().equals(answers.base()) ? pause : new Pause(),
        rate.keeps(limits.rate()) ? rate : new Rate(limits.rate()),
        retries,
        usual);
  }

  /** The turn of a question that has until {@code deadline}; the miss, where it has none. */
  Turn turn(Deadline deadline) {
    Optional<Duration> left = pause.left();
    if (left.isPresent()) {
      return new Turn.Missed(new Miss.Throttled(left.map(Seconds::up)));
    }
    if (!bulkhead.enter()) {
      return new Turn.Missed(new Miss.Throttled(Optional.empty()));
    }
    Optional<Breaker.Passage> passage = breaker.pass();
    if (passage.isEmpty()) {
      bulkhead.leave();
      return new Turn.Missed(breaker.miss());
    }
    return new Turn.Taken(this, passage.get(), deadline);
  }
}
