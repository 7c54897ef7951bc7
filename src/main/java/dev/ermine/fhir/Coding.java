package dev.ermine.fhir;

/**
 * A code of a code system.
 *
 * @see <a href="https://hl7.org/fhir/R4/datatypes.html#Coding">FHIR R4: Coding</a>
 */
public record Coding(String system, String code) {}
