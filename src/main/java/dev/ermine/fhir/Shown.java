package dev.ermine.fhir;

/**
 * A caller's text as messages may show it: short, and without anything that could be a number of a
 * person or a trick on a log.
 */
final class Shown {

  private static final int LONGEST = 64;

  private Shown() {}

  /**
   * {@code text} cut, with {@code ?} for all that no FHIR name or wildcard has: digits among it.
   */
  static String of(String text) {
    if (text.isEmpty()) {
      return "(empty)";
    }
    String cut = text.substring(0, Math.min(text.length(), LONGEST));
    return cut.replaceAll("[^A-Za-z_.:/*+-]", "?");
  }
}
