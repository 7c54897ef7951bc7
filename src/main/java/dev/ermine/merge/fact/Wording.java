package dev.ermine.merge.fact;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Free text, as far as it can be compared: case, space and a full stop at the end mean nothing.
 * That it is worded in another way does not tell that it means another thing.
 */
final class Wording {

  private static final Set<String> YES =
      Set.of("positive", "pos", "detected", "present", "reactive", "abnormal", "yes", "true");

  private static final Set<String> NO =
      Set.of(
          "negative",
          "neg",
          "not detected",
          "absent",
          "non-reactive",
          "not reactive",
          "normal",
          "no",
          "false");

  private static final Map<String, String> NUMBERS =
      Map.ofEntries(
          Map.entry("half", "0.5"),
          Map.entry("one", "1"),
          Map.entry("once", "1"),
          Map.entry("two", "2"),
          Map.entry("twice", "2"),
          Map.entry("three", "3"),
          Map.entry("four", "4"),
          Map.entry("five", "5"),
          Map.entry("six", "6"),
          Map.entry("seven", "7"),
          Map.entry("eight", "8"),
          Map.entry("nine", "9"),
          Map.entry("ten", "10"));

  private Wording() {}

  /** The text in one spelling. */
  static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    boolean space = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        space = !plain.isEmpty();
      } else {
        plain.append(space ? " " : "").append(c);
        space = false;
      }
    }
    int end = plain.length();
    while (end > 0 && plain.charAt(end - 1) == '.') {
      end--;
    }
    return plain.substring(0, end).toLowerCase(Locale.ROOT);
  }

  /** Of two findings in words: different only where one is the plain contrary of the other. */
  static Comparison findings(String one, String other) {
    String first = plain(one);
    String second = plain(other);
    if (first.equals(second)) {
      return Comparison.SAME;
    }
    boolean contrary =
        (YES.contains(first) && NO.contains(second))
            || (NO.contains(first) && YES.contains(second));
    return contrary ? Comparison.DIFFERENT : Comparison.UNSAID;
  }

  /**
   * Of two directions in words: different where they have the same words and other numbers, as in
   * "One to be taken each day" and "Two to be taken each day".
   */
  static Comparison directions(String one, String other) {
    String first = plain(one);
    String second = plain(other);
    if (first.equals(second)) {
      return Comparison.SAME;
    }
    List<String> numbers = new ArrayList<>();
    List<String> others = new ArrayList<>();
    boolean samePhrase = phrase(first, numbers).equals(phrase(second, others));
    return samePhrase && !numbers.equals(others) ? Comparison.DIFFERENT : Comparison.UNSAID;
  }

  /** The words without their numbers, which go to {@code numbers}. */
  private static List<String> phrase(String plain, List<String> numbers) {
    List<String> words = new ArrayList<>();
    for (String word : plain.split(" ", -1)) {
      String number = NUMBERS.getOrDefault(word, word);
      int digits = digits(number);
      if (digits > 0) {
        numbers.add(number.substring(0, digits));
        words.add("#" + singular(number.substring(digits)));
      } else {
        words.add(singular(word));
      }
    }
    return words;
  }

  private static String singular(String word) {
    return word.length() > 3 && word.endsWith("s") ? word.substring(0, word.length() - 1) : word;
  }

  /** How many characters of a number a word begins with. */
  private static int digits(String word) {
    int at = 0;
    while (at < word.length()
        && (Character.isDigit(word.charAt(at))
            || (at > 0 && (word.charAt(at) == '.' || word.charAt(at) == '-')))) {
      at++;
    }
    return at;
  }
}
