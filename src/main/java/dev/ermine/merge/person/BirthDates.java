package dev.ermine.merge.person;

import java.util.Optional;

/** The comparison of two birth dates, as they are written. */
final class BirthDates {

  /** What systems write for a date that nobody knew, where they must write one. */
  private static final String NOBODY_KNEW = "1900-01-01";

  private static final String FIRST_DAY = "-01-01";

  private BirthDates() {}

  static Degree compare(Optional<String> one, Optional<String> other) {
    return one.filter(BirthDates::isSaid).isPresent()
            && other.filter(BirthDates::isSaid).isPresent()
        ? compare(one.get(), other.get())
        : Degree.UNSAID;
  }

  private static Degree compare(String one, String other) {
    int shared = Math.min(one.length(), other.length());
    String start = one.substring(0, shared);
    String otherStart = other.substring(0, shared);
    if (start.equals(otherStart)) {
      return shared == 10 ? Degree.SAME : Degree.UNSAID;
    }
    boolean slip =
        Slips.isOneChange(start, otherStart)
            || isSwapped(start, otherStart)
            || isYearAlone(one, other);
    return slip ? Degree.SLIP : Degree.OTHER;
  }

  /** Whether day and month changed places, be there such a month or not. */
  private static boolean isSwapped(String one, String other) {
    return one.length() == 10
        && one.startsWith(other.substring(0, 5))
        && one.substring(5, 7).equals(other.substring(8))
        && one.substring(8).equals(other.substring(5, 7));
  }

  /** The first of January often stands for a day that nobody knew. */
  private static boolean isYearAlone(String one, String other) {
    return one.startsWith(other.substring(0, 4))
        && (one.endsWith(FIRST_DAY) || other.endsWith(FIRST_DAY));
  }

  /**
   * Whether it has the form of a date, whole or in part; a slip may have made an impossible one.
   */
  private static boolean isSaid(String date) {
    if (date.equals(NOBODY_KNEW)
        || (date.length() != 4 && date.length() != 7 && date.length() != 10)) {
      return false;
    }
    for (int i = 0; i < date.length(); i++) {
      boolean dash = i == 4 || i == 7;
      char c = date.charAt(i);
      if (dash ? c != '-' : c < '0' || c > '9') {
        return false;
      }
    }
    return true;
  }
}
