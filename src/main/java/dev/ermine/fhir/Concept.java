package dev.ermine.fhir;

import java.util.List;

/**
 * Something said in codes that all mean it.
 *
 * @param codings none where it is said in words alone; system and code of each, either empty where
 *     it lacks
 * @see <a href="https://hl7.org/fhir/R4/datatypes.html#CodeableConcept">FHIR R4:
 *     CodeableConcept</a>
 */
public record Concept(List<Coding> codings) {
  public Concept {
    codings = List.copyOf(codings);
  }
}
