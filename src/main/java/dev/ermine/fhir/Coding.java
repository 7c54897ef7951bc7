package dev.ermine.fhir;

/**
 * A code of a code system. Codings have an order, so that a map whose keys a peer makes up stays
 * quick when their hashes meet.
 *
 * @see <a href="https://hl7.org/fhir/R4/datatypes.html#Coding">FHIR R4: Coding</a>
 */
public record Coding(String system, String code) implements Comparable<Coding> {

  @Override
  public int compareTo(Coding other) {
    int byCode = code.compareTo(other.code);
    return byCode != 0 ? byCode : system.compareTo(other.system);
  }
}
