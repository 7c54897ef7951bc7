package dev.ermine.merge.fact;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets.Dated;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * When something was, as exactly as moments of entries are compared: a day of the calendar in
 * London, and the minute of it where one is said. A date without day or month is a moment of its
 * own, not any day in it. Midnight to the second is what systems write that know the day alone: it
 * says no minute.
 *
 * @param day year, month and day as the eight digits of one number, with {@code 00} for what is not
 *     said: {@code 20220400} is April 2022
 * @param minute minutes since midnight
 * @see <a href="https://hl7.org/fhir/R4/datatypes.html#dateTime">FHIR R4: date, dateTime,
 *     instant</a>
 */
record Moment(int day, OptionalInt minute) {

  private static final ZoneId LONDON = ZoneId.of("Europe/London");
  private static final int MINUTES = 24 * 60;

  /** No zone. */
  private static final int NONE = Integer.MIN_VALUE;

  private static final List<String> ONSET = List.of("onsetDateTime", "onsetPeriod", "recordedDate");
  private static final List<String> EFFECTIVE =
      List.of("effectiveDateTime", "effectiveInstant", "effectivePeriod");
  private static final List<String> REPORTED =
      List.of("effectiveDateTime", "effectivePeriod", "issued");
  private static final List<String> STATED =
      List.of("effectiveDateTime", "effectivePeriod", "dateAsserted");
  private static final List<String> AUTHORED = List.of("authoredOn");
  private static final List<String> HANDED_OVER = List.of("whenHandedOver", "whenPrepared");
  private static final List<String> PERFORMED = List.of("performedDateTime", "performedPeriod");
  private static final List<String> OCCURRED = List.of("occurrenceDateTime");
  private static final List<String> PERIOD = List.of("period");
  private static final List<String> DOCUMENTED = List.of("date", "context.period");

  /** When what the entry tells of was: by the first of its type's dates that is said and is one. */
  static Optional<Moment> of(Entry entry) {
    for (String element : elements(entry.type())) {
      for (Dated dated : entry.facets().dates()) {
        if (dated.element().equals(element)) {
          Optional<Moment> moment = dated.start().flatMap(Moment::parse);
          if (moment.isPresent()) {
            return moment;
          }
        }
      }
    }
    return Optional.empty();
  }

  /** The elements that say when, the one that says it best first; of a period its start. */
  private static List<String> elements(String type) {
    return switch (type) {
      case "AllergyIntolerance", "Condition" -> ONSET;
      case "Observation", "MedicationAdministration" -> EFFECTIVE;
      case "DiagnosticReport" -> REPORTED;
      case "MedicationStatement" -> STATED;
      case "MedicationRequest" -> AUTHORED;
      case "MedicationDispense" -> HANDED_OVER;
      case "Procedure" -> PERFORMED;
      case "Immunization" -> OCCURRED;
      case "Encounter" -> PERIOD;
      case "DocumentReference" -> DOCUMENTED;
      default -> List.of();
    };
  }

  /**
   * When {@code text} is; empty when it is no date, dateTime or instant. A time without a zone,
   * which FHIR forbids, is taken for London's.
   */
  static Optional<Moment> parse(String text) {
    int year = number(text, 0, 4);
    if (year <= 0) {
      return Optional.empty();
    }
    return switch (text.length()) {
      case 4 -> Optional.of(new Moment(year * 10_000, OptionalInt.empty()));
      case 7 -> month(text, year);
      case 10 -> date(text, year).map(Moment::on);
      default -> date(text, year).flatMap(date -> at(date, text));
    };
  }

  private static Optional<Moment> month(String text, int year) {
    int month = number(text, 5, 7);
    return text.charAt(4) == '-' && month >= 1 && month <= 12
        ? Optional.of(new Moment(year * 10_000 + month * 100, OptionalInt.empty()))
        : Optional.empty();
  }

  /** The day of the calendar that the text begins with. */
  private static Optional<LocalDate> date(String text, int year) {
    int month = number(text, 5, 7);
    int day = number(text, 8, 10);
    boolean there =
        month >= 1
            && month <= 12
            && day >= 1
            && day <= YearMonth.of(year, month).lengthOfMonth()
            && text.charAt(4) == '-'
            && text.charAt(7) == '-';
    return there ? Optional.of(LocalDate.of(year, month, day)) : Optional.empty();
  }

  private static Moment on(LocalDate date) {
    return new Moment(number(date), OptionalInt.empty());
  }

  private static int number(LocalDate date) {
    return date.getYear() * 10_000 + date.getMonthValue() * 100 + date.getDayOfMonth();
  }

  private static Optional<Moment> at(LocalDate date, String text) {
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    if (text.charAt(10) != 'T' || hour < 0 || hour > 23 || minute < 0 || minute > 59) {
      return Optional.empty();
    }
    int second = text.startsWith(":", 16) ? number(text, 17, 19) : 0;
    int zone = zone(text);
    long said = date.toEpochDay() * MINUTES + hour * 60L + minute;
    long local = zone == NONE ? said : inLondon(said - zone);
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(local, MINUTES));
    int of = (int) Math.floorMod(local, (long) MINUTES);
    return Optional.of(
        new Moment(number(day), of == 0 && second == 0 ? OptionalInt.empty() : OptionalInt.of(of)));
  }

  /** Minutes that the zone at the text's end is ahead of UTC. */
  private static int zone(String text) {
    int length = text.length();
    if (text.charAt(length - 1) == 'Z') {
      return 0;
    }
    char sign = text.charAt(length - 6);
    int hours = number(text, length - 5, length - 3);
    int minutes = number(text, length - 2, length);
    if (hours < 0 || minutes < 0 || (sign != '+' && sign != '-')) {
      return NONE;
    }
    return sign == '+' ? hours * 60 + minutes : -hours * 60 - minutes;
  }

  private static long inLondon(long utc) {
    int ahead = LONDON.getRules().getOffset(Instant.ofEpochSecond(utc * 60)).getTotalSeconds();
    return utc + ahead / 60;
  }

  /** The digits there as a number; negative when they are not digits all. */
  private static int number(String text, int from, int to) {
    if (to > text.length()) {
      return -1;
    }
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** Whether both may be the same: the same day, and no other minute of it. */
  boolean meets(Moment other) {
    return day == other.day
        && (minute.isEmpty() || other.minute.isEmpty() || minute.equals(other.minute));
  }
}
