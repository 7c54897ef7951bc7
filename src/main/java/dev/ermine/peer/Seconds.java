package dev.ermine.peer;

import java.time.Duration;

/** Whole seconds, as what is told of a wait has them. */
final class Seconds {

  private Seconds() {}

  /** So many that {@code wait} is over by then: one at least. */
  static Duration up(Duration wait) {
    return Duration.ofSeconds(Math.max(1, wait.plusNanos(999_999_999).toSeconds()));
  }
}
