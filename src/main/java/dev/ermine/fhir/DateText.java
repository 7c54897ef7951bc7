package dev.ermine.fhir;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Optional;

/**
 * A date as FHIR writes it, as exact as it was written: a year, a month, a day, or a time of day to
 * the minute, the second or finer. Only a time of day can say its zone; without one, which moments
 * a date takes up depends on whose clock it was.
 *
 * @param from its first millisecond since 1970, by the clock it was read from
 * @param until the millisecond after its last
 * @param zoned whether that clock is known, and both are in UTC
 * @see <a href="https://hl7.org/fhir/R4/datatypes.html#dateTime">FHIR R4: date, dateTime,
 *     instant</a>
 */
public record DateText(long from, long until, boolean zoned) {

  private static final ZoneId LONDON = ZoneId.of("Europe/London");
  private static final int LONGEST = 40;
  private static final int DAY = 10;
  private static final int MINUTE = 16;
  private static final int SECOND = 19;

  /** The date that {@code text} is; empty when it is none of the calendar. */
  public static Optional<DateText> parse(String text) {
    int length = text.length();
    int year = number(text, 0, 4);
    int month = length == 4 ? 1 : part(text, 4, '-');
    int day = length == 4 || length == 7 ? 1 : part(text, 7, '-');
    if (length > LONGEST || year < 1 || !isDay(year, month, day)) {
      return Optional.empty();
    }
    LocalDate first = LocalDate.of(year, month, day);
    return switch (length) {
      case 4 -> Optional.of(days(first, first.plusYears(1)));
      case 7 -> Optional.of(days(first, first.plusMonths(1)));
      case DAY -> Optional.of(days(first, first.plusDays(1)));
      default -> time(text, millis(first));
    };
  }

  private static boolean isDay(int year, int month, int day) {
    return month >= 1
        && month <= 12
        && day >= 1
        && (day <= 28 || YearMonth.of(year, month).isValidDay(day));
  }

  private static DateText days(LocalDate first, LocalDate after) {
    return new DateText(millis(first), millis(after), false);
  }

  private static long millis(LocalDate day) {
    return day.toEpochDay() * 86_400_000;
  }

  private static Optional<DateText> time(String text, long midnight) {
    int hour = part(text, DAY, 'T');
    int minute = part(text, DAY + 3, ':');
    boolean exact = text.length() > MINUTE && text.charAt(MINUTE) == ':';
    int second = exact ? part(text, MINUTE, ':') : 0;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
      return Optional.empty();
    }
    long from = midnight + ((hour * 60L + minute) * 60 + second) * 1000;
    return exact ? fraction(text, from) : zone(text, MINUTE, from, 60_000);
  }

  private static Optional<DateText> fraction(String text, long from) {
    if (text.length() == SECOND || text.charAt(SECOND) != '.') {
      return zone(text, SECOND, from, 1000);
    }
    int at = SECOND + 1;
    int millis = 0;
    for (int weight = 100; at < text.length() && isDigit(text.charAt(at)); weight /= 10) {
      millis += weight * (text.charAt(at++) - '0');
    }
    return at == SECOND + 1 ? Optional.empty() : zone(text, at, from + millis, 1);
  }

  private static Optional<DateText> zone(String text, int at, long from, long lasts) {
    if (at == text.length()) {
      return Optional.of(new DateText(from, from + lasts, false));
    }
    char sign = text.charAt(at);
    if (sign == 'Z' && at + 1 == text.length()) {
      return Optional.of(new DateText(from, from + lasts, true));
    }
    int hours = part(text, at, sign);
    int minutes = part(text, at + 3, ':');
    boolean zone = (sign == '+' || sign == '-') && at + 6 == text.length();
    if (!zone || hours < 0 || hours > 14 || minutes < 0 || minutes > 59) {
      return Optional.empty();
    }
    long ahead = (hours * 60L + minutes) * (sign == '+' ? 60_000 : -60_000);
    return Optional.of(new DateText(from - ahead, from - ahead + lasts, true));
  }

  /** The two digits that follow a separator; below zero when they do not. */
  private static int part(String text, int at, char separator) {
    return at < text.length() && text.charAt(at) == separator ? number(text, at + 1, at + 3) : -1;
  }

  private static int number(String text, int from, int to) {
    if (to > text.length()) {
      return -1;
    }
    int number = 0;
    for (int i = from; i < to; i++) {
      if (!isDigit(text.charAt(i))) {
        return -1;
      }
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** The time it takes up, where a clock that is not said goes by UTC. */
  public TimeSpan inUtc() {
    return new TimeSpan(from, until);
  }

  /** The time it takes up, where a clock that is not said is one in London. */
  public TimeSpan inLondon() {
    return zoned ? inUtc() : new TimeSpan(from - ahead(from), until - ahead(until));
  }

  private static long ahead(long local) {
    return LONDON.getRules().getOffset(Instant.ofEpochMilli(local)).getTotalSeconds() * 1000L;
  }

  /** Nothing of it: dates tell of the patient. */
  @Override
  public String toString() {
    return "DateText";
  }
}
