package dev.ermine.merge.filter;

import dev.ermine.fhir.TimeSpan;
import java.time.Instant;
import java.util.Locale;

/**
 * How a date must lie to the one that is asked for: the prefixes of date search.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#prefix">FHIR R4: prefixes</a>
 */
enum Relation {
  EQ,
  NE,
  GT,
  LT,
  GE,
  LE,
  SA,
  EB,
  AP;

  /** The one that a value begins with; {@link #EQ} where it begins with none. */
  static Relation of(String value) {
    for (Relation relation : values()) {
      if (value.startsWith(relation.prefix())) {
        return relation;
      }
    }
    return EQ;
  }

  private String prefix() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Where the date begins in a value that this is of. */
  int prefixIn(String value) {
    return value.startsWith(prefix()) ? 2 : 0;
  }

  /** The time that is asked for: about then is within a tenth of how far it is from now. */
  TimeSpan of(TimeSpan date, Instant now) {
    if (this != AP) {
      return date;
    }
    long from = Math.abs(now.toEpochMilli() - date.from()) / 10;
    return new TimeSpan(date.from() - from, date.until() + from);
  }

  /**
   * Whether {@code found} lies so to {@code asked}. By the letter {@code ge} and {@code le} leave
   * out what neither lies within the date nor reaches beyond it, such as a stay that ended in the
   * month from which on stays are asked for; not every server does, and neither does this.
   */
  boolean holds(TimeSpan found, TimeSpan asked) {
    return switch (this) {
      case EQ -> asked.contains(found);
      case NE -> !asked.contains(found);
      case GT -> found.until() > asked.until();
      case LT -> found.from() < asked.from();
      case GE -> found.until() > asked.from();
      case LE -> found.from() < asked.until();
      case SA -> asked.isBefore(found);
      case EB -> found.isBefore(asked);
      case AP -> found.overlaps(asked);
    };
  }
}
