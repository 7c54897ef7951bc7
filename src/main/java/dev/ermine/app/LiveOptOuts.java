package dev.ermine.app;

import dev.ermine.policy.OptOutList;
import dev.ermine.policy.OptOuts;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Who has opted out of uses beyond their care, while the gateway runs. A faulty list is worse than
 * an old one: it may hold who is not on that, so nothing is known until it is mended.
 */
final class LiveOptOuts extends Live<OptOuts> {

  private final InstantSource clock;

  /**
   * @param first what a reading of the same files gave at start
   */
  LiveOptOuts(OptOutFiles files, OptOuts first, InstantSource clock) {
    super(files, first, clock);
    this.clock = clock;
  }

  /** What is known now; whether it still counts, it says itself. */
  OptOuts inForce() {
    return refused().isPresent() ? new OptOuts.Unknown() : current();
  }

  /** The list that would be in force if it counted today. */
  Optional<OptOutList> list() {
    return inForce() instanceof OptOutList list ? Optional.of(list) : Optional.empty();
  }

  /** Why the list there is does not count today; empty where it does, or there is none. */
  Optional<String> notCounting() {
    Instant now = clock.instant();
    return list()
        .filter(list -> !list.inForce(now))
        .map(
            list ->
                "the list made on %s, valid until %s, is not in force today, and every use beyond individual care is refused; bring one that is"
                    .formatted(list.made(), list.until()));
  }
}
