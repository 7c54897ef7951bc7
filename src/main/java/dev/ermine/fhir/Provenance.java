package dev.ermine.fhir;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A statement of which organisation's record some resources come from, and by whom.
 *
 * @param id {@code Provenance.id}: what a searchset includes must have one
 * @param targets references to the resources, as they resolve in their Bundle; at least one
 * @param recorded when the gateway received them
 * @param agents at least one
 * @see <a href="https://hl7.org/fhir/R4/provenance.html">FHIR R4: Provenance</a>
 */
public record Provenance(
    Optional<String> id, List<String> targets, Instant recorded, List<Agent> agents) {

  /** The code system of the parts that agents take. */
  static final String ROLES = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

  /** The part that an agent takes. */
  public enum Part {
    /** It answers for the record. */
    CUSTODIAN(ROLES, "custodian"),

    /**
     * It provided the copy. R4's own codes have no such part, and its value set may be extended; US
     * Core has the code for just that.
     *
     * @see <a
     *     href="https://hl7.org/fhir/us/core/STU7/CodeSystem-us-core-provenance-participant-type.html">US
     *     Core: provenance participant type</a>
     */
    TRANSMITTER(
        "http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type",
        "transmitter");

    private final String system;
    private final String code;

    Part(String system, String code) {
      this.system = system;
      this.code = code;
    }

    Coding coding() {
      return new Coding(system, code);
    }
  }

  /**
   * An organisation that took part.
   *
   * @param identifier what it is known by; empty where it is not known
   * @param display its name, for people
   */
  public record Agent(Part part, Optional<Known> identifier, String display) {

    /**
     * An identifier.
     *
     * @param system the identifier system of {@code value}
     */
    public record Known(String system, String value) {
      public Known {
        if (system.isBlank() || value.isBlank()) {
          throw new IllegalArgumentException("an identifier has a system and a value");
        }
      }
    }

    public Agent {
      if (identifier.isEmpty() && display.isBlank()) {
        throw new IllegalArgumentException("an agent has an identifier or a name");
      }
    }
  }

  public Provenance {
    targets = List.copyOf(targets);
    agents = List.copyOf(agents);
    if (targets.isEmpty() || targets.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("a provenance refers to at least one target");
    }
    if (agents.isEmpty()) {
      throw new IllegalArgumentException("a provenance has at least one agent");
    }
    if (id.isPresent() && !ResourceId.isValid(id.get())) {
      throw new IllegalArgumentException("not a resource id");
    }
  }
}
