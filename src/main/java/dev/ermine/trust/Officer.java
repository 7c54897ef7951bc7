package dev.ermine.trust;

import java.time.LocalDate;
import java.util.Optional;

/**
 * An officer who may sign changes of trust, as the gateway's own configuration has them.
 *
 * @param id which signatures name as {@code kid}
 * @param from the first day on which the key counts
 * @param until the last
 * @param revoked since when it counts no more, whatever was signed before
 */
public record Officer(
    String id,
    OfficerKey key,
    Optional<LocalDate> from,
    Optional<LocalDate> until,
    Optional<LocalDate> revoked) {

  private static final int MAX_ID = 40;

  /** Whether that can be an officer's id: lower-case words joined by hyphens. */
  public static boolean isId(String text) {
    return text.length() <= MAX_ID && text.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  }

  /** Why the officer's word does not count on that day: a predicate without its subject. */
  public Optional<String> silence(LocalDate day) {
    if (revoked.filter(since -> !day.isBefore(since)).isPresent()) {
      return Optional.of("is revoked since " + revoked.get());
    }
    if (from.filter(day::isBefore).isPresent()) {
      return Optional.of("does not count before " + from.get());
    }
    return until.filter(day::isAfter).map(last -> "counts no more after " + last);
  }
}
