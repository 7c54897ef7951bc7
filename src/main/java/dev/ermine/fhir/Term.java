package dev.ermine.fhir;

import java.util.List;
import java.util.Optional;

/**
 * Something said in codes, in words, or in both.
 *
 * @param codings those that have a code, each with the system or without one
 * @param text {@code text}, else the first {@code display}
 * @see <a href="https://hl7.org/fhir/R4/datatypes.html#CodeableConcept">FHIR R4:
 *     CodeableConcept</a>
 */
public record Term(List<Coding> codings, Optional<String> text) {

  public Term {
    codings = List.copyOf(codings);
  }

  /** The code that comes first, whatever its system. */
  Optional<String> code() {
    return codings.stream().map(Coding::code).findFirst();
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "Term";
  }
}
