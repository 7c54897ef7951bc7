package dev.ermine.merge.person;

import java.util.Collection;
import java.util.Map;

/**
 * How far an NHS number in a record tells whose record it is, by the verification status that
 * stands beside it. A code that is not known is one that does not say that the number was verified.
 *
 * @see <a
 *     href="https://www.datadictionary.nhs.uk/attributes/nhs_number_status_indicator_code.html">NHS
 *     Data Dictionary: NHS number status indicator code</a>
 */
public enum NumberStanding {
  /** Verified, or nothing is said: the number counts. */
  COUNTS,
  /** Not traced, or not yet: the number counts only with demographics that agree in full. */
  UNTRACED,
  /** Traced in vain, or to somebody else's details: it is not surely this person's. */
  DISPUTED;

  private static final Map<String, NumberStanding> CODES =
      Map.of(
          "01", COUNTS, // present and verified
          "02", UNTRACED, // present but not traced
          "03", UNTRACED, // trace required
          "04", DISPUTED, // trace attempted: no match or multiple match
          "05", DISPUTED, // trace needs to be resolved: number or patient detail conflict
          "06", UNTRACED, // trace in progress
          "07", UNTRACED, // number not present, trace not required
          "08", UNTRACED); // trace postponed: baby under six weeks old

  /** The least of what these codes say. */
  public static NumberStanding of(Collection<String> codes) {
    NumberStanding least = COUNTS;
    for (String code : codes) {
      NumberStanding standing = CODES.getOrDefault(code, UNTRACED);
      least = standing.compareTo(least) > 0 ? standing : least;
    }
    return least;
  }
}
