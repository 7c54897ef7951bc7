package dev.ermine.merge.quality;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Something that a region gets wrong in an entry. What can be shown safely is shown and flagged;
 * only what cannot is set aside, and said to be.
 */
public enum Flaw {
  /** Whose record it is cannot be told, and it may be another's. */
  NO_SUBJECT(
      Fate.SET_ASIDE, "does not say for sure whose it is", "do not say for sure whose they are"),
  /** Nothing could refer to it, and it may be another entry with a slip in its id. */
  NO_ADDRESS(Fate.SET_ASIDE, "has no address of its own", "have no address of their own"),
  /** It would send a reader to an address that nobody has vouched for. */
  FOREIGN_DOCUMENT(
      Fate.SET_ASIDE,
      "has a document outside the region's own addresses",
      "have a document outside the region's own addresses"),
  /** What says whose record it is, is not known of such a type. */
  UNKNOWN_TYPE(
      Fate.SET_ASIDE,
      "is of a type that FHIR R4 does not have",
      "are of a type that FHIR R4 does not have"),
  /** Which of two under one id is the right one cannot be told; the first is shown. */
  DUPLICATE_ID(
      Fate.SET_ASIDE, "has the address of another entry", "have the address of another entry"),
  INVALID_NHS_NUMBER(
      Fate.FLAGGED,
      "has an NHS number that cannot be one",
      "have an NHS number that cannot be one"),
  IMPOSSIBLE_DATE(Fate.FLAGGED, "has an impossible date", "have an impossible date"),
  MISSING_CODE(Fate.FLAGGED, "does not say what it is about", "do not say what they are about"),
  /** No rule and no search can tell what it is about. */
  TEXT_FOR_CODE(
      Fate.FLAGGED,
      "says what it is about in words without a code",
      "say what they are about in words without a code"),
  MISSING_STATUS(Fate.FLAGGED, "lacks its status", "lack their status"),
  UNKNOWN_SYSTEM(
      Fate.FLAGGED, "has a code of no known code system", "have a code of no known code system"),
  BROKEN_REFERENCE(
      Fate.FLAGGED, "has a reference that leads nowhere", "have a reference that leads nowhere"),
  GARBLED(
      Fate.FLAGGED, "has text spoilt by a wrong encoding", "have text spoilt by a wrong encoding");

  private enum Fate {
    SET_ASIDE,
    FLAGGED
  }

  private final Fate fate;
  private final String one;
  private final String many;

  Flaw(Fate fate, String one, String many) {
    this.fate = fate;
    this.one = one;
    this.many = many;
  }

  /** The code of it, in flags, metrics and counts. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether an entry that has it is not shown. */
  public boolean isSetAside() {
    return fate == Fate.SET_ASIDE;
  }

  /** How often each of them is there. */
  public static Map<Flaw, Integer> counted(Collection<Flaw> flaws) {
    Map<Flaw, Integer> counts = new EnumMap<>(Flaw.class);
    flaws.forEach(flaw -> counts.merge(flaw, 1, Integer::sum));
    return counts;
  }

  /** What is wrong with so many entries: {@code 3 have an impossible date, 1 lacks its status}. */
  public static String words(Map<Flaw, Integer> counts) {
    return counts.entrySet().stream()
        .map(flaw -> flaw.getKey().of(flaw.getValue()))
        .collect(Collectors.joining(", "));
  }

  private String of(int entries) {
    return entries + " " + (entries == 1 ? one : many);
  }
}
