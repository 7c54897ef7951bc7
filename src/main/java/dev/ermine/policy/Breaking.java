package dev.ermine.policy;

import dev.ermine.region.Agreement;
import dev.ermine.trust.Requester;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What someone states who would break the glass. */
sealed interface Breaking {

  /** Whether a reason is stated, about a patient whom the token names. */
  boolean saysWhy();

  /** Whether that patient is the user, as far as the token shows. */
  boolean ownRecord();

  /** Whether the user has proven who they are in a way that counts, and lately enough. */
  boolean meets(Agreement.StepUp demanded);

  /** What a token states at that moment; empty where it is not about breaking the glass. */
  static Optional<Breaking> of(Requester requester, Instant at) {
    return requester.breaksGlass()
        ? Optional.of(
            new Stated(
                requester.breakGlassReason().filter(reason -> !reason.isBlank()).isPresent()
                    && requester.patient().isPresent(),
                requester.ownRecord(),
                requester.stepUp(),
                at))
        : Optional.empty();
  }

  /** What a token states. */
  record Stated(boolean saysWhy, boolean ownRecord, Requester.StepUp stepUp, Instant at)
      implements Breaking {

    /** How far ahead another's clock may be. */
    private static final Duration AHEAD = Duration.ofMinutes(1);

    @Override
    public boolean meets(Agreement.StepUp demanded) {
      return stepUp.context().filter(demanded.contexts()::contains).isPresent()
          && stepUp
              .at()
              .filter(proven -> !proven.isBefore(at.minus(demanded.age())))
              .filter(proven -> !proven.isAfter(at.plus(AHEAD)))
              .isPresent();
    }
  }

  /** All that any agreement can ask for. */
  record Whole() implements Breaking {
    @Override
    public boolean saysWhy() {
      return true;
    }

    @Override
    public boolean ownRecord() {
      return false;
    }

    @Override
    public boolean meets(Agreement.StepUp demanded) {
      return true;
    }
  }
}
