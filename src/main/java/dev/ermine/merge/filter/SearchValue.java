package dev.ermine.merge.filter;

import java.util.ArrayList;
import java.util.List;

/**
 * The value of a search parameter, taken apart where it is and not where a backslash stands before.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#escaping">FHIR R4: escaping search
 *     parameters</a>
 */
final class SearchValue {

  private SearchValue() {}

  /** The alternatives of it, still escaped. */
  static List<String> alternatives(String value) {
    return parts(value, ',');
  }

  /** The text between separators, still escaped: one part at least. */
  static List<String> parts(String value, char separator) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) == '\\') {
        i++;
      } else if (value.charAt(i) == separator) {
        parts.add(value.substring(from, i));
        from = i + 1;
      }
    }
    parts.add(value.substring(from));
    return parts;
  }

  /** The text that is meant. */
  static String plain(String escaped) {
    StringBuilder plain = new StringBuilder(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      boolean escape = escaped.charAt(i) == '\\' && i + 1 < escaped.length();
      plain.append(escaped.charAt(escape ? ++i : i));
    }
    return plain.toString();
  }
}
