package dev.ermine.fhir;

/**
 * One search parameter as it stands in a query: decoded name, with its modifier or chain, and
 * decoded value.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#modifiers">FHIR R4: search modifiers</a>
 */
public record Parameter(String name, String value) {

  /** The name as messages may show it: it is a caller's text and may hold anything. */
  String shownName() {
    return Shown.of(name);
  }

  /** The name without modifier and chain. */
  String baseName() {
    return name.split("[:.]", 2)[0];
  }

  /** Never the value: it may be an NHS number. */
  @Override
  public String toString() {
    return "Parameter[" + shownName() + "]";
  }
}
