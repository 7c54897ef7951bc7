package dev.ermine.merge.summary;

/**
 * How a section is written for people.
 *
 * @see <a href="https://hl7.org/fhir/R4/narrative.html">FHIR R4: Narrative</a>
 */
@FunctionalInterface
public interface Narrative {

  /** The section as an XHTML {@code div} of the elements that FHIR allows, all text escaped. */
  String of(Section section);
}
