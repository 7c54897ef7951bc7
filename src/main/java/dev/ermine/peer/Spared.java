package dev.ermine.peer;

import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;

/**
 * Whether a counterpart is spared questions, after it has failed again and again.
 *
 * @param left until it is asked again, while it is open
 */
public record Spared(State state, Duration left) {

  /** Of a counterpart that is not. */
  static final Spared NOT = new Spared(State.CLOSED, Duration.ZERO);

  /** From asked as usual to not at all. */
  static final Comparator<Spared> BY_STATE = Comparator.comparing(Spared::state);

  /** The states of a circuit breaker. */
  public enum State {
    /** It is asked. */
    CLOSED(0),
    /** One question at a time tries it. */
    HALF_OPEN(1),
    /** It is not asked. */
    OPEN(2);

    private final int number;

    State(int number) {
      this.number = number;
    }

    /** The higher, the more it is spared. */
    public int number() {
      return number;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** When it is asked again. */
  public String words() {
    return state == State.OPEN
        ? "it is asked again in " + Seconds.up(left).toSeconds() + " s"
        : "one question at a time tries it";
  }
}
