package dev.ermine.peer;

import dev.ermine.federation.Deadline;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a question may be asked now. */
sealed interface Turn {

  /** It may not. */
  record Missed(Miss why) implements Turn {}

  /** It may: what its counterpart bears of it, and what is noted of how it goes. */
  final class Taken implements Turn {

    /** What the gateway itself may keep of a region's budget: for joining, and the way there. */
    private static final Duration KEPT = Duration.ofMillis(100);

    private final Tolerance tolerance;
    private final Breaker.Passage passage;
    private final Deadline asker;
    private final Deadline whole;
    private volatile boolean asked;
    private volatile boolean alive;
    private volatile boolean late;

    Taken(Tolerance tolerance, Breaker.Passage passage, Deadline asker) {
      this.tolerance = tolerance;
      this.passage = passage;
      this.asker = asker;
      this.whole = Deadline.in(budget());
    }

    /** Whether it tries a server that has failed again and again. */
    boolean isTrial() {
      return passage.isTrial();
    }

    /** When it ends. A trial has the whole budget: what it shows must not be the asker's doing. */
    Deadline end() {
      return isTrial() ? whole : asker.orEarlier(whole);
    }

    /** How long the asker waits for a trial: as for a server that is well again. */
    Duration patience() {
      Duration left = asker.left();
      Duration patience = tolerance.usual().patience(budget());
      return left.compareTo(patience) < 0 ? left : patience;
    }

    /** What the asker is told whose trial took longer. */
    Miss missOfTrial() {
      return tolerance.breaker().miss();
    }

    /** Takes one exchange; why not, where there is none. */
    Optional<Miss> exchange() {
      Optional<Miss> refused = refused();
      if (refused.isEmpty()) {
        asked = true;
        tolerance.retries().earn();
      }
      return refused;
    }

    private Optional<Miss> refused() {
      return tolerance
          .pause()
          .left()
          .or(tolerance.rate()::refuses)
          .map(wait -> new Miss.Throttled(Optional.of(Seconds.up(wait))));
    }

    /** Notes what came of an exchange that nobody has ended. */
    void heard(Reply reply) {
      switch (reply) {
        case Reply.Response _, Reply.Opened _ -> alive = true;
        case Reply.Failed failed when failed.miss() instanceof Miss.TimedOut -> late = true;
        case Reply.Failed failed when failed.miss() instanceof Miss.Failing -> alive = true;
        case Reply.Failed _ -> {}
      }
    }

    /** Notes that the region wants not to be asked for so long. */
    void pause(Duration wait) {
      tolerance.pause().of(wait);
    }

    /** Takes one more exchange, to ask the same again after that reply. */
    boolean again(Reply first) {
      return mayRepeat(first) && refused().isEmpty();
    }

    private boolean mayRepeat(Reply first) {
      if (first instanceof Reply.Failed failed && failed.stale()) {
        return tolerance.retries().takeForStale();
      }
      boolean hasTime = end().left().compareTo(budget().dividedBy(2)) >= 0;
      return Faults.mayPass(first) && !isTrial() && hasTime && tolerance.retries().take();
    }

    /** The question has ended; null: it was given up. */
    void over(@Nullable PeerAnswer said) {
      tolerance.bulkhead().leave();
      Sign sign = asked ? sign(said) : Sign.NONE;
      if (sign == Sign.WELL) {
        tolerance.usual().took(budget().minus(whole.left()));
      }
      passage.over(sign);
    }

    private Sign sign(@Nullable PeerAnswer said) {
      return switch (said) {
        case null -> hadItsTime() ? Sign.ILL : Sign.NONE;
        case PeerAnswer.Missed(Miss.TimedOut _) -> hadItsTime() || late ? Sign.ILL : Sign.NONE;
        case PeerAnswer.Missed(Miss miss) when Faults.isOfServer(miss) -> Sign.ILL;
        case PeerAnswer.Missed _ -> alive ? Sign.ALIVE : Sign.NONE;
        case PeerAnswer.Answered answered when isPartial(answered) -> Sign.ALIVE;
        case PeerAnswer.Answered _,
            PeerAnswer.NotMatched _,
            PeerAnswer.Objected _,
            PeerAnswer.Document _ ->
            Sign.WELL;
      };
    }

    /** Whether the region had its whole budget, and not what an asker left of it. */
    private boolean hadItsTime() {
      Duration tenth = budget().dividedBy(10);
      return whole.left().compareTo(tenth.compareTo(KEPT) < 0 ? tenth : KEPT) <= 0;
    }

    private static boolean isPartial(PeerAnswer.Answered answered) {
      return answered.types().values().stream().anyMatch(TypeAnswer.Unread.class::isInstance);
    }

    private Duration budget() {
      return tolerance.answers().budget();
    }
  }
}
