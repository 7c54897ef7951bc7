package dev.ermine.federation;

import java.time.Duration;

/** A moment by which something has to be done, on the monotonic clock: no clock jump moves it. */
public record Deadline(long nanoTime) {

  /** {@code duration} from now. */
  public static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** What is left; zero when past. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
  }

  /** The earlier of this and {@code other}. */
  public Deadline orEarlier(Deadline other) {
    return nanoTime - other.nanoTime <= 0 ? this : other;
  }
}
