package dev.ermine.merge.fact;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets.Dated;
import java.util.Optional;

/** Days of entries, as far as contradictions hang on which came first. */
final class Times {

  private Times() {}

  /** When it says that what it tells of came to its end. */
  static Optional<Moment> ended(Entry entry) {
    for (Dated dated : entry.facets().dates()) {
      if (dated.element().equals("effectivePeriod")) {
        return dated.end().flatMap(Moment::parse);
      }
    }
    return Optional.empty();
  }

  /** When it says that it began, as opposed to when it was written down. */
  static Optional<Moment> onset(Entry entry) {
    for (Dated dated : entry.facets().dates()) {
      if (dated.element().equals("onsetDateTime") || dated.element().equals("onsetPeriod")) {
        return dated.start().flatMap(Moment::parse);
      }
    }
    return Optional.empty();
  }

  /** The first day it may have begun; one that is not said may be any. */
  static int began(Entry entry) {
    return Moment.of(entry).map(Moment::day).orElse(0);
  }

  /**
   * The last day it may have ended on. Where no end is said, it was not before it was written down;
   * where nothing is said, it may be any.
   */
  static int stopped(Entry entry) {
    return ended(entry).or(() -> Moment.of(entry)).map(Times::last).orElse(Integer.MAX_VALUE);
  }

  /** Of a year or a month the last day that its number may stand for. */
  private static int last(Moment moment) {
    int day = moment.day();
    return day % 10_000 == 0 ? day + 9_999 : day % 100 == 0 ? day + 99 : day;
  }

  /** Whether these cannot be the same day, each as exact as it is. */
  static boolean differ(Moment one, Moment other) {
    return differ(one.day() / 10_000, other.day() / 10_000)
        || differ(one.day() / 100 % 100, other.day() / 100 % 100)
        || differ(one.day() % 100, other.day() % 100);
  }

  private static boolean differ(int part, int other) {
    return part > 0 && other > 0 && part != other;
  }
}
