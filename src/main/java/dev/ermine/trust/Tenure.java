package dev.ermine.trust;

import java.time.LocalDate;
import java.util.Optional;

/**
 * The days on which an officer's certificate and key count.
 *
 * @param from the first day
 * @param until the last
 * @param revoked since when they count no more, whatever was done before
 */
public record Tenure(
    Optional<LocalDate> from, Optional<LocalDate> until, Optional<LocalDate> revoked) {

  /** Every day. */
  public static final Tenure ALWAYS =
      new Tenure(Optional.empty(), Optional.empty(), Optional.empty());

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
