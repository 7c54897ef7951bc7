package dev.ermine.merge.person;

/** Slips of the hand: one character too many, too few or wrong, or two neighbours swapped. */
final class Slips {

  /** Names shorter than this are too alike for a letter not to matter: Li and Le, Ana and Ada. */
  private static final int SHORTEST = 4;

  private Slips() {}

  /**
   * Whether two names may be one, mistyped. Hardly anyone mistypes a first letter: Jayden, Hayden.
   */
  static boolean mayBe(String one, String other) {
    return one.length() >= SHORTEST
        && other.length() >= SHORTEST
        && one.charAt(0) == other.charAt(0)
        && (one.length() <= other.length() ? isOneChange(one, other) : isOneChange(other, one));
  }

  /** Whether one change makes {@code longer} of {@code text}, which is no longer than it. */
  static boolean isOneChange(String text, String longer) {
    int from = 0;
    while (from < text.length() && text.charAt(from) == longer.charAt(from)) {
      from++;
    }
    int tail = 0;
    while (tail < text.length() - from
        && text.charAt(text.length() - 1 - tail) == longer.charAt(longer.length() - 1 - tail)) {
      tail++;
    }
    int left = text.length() - from - tail;
    int right = longer.length() - from - tail;
    boolean oneWrong = right == 1;
    boolean swapped =
        left == 2
            && right == 2
            && text.charAt(from) == longer.charAt(from + 1)
            && text.charAt(from + 1) == longer.charAt(from);
    return oneWrong || swapped;
  }
}
