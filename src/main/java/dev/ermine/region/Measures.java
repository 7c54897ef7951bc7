package dev.ermine.region;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Optional;

/** The spellings of time, size and rate in {@code regions.yaml}; the schema has their form. */
final class Measures {

  private Measures() {}

  /** {@code 1500ms}, {@code 3s} or ISO 8601's {@code PT1.5S}. */
  static Duration duration(String text) {
    if (text.startsWith("PT")) {
      return Duration.parse(text);
    }
    return text.endsWith("ms")
        ? Duration.ofMillis(number(text, "ms"))
        : Duration.ofSeconds(number(text, "s"));
  }

  /** {@code 30m} or {@code 4h}. */
  static Duration span(String text) {
    return text.endsWith("h")
        ? Duration.ofHours(number(text, "h"))
        : Duration.ofMinutes(number(text, "m"));
  }

  /** Bytes: {@code 8MB}, which is decimal, or {@code 8MiB}. */
  static long bytes(String text) {
    return text.endsWith("MiB") ? number(text, "MiB") << 20 : number(text, "MB") * 1_000_000;
  }

  /** A number each second or minute: {@code 50/s}, {@code 300/min}. */
  static Region.Quota quota(String text) {
    return text.endsWith("/min")
        ? new Region.Quota(Math.toIntExact(number(text, "/min")), Duration.ofMinutes(1))
        : new Region.Quota(Math.toIntExact(number(text, "/s")), Duration.ofSeconds(1));
  }

  /** A day of the calendar, as ISO 8601 writes it; empty for a 30 February. */
  static Optional<LocalDate> day(String text) {
    try {
      return Optional.of(LocalDate.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** An instant with its offset, as ISO 8601 writes it; empty for a 25th hour. */
  static Optional<Instant> instant(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static long number(String text, String unit) {
    return Long.parseLong(text.substring(0, text.length() - unit.length()));
  }
}
