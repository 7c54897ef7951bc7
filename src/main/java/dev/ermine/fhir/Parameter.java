package dev.ermine.fhir;

/**
 * One search parameter as it stands in a query: decoded name, with its modifier or chain, and
 * decoded value.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#modifiers">FHIR R4: search modifiers</a>
 */
public record Parameter(String name, String value) {

  /** Never the value: it may be an NHS number. */
  @Override
  public String toString() {
    return "Parameter[" + name + "]";
  }
}
