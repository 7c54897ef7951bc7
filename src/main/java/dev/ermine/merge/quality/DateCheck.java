package dev.ermine.merge.quality;

import dev.ermine.fhir.DateText;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets.Dated;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The look at dates that cannot be: none of the calendar, before anybody's time, after now for what
 * has happened, or an end before its start.
 */
final class DateCheck {

  /** Nobody is alive of whom a record tells something older. */
  private static final long EARLIEST = Instant.parse("1850-01-01T00:00:00Z").toEpochMilli();

  /** Clocks differ, and so do the zones of dates without one. */
  private static final Duration LEEWAY = Duration.ofDays(1);

  private final long latest;

  DateCheck(Instant now) {
    this.latest = now.plus(LEEWAY).toEpochMilli();
  }

  /** Whether a date at the top of an entry is one. */
  boolean isImpossibleIn(Entry entry) {
    for (Dated dated : entry.facets().dates()) {
      if (isImpossible(entry.type(), dated)) {
        return true;
      }
    }
    return false;
  }

  private boolean isImpossible(String type, Dated dated) {
    if (dated.start().isEmpty() && dated.end().isEmpty()) {
      return false;
    }
    Optional<DateText> start = dated.start().flatMap(DateText::parse);
    boolean instant = dated.end().equals(dated.start());
    Optional<DateText> end = instant ? start : dated.end().flatMap(DateText::parse);
    return start.isPresent() != dated.start().isPresent()
        || end.isPresent() != dated.end().isPresent()
        || start.filter(date -> date.from() < EARLIEST).isPresent()
        || end.filter(date -> date.from() < EARLIEST).isPresent()
        || (start.isPresent() && end.isPresent() && start.get().from() >= end.get().until())
        || (start.filter(date -> date.from() > latest).isPresent()
            && tellsOfThePast(type, dated.element()));
  }

  /** Whether an element says when something was done or written down, and never when it shall. */
  private static boolean tellsOfThePast(String type, String element) {
    return switch (element) {
      case "recordedDate",
          "recorded",
          "authoredOn",
          "dateAsserted",
          "issued",
          "lastOccurrence",
          "received",
          "sent",
          "onsetDateTime",
          "onsetPeriod",
          "deceasedDateTime" ->
          true;
      case "date" -> !type.equals("Appointment");
      case "effectiveDateTime", "effectiveInstant" ->
          type.equals("Observation") || type.equals("DiagnosticReport");
      default -> false;
    };
  }
}
