package dev.ermine.fhir;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What tells one person from another, as a record or an asker has it.
 *
 * @param names current ones and former ones
 * @param birthDate {@code YYYY-MM-DD}, or as much of it as is known
 * @param gender {@code male | female | other | unknown}
 * @param deceased whether they have died, where that is said; a date of death says that they have
 * @param verification codes that say how sure the record is of its current NHS numbers; an empty
 *     text is a code that is not known; empty: nothing is said of it
 * @see <a href="https://hl7.org/fhir/R4/patient.html">FHIR R4: Patient</a>
 * @see <a
 *     href="https://simplifier.net/hl7fhirukcorer4/extension-ukcore-nhsnumberverificationstatus">Extension-UKCore-NHSNumberVerificationStatus</a>
 */
public record Demographics(
    List<PersonName> names,
    Optional<String> birthDate,
    Optional<String> gender,
    Optional<Boolean> deceased,
    Set<String> verification) {

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
    verification = Set.copyOf(verification);
  }

  /** What an asker says of a patient, which is no more than who they are. */
  public Demographics(List<PersonName> names, Optional<String> birthDate, Optional<String> gender) {
    this(names, birthDate, gender, Optional.empty(), Set.of());
  }

  /** What a Patient says of itself; empty when that cannot be read for sure. */
  public static Optional<Demographics> of(Entry patient) {
    try {
      return Optional.of(PatientReader.read(Element.root(patient.resource())));
    } catch (Element.Unfit e) {
      // Whose record it is cannot be told; what the exception says is of no use beyond that.
      return Optional.empty();
    }
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "Demographics";
  }
}
