package dev.ermine.merge.fact;

import dev.ermine.fhir.Clinical;
import dev.ermine.fhir.Dose;
import dev.ermine.fhir.Value;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A peer's words as an issue quotes them: short, on one line, without anything that is unseen. */
final class Quoted {

  private static final int LONGEST = 80;

  private Quoted() {}

  /** {@code text} in quotation marks. */
  static String text(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    int at = 0;
    while (at < text.length() && quoted.length() <= LONGEST) {
      int c = text.codePointAt(at);
      quoted.appendCodePoint(isSeen(c) ? c : ' ');
      at += Character.charCount(c);
    }
    return quoted.append(at < text.length() ? "…\"" : "\"").toString();
  }

  private static boolean isSeen(int c) {
    return c != '"'
        && switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
              false;
          default -> true;
        };
  }

  /** What people call what it is about; else its code. */
  static String name(Witness witness) {
    return witness
        .says()
        .display()
        .map(Quoted::text)
        .orElseGet(
            () ->
                witness.fact().subject().stream()
                    .findFirst()
                    .map(coding -> "code " + text(coding.code()))
                    .orElse("something without a name"));
  }

  /** What an observation found. */
  static String value(Clinical says) {
    return says.value()
        .flatMap(Value::inWords)
        .or(
            () ->
                says.components().stream()
                    .flatMap(part -> part.value().stream())
                    .flatMap(value -> value.inWords().stream())
                    .reduce((one, other) -> one + " / " + other))
        .map(Quoted::text)
        .orElse("a value");
  }

  /** The directions of a medicine. */
  static String dose(Clinical says) {
    return says.doses().stream()
        .flatMap(dose -> dose(dose).stream())
        .reduce((one, other) -> one + "; " + other)
        .map(Quoted::text)
        .orElse("a dose");
  }

  private static Optional<String> dose(Dose dose) {
    return dose.text().or(() -> dose.amount().flatMap(Value::inWords));
  }

  /** Joined as in a sentence. */
  static String joined(Collection<String> names) {
    List<String> all = List.copyOf(names);
    int last = all.size() - 1;
    return last < 1
        ? String.join("", all)
        : String.join(", ", all.subList(0, last)) + " and " + all.get(last);
  }
}
