package dev.ermine.fhir;

import dev.ermine.fhir.Entry.Identifier;
import java.util.Optional;

/**
 * What a Reference says of the resource that it means.
 *
 * @param literal where it is
 * @param type its type, where that is said
 * @param logical an identifier of it, with system and value
 * @see <a href="https://hl7.org/fhir/R4/references.html#Reference">FHIR R4: Reference</a>
 */
public record Pointer(
    Optional<String> literal, Optional<String> type, Optional<Identifier> logical) {

  /** The type of what it means, as far as it tells. */
  public Optional<String> target() {
    return type.or(() -> literal.flatMap(Pointer::typeIn));
  }

  private static Optional<String> typeIn(String literal) {
    String[] parts = Addresses.withoutVersion(literal).split("/", -1);
    boolean named = parts.length > 1 && parts[parts.length - 2].matches("[A-Z][A-Za-z]{1,63}");
    return named ? Optional.of(parts[parts.length - 2]) : Optional.empty();
  }

  /** Nothing of it: it may point to a person. */
  @Override
  public String toString() {
    return "Pointer";
  }
}
