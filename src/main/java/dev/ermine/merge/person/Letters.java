package dev.ermine.merge.person;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The spelling of names as far as it tells them apart: without case, accents, hyphens, apostrophes,
 * or the ways in which one sound is written (Müller, Mueller; McCarthy, MacCarthy; Ann, An).
 *
 * @see <a href="https://www.unicode.org/reports/tr15/">Unicode: normalization forms</a>
 */
final class Letters {

  /** What does not come apart into a letter and a mark. */
  private static final Map<Character, String> PLAIN =
      Map.ofEntries(
          Map.entry('ß', "ss"),
          Map.entry('æ', "ae"),
          Map.entry('œ', "oe"),
          Map.entry('ø', "o"),
          Map.entry('ð', "d"),
          Map.entry('đ', "d"),
          Map.entry('þ', "th"),
          Map.entry('ł', "l"),
          Map.entry('ħ', "h"),
          Map.entry('ı', "i"),
          Map.entry('ŋ', "n"),
          Map.entry('ə', "e"),
          Map.entry('ɓ', "b"),
          Map.entry('ɗ', "d"),
          Map.entry('ƙ', "k"));

  /** Shorter parts are left as they are: Lee and Le, Sue and Su. */
  private static final int LOOSE = 4;

  private Letters() {}

  /** The parts of a name, in order; none when it has no letter. */
  static List<String> parts(String name) {
    String text = Normalizer.normalize(name.toLowerCase(Locale.ROOT), Normalizer.Form.NFKD);
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isLetterOrDigit(c) || Character.isSurrogate(c)) {
        part.append(PLAIN.getOrDefault(c, String.valueOf(c)));
      } else if (Character.getType(c) != Character.NON_SPACING_MARK) {
        end(part, parts);
      }
    }
    end(part, parts);
    return List.copyOf(parts);
  }

  /** Whether a name is written in Latin letters: it compares with no name in others. */
  static boolean areLatin(List<String> parts) {
    return parts.stream().allMatch(part -> part.chars().allMatch(c -> c < 128));
  }

  private static void end(StringBuilder part, List<String> parts) {
    if (!part.isEmpty()) {
      parts.add(part.length() < LOOSE ? part.toString() : loose(part.toString()));
      part.setLength(0);
    }
  }

  /** One spelling for sounds that have several. */
  private static String loose(String part) {
    String text = part.startsWith("mc") ? "mac" + part.substring(2) : part;
    StringBuilder loose = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char last = i == 0 ? ' ' : text.charAt(i - 1);
      boolean umlaut = c == 'e' && (last == 'a' || last == 'o' || last == 'u');
      if (c != last && !umlaut) {
        loose.append(c);
      }
    }
    return loose.toString();
  }
}
