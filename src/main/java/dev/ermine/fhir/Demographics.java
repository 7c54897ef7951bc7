package dev.ermine.fhir;

import java.util.List;
import java.util.Optional;

/**
 * What tells one person from another, as a record or an asker has it.
 *
 * @param names current ones and former ones
 * @param birthDate {@code YYYY-MM-DD}, or as much of it as is known
 * @param gender {@code male | female | other | unknown}
 * @see <a href="https://hl7.org/fhir/R4/patient.html">FHIR R4: Patient</a>
 */
public record Demographics(
    List<PersonName> names, Optional<String> birthDate, Optional<String> gender) {

  /**
   * A person's name.
   *
   * @param use {@code official | usual | nickname | maiden | old …}, when said
   * @param given each given name by itself, in order
   */
  public record PersonName(Optional<String> use, Optional<String> family, List<String> given) {
    public PersonName {
      given = List.copyOf(given);
    }

    /** Nothing of it. */
    @Override
    public String toString() {
      return "PersonName";
    }
  }

  public Demographics {
    names = List.copyOf(names);
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "Demographics";
  }
}
