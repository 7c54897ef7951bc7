package dev.ermine.merge.quality;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Entry.Reference;
import dev.ermine.fhir.SecondLook;
import java.util.Set;

/**
 * The look at references that lead nowhere by themselves: that what they lead to was sent, nobody
 * promises.
 *
 * @see <a href="https://hl7.org/fhir/R4/references.html#Reference">FHIR R4: Reference</a>
 */
final class ReferenceCheck {

  private ReferenceCheck() {}

  /** Whether a reference of an entry does. */
  static boolean isBrokenIn(Entry entry) {
    boolean contained = false;
    for (Reference reference : entry.references()) {
      if (reference.literal().isEmpty()) {
        if (reference.identifierSystem().isPresent() && reference.identifierValue().isEmpty()) {
          return true;
        }
      } else {
        String literal = reference.literal().get().value();
        if (!isLiteral(literal)) {
          return true;
        }
        contained |= literal.length() > 1 && literal.charAt(0) == '#';
      }
    }
    return contained && missesContained(entry);
  }

  /** Whether it can lead anywhere: {@code Type/id}, an absolute URI, {@code #} and an id. */
  private static boolean isLiteral(String literal) {
    if (literal.isEmpty() || literal.indexOf(' ') >= 0) {
      return false;
    }
    char first = literal.charAt(0);
    if (first == '#' || literal.indexOf(':') > 0) {
      return true;
    }
    int slash = literal.indexOf('/');
    return first >= 'A' && first <= 'Z' && slash > 0 && slash < literal.length() - 1;
  }

  private static boolean missesContained(Entry entry) {
    Set<String> ids = SecondLook.containedIds(entry);
    for (Reference reference : entry.references()) {
      String literal = reference.literal().map(Entry.Url::value).orElse("");
      if (literal.length() > 1 && literal.charAt(0) == '#' && !ids.contains(literal.substring(1))) {
        return true;
      }
    }
    return false;
  }
}
