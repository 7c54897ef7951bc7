package dev.ermine.fhir;

import java.time.YearMonth;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The grammar of a date search value: a prefix, then a date as exact as the caller likes.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#date">FHIR R4: date search</a>
 */
final class SearchDate {

  private static final String ZONE = "(?:Z|[+-](?:(?:0\\d|1[0-3]):[0-5]\\d|14:00))";
  private static final String TIME =
      "T(?:[01]\\d|2[0-3]):[0-5]\\d(?::(?:[0-5]\\d|60)(?:\\.\\d{1,9})?)?" + ZONE + "?";
  private static final Pattern VALUE =
      Pattern.compile(
          "(?:eq|ne|gt|lt|ge|le|sa|eb|ap)?"
              + "(?<year>\\d{4})(?:-(?<month>0[1-9]|1[0-2])(?:-(?<day>\\d{2})(?:%s)?)?)?"
                  .formatted(TIME));

  private SearchDate() {}

  /** Whether {@code value} is one date of the calendar, with or without prefix. */
  static boolean isValid(String value) {
    Matcher date = VALUE.matcher(value);
    return date.matches()
        && !date.group("year").equals("0000")
        && (date.group("day") == null || isDayOfMonth(date));
  }

  private static boolean isDayOfMonth(Matcher date) {
    int day = Integer.parseInt(date.group("day"));
    YearMonth month =
        YearMonth.of(Integer.parseInt(date.group("year")), Integer.parseInt(date.group("month")));
    return month.isValidDay(day);
  }
}
