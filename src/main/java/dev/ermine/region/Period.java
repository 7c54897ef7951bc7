package dev.ermine.region;

import java.time.Instant;

/**
 * A stretch of time.
 *
 * @param from its first instant
 * @param until the first instant after it
 */
public record Period(Instant from, Instant until) {

  /** Whether it has begun and not ended. */
  public boolean has(Instant instant) {
    return !instant.isBefore(from) && !hasEnded(instant);
  }

  /** Whether it has ended. */
  public boolean hasEnded(Instant instant) {
    return !instant.isBefore(until);
  }
}
