package dev.ermine.policy;

import dev.ermine.fhir.Consent;
import dev.ermine.fhir.Consent.Reading;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.TimeSpan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Consents that one holder has recorded, as they were read: those that count, and why the
 * others do not.
 *
 * @param counting those in force
 * @param unclear whether one of them cannot be understood
 * @param notes why each of the others does not count, in words
 */
record RecordedConsents(List<Recorded> counting, boolean unclear, List<String> notes) {

  /** How many things all of them may say. */
  static final int SIZE = 10_000;

  /**
   * A Consent, and what it was read from.
   *
   * @param name as rule ids call it
   */
  record Recorded(String name, Consent consent, Entry entry) {

    /** When it was decided, or else recorded. */
    Optional<TimeSpan> time() {
      return consent.dateTime().or(consent::lastUpdated);
    }
  }

  /** Reads those among the entries. */
  static RecordedConsents of(List<Entry> entries) {
    List<Recorded> heard = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    boolean unclear = false;
    int number = 0;
    int size = 0;
    for (Entry entry : entries) {
      if (!entry.type().equals("Consent")) {
        continue;
      }
      String name = "consent[" + number++ + "]";
      switch (Consent.read(entry)) {
        case Reading.Heard(Consent consent) -> {
          heard.add(new Recorded(name, consent, entry));
          size += 1 + consent.size();
        }
        case Reading.OfNoConcern(String why) -> notes.add(name + " does not count: " + why);
        case Reading.Malformed(String why) -> {
          unclear = true;
          notes.add(name + " cannot be understood, and nothing may be disclosed: " + why);
        }
      }
    }
    if (size > SIZE) {
      notes.add("they say more than can be weighed, and nothing may be disclosed");
      return new RecordedConsents(List.of(), true, notes);
    }
    return new RecordedConsents(unsuperseded(heard, notes), unclear, notes);
  }

  private static List<Recorded> unsuperseded(List<Recorded> heard, List<String> notes) {
    Map<Line, Recorded> latest = new HashMap<>();
    for (Recorded each : heard) {
      Line.of(each).forEach(line -> latest.merge(line, each, RecordedConsents::later));
    }
    List<Recorded> counting = new ArrayList<>();
    for (Recorded each : heard) {
      Line.of(each)
          .map(latest::get)
          .filter(last -> isLater(last, each))
          .findFirst()
          .ifPresentOrElse(last -> notes.add(superseded(each, last)), () -> counting.add(each));
    }
    return counting;
  }

  private static String superseded(Recorded each, Recorded last) {
    return "%s does not count: %s has its identifier and is later"
        .formatted(each.name(), last.name());
  }

  private static Recorded later(Recorded one, Recorded other) {
    return other.time().orElseThrow().from() > one.time().orElseThrow().from() ? other : one;
  }

  private static boolean isLater(Recorded last, Recorded each) {
    return each.time().orElseThrow().isBefore(last.time().orElseThrow());
  }

  /**
   * Consents of which the latest takes the place of the others. Times of deciding are compared with
   * one another and times of recording likewise, or else three Consents could take each other's
   * places and none be left.
   */
  private record Line(Optional<String> system, Optional<String> value, boolean decided) {

    /** Those that a Consent is in: none, if it cannot be told when it was. */
    static Stream<Line> of(Recorded recorded) {
      Consent consent = recorded.consent();
      return recorded.time().isEmpty()
          ? Stream.empty()
          : consent.identifiers().stream()
              .map(each -> new Line(each.system(), each.value(), consent.dateTime().isPresent()));
    }
  }
}
