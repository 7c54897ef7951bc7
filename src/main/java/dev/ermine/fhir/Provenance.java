package dev.ermine.fhir;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A statement of which organisation's record some resources come from.
 *
 * @param id {@code Provenance.id}: what a searchset includes must have one
 * @param targets references to the resources, as they resolve in their Bundle; at least one
 * @param recorded when the gateway received them
 * @see <a href="https://hl7.org/fhir/R4/provenance.html">FHIR R4: Provenance</a>
 */
public record Provenance(
    Optional<String> id, List<String> targets, Instant recorded, Custodian custodian) {

  /**
   * The organisation whose record they come from.
   *
   * @param system the identifier system of {@code value}
   * @param value its identifier: an ODS code
   * @param display its name, for people
   */
  public record Custodian(String system, String value, String display) {
    public Custodian {
      if (system.isBlank() || value.isBlank()) {
        throw new IllegalArgumentException("a custodian is known by an identifier");
      }
    }
  }

  public Provenance {
    targets = List.copyOf(targets);
    if (targets.isEmpty() || targets.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("a provenance refers to at least one target");
    }
    if (id.isPresent() && !ResourceId.isValid(id.get())) {
      throw new IllegalArgumentException("not a resource id");
    }
  }
}
