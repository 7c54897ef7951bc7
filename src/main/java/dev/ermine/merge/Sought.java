package dev.ermine.merge;

import dev.ermine.fhir.Demographics;
import dev.ermine.fhir.Demographics.PersonName;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.trust.Requester;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The patient asked about, and the reference that each region's Patient is held against.
 *
 * @param number the NHS number asked for
 * @param superseded numbers that the Personal Demographics Service says were theirs before
 * @param reference what is known of them for sure; empty: nobody has said, and the NHS number is
 *     all there is to go by
 */
public record Sought(
    NhsNumber number, Set<NhsNumber> superseded, Optional<Demographics> reference) {

  public Sought {
    superseded = Set.copyOf(superseded);
  }

  /** A patient of whom nothing but the number is known. */
  public static Sought byNumber(NhsNumber number) {
    return new Sought(number, Set.of(), Optional.empty());
  }

  /** A patient as the asker's own signed token knows them. */
  public static Sought by(Requester requester, NhsNumber number) {
    return new Sought(
        number,
        Set.of(),
        requester
            .patient()
            .filter(patient -> patient.identifier().equals(number))
            .flatMap(Sought::demographics));
  }

  private static Optional<Demographics> demographics(Requester.Patient patient) {
    boolean silent =
        patient.family().isEmpty() && patient.given().isEmpty() && patient.birthdate().isEmpty();
    return silent
        ? Optional.empty()
        : Optional.of(
            new Demographics(
                List.of(new PersonName(Optional.empty(), patient.family(), patient.given())),
                patient.birthdate(),
                patient.gender()));
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "Sought";
  }
}
