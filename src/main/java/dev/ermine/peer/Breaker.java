package dev.ermine.peer;

import static java.util.Map.entry;

import dev.ermine.merge.PeerAnswer.Miss;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.TypedGuard;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/**
 * The circuit breaker of one counterpart. It opens when ten of the last twenty questions that say
 * anything of the server have failed: enough that a patient or two cannot do it, few enough that
 * they are asked while the first is still waited for. Five seconds later, about what a restart
 * behind a balancer takes, one question at a time tries the server, and its success closes it.
 *
 * @see <a
 *     href="https://smallrye.io/docs/smallrye-fault-tolerance/6.11.1/reference/circuit-breaker.html">SmallRye
 *     Fault Tolerance: circuit breaker</a>
 */
final class Breaker {

  static final int WINDOW = 20;
  static final Duration OPEN = Duration.ofSeconds(5);

  private static final Logger LOG = Logger.getLogger(Breaker.class);
  private static final double RATIO = 0.5;
  private static final String AGAIN_AND_AGAIN = "it has failed again and again; ";

  private final Counterpart counterpart;
  private final Duration open;
  private final LongAdder spared;
  private final TypedGuard<Sign> guard;
  private boolean closed = true;
  private long asksAgain;
  private int openings;
  private boolean tried;

  /**
   * A closed breaker.
   *
   * @param spared counts the questions that it keeps back
   */
  Breaker(Counterpart counterpart, Duration open, LongAdder spared) {
    this.counterpart = counterpart;
    this.open = open;
    this.spared = spared;
    this.guard =
        TypedGuard.create(Sign.class)
            .withCircuitBreaker()
            .requestVolumeThreshold(WINDOW)
            .failureRatio(RATIO)
            .delay(open.toMillis(), ChronoUnit.MILLIS)
            .successThreshold(1)
            .onStateChange(this::changed)
            .done()
            .build();
  }

  /** The same breaker, closed; what this one has heard is forgotten. */
  Breaker closed() {
    return new Breaker(counterpart, open, spared);
  }

  /** The way to the counterpart for one question; empty while it is spared. */
  synchronized Optional<Passage> pass() {
    boolean isTrial = spared().state() == Spared.State.HALF_OPEN && !tried;
    if (!closed && !isTrial) {
      spared.increment();
      return Optional.empty();
    }
    tried = isTrial;
    return Optional.of(new Passage(openings, isTrial));
  }

  /** What a question is told that it keeps back. */
  Miss miss() {
    return new Miss.Unreachable(AGAIN_AND_AGAIN + spared().words());
  }

  /** How the counterpart is spared now. */
  synchronized Spared spared() {
    if (closed) {
      return Spared.NOT;
    }
    Duration left = Duration.ofNanos(asksAgain - System.nanoTime());
    return left.isPositive()
        ? new Spared(Spared.State.OPEN, left)
        : new Spared(Spared.State.HALF_OPEN, Duration.ZERO);
  }

  /** What a question says that began before the breaker last opened, it has said too late. */
  private synchronized void over(Passage passage, Sign how) {
    boolean speaks = how == Sign.WELL || how == Sign.ILL || (how == Sign.ALIVE && passage.trial);
    // The trial is over whatever the guard makes of it: another must be let through some time.
    tried &= !passage.trial;
    if (speaks && passage.opened == openings) {
      tell(how);
    }
  }

  /**
   * The end of a question, which the guard is told of rather than put around: it would take one
   * that is no sign for a success, and one that begins on an event loop it would put off.
   */
  private void tell(Sign how) {
    try {
      guard.get(
          () -> {
            if (how == Sign.ILL) {
              throw new Ill();
            }
            return how;
          });
    } catch (Ill counted) {
      // By the guard, and more is not wanted of it.
    }
  }

  private synchronized void changed(CircuitBreakerState now) {
    switch (now) {
      case OPEN -> opened();
      case HALF_OPEN -> {} // which is so by the clock, and is nobody's doing
      case CLOSED -> {
        closed = true;
        LOG.infof(
            "a region that had failed again and again answers: it is asked as before",
            entry("region", counterpart.region()),
            entry("register", counterpart.register()));
      }
    }
  }

  private void opened() {
    if (closed) {
      LOG.warnf(
          "a region has failed again and again: it is not asked for a while",
          entry("region", counterpart.region()),
          entry("register", counterpart.register()));
    }
    closed = false;
    openings++;
    asksAgain = System.nanoTime() + open.toNanos();
  }

  /** The way for one question. */
  final class Passage {

    private final int opened;
    private final boolean trial;

    private Passage(int opened, boolean trial) {
      this.opened = opened;
      this.trial = trial;
    }

    /** Whether the question tries a server that has failed. */
    boolean isTrial() {
      return trial;
    }

    /** The question has ended so. */
    void over(Sign how) {
      Breaker.this.over(this, how);
    }
  }

  /** The failure that the guard counts; nobody sees it. */
  private static final class Ill extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Ill() {
      super("a question has failed", null, false, false);
    }
  }
}
