package dev.ermine.fhir;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * The time that a date, an instant or a Period of FHIR takes up, a date as long as it is inexact:
 * {@code 2022} is the whole year. Dates are those of the calendar in London.
 *
 * @param from its first millisecond, since 1970 in UTC
 * @param until the millisecond after its last
 * @see <a href="https://hl7.org/fhir/R4/datatypes.html#dateTime">FHIR R4: date, dateTime,
 *     instant</a>
 * @see <a href="https://hl7.org/fhir/R4/datatypes.html#Period">FHIR R4: Period</a>
 */
public record TimeSpan(long from, long until) {

  private static final ZoneId LONDON = ZoneId.of("Europe/London");
  private static final int LONGEST = 40;

  /** When {@code text} is; empty when it is no date, dateTime or instant. */
  public static Optional<TimeSpan> parse(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          switch (text.length()) {
            case 4 -> days(year(text), year(text).plusYears(1));
            case 7 -> days(month(text), month(text).plusMonths(1));
            case 10 -> days(LocalDate.parse(text), LocalDate.parse(text).plusDays(1));
            default -> moment(text);
          });
    } catch (DateTimeParseException e) {
      // A hand that slipped at a peer; what the exception says quotes it.
      return Optional.empty();
    }
  }

  /** From the beginning of one to the end of another; where there is none, without bound. */
  public static TimeSpan between(Optional<TimeSpan> first, Optional<TimeSpan> last) {
    return new TimeSpan(
        first.map(TimeSpan::from).orElse(Long.MIN_VALUE),
        last.map(TimeSpan::until).orElse(Long.MAX_VALUE));
  }

  /** Whether {@code at} lies in it. */
  public boolean contains(Instant at) {
    return from <= at.toEpochMilli() && at.toEpochMilli() < until;
  }

  /** Whether all of {@code other} lies in it. */
  public boolean contains(TimeSpan other) {
    return from <= other.from && other.until <= until;
  }

  /** Whether some of {@code other} lies in it. */
  public boolean overlaps(TimeSpan other) {
    return from < other.until && other.from < until;
  }

  /** Whether all of it comes before all of {@code other}. */
  public boolean isBefore(TimeSpan other) {
    return until <= other.from;
  }

  private static LocalDate year(String text) {
    return LocalDate.parse(text + "-01-01");
  }

  private static LocalDate month(String text) {
    return YearMonth.parse(text).atDay(1);
  }

  private static TimeSpan days(LocalDate first, LocalDate after) {
    return new TimeSpan(midnight(first), midnight(after));
  }

  /** London's clocks never change at midnight. */
  private static long midnight(LocalDate day) {
    long utc = day.toEpochDay() * 86_400_000;
    ZoneOffset offset = LONDON.getRules().getOffset(Instant.ofEpochMilli(utc));
    return utc - offset.getTotalSeconds() * 1000L;
  }

  /** As long as the second or the fraction of it that is said. */
  private static TimeSpan moment(String text) {
    long at = OffsetDateTime.parse(text).toInstant().toEpochMilli();
    return new TimeSpan(at, at + (text.indexOf('.') < 0 ? 1000 : 1));
  }
}
