package dev.ermine.merge;

import dev.ermine.fhir.Demographics;
import dev.ermine.fhir.Demographics.PersonName;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.trust.Requester;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The patient asked about, and the reference that each region's Patient is held against.
 *
 * @param number the NHS number asked for
 * @param superseded other numbers of theirs, as the Personal Demographics Service says: one of all
 *     these has taken the place of the others, and a region may not know it yet
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

  /** The number asked for, and the others. */
  public Set<NhsNumber> numbers() {
    Set<NhsNumber> numbers = new LinkedHashSet<>(Set.of(number));
    numbers.addAll(superseded);
    return numbers;
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

  /**
   * A patient as the Personal Demographics Service knows them. It answers a superseded number with
   * the Patient who is filed under the number that has taken its place.
   *
   * @param said what it said to the question who {@code number} is
   * @see <a
   *     href="https://digital.nhs.uk/developer/api-catalogue/personal-demographics-service-fhir">PDS
   *     FHIR API: get patient details, superseded patients</a>
   */
  public static Sought byDemographics(PeerAnswer said, NhsNumber number) {
    if (!(said instanceof PeerAnswer.Answered(List<Entry> patients, _, _))
        || patients.size() != 1) {
      return byNumber(number);
    }
    Entry patient = patients.getFirst();
    return filedUnder(patient)
        .map(
            current ->
                new Sought(
                    number,
                    current.equals(number) ? Set.of() : Set.of(current),
                    Demographics.of(patient)))
        .orElseGet(() -> byNumber(number));
  }

  /**
   * The NHS number that the Personal Demographics Service files a Patient under: their id, and the
   * one NHS number that they carry. Empty where these do not agree.
   */
  public static Optional<NhsNumber> filedUnder(Entry patient) {
    List<Optional<String>> carried =
        patient.identifiers().stream()
            .filter(identifier -> identifier.system().equals(Optional.of(NhsNumber.SYSTEM)))
            .map(Entry.Identifier::value)
            .toList();
    return patient.type().equals("Patient") && carried.equals(List.of(patient.id()))
        ? patient.id().flatMap(NhsNumber::parse)
        : Optional.empty();
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
