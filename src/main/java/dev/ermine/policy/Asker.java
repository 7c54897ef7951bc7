package dev.ermine.policy;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.RegionId;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * All that rules look at in a requester, on the day of the question.
 *
 * @param roles codes of {@link AgreementRules#ROLES}
 * @param basis of the relationship with the patient, where one is stated
 * @param breaking what is stated where one of the purposes is to see what is withheld otherwise
 * @param isPatient whether one of the purposes is that patients see their own records
 * @param beyondCare whether one of the purposes lies beyond individual care
 * @param optOutsKnown whether it is known who has opted out of such uses
 */
record Asker(
    RegionId region,
    String organisation,
    List<PurposeOfUse> purposes,
    List<String> roles,
    Optional<String> basis,
    Optional<Breaking> breaking,
    boolean isPatient,
    boolean beyondCare,
    boolean optOutsKnown,
    LocalDate day) {

  /** Agreements begin and end with the day where they were signed. */
  static final ZoneId LONDON = ZoneId.of("Europe/London");

  static Asker of(Requester requester, Instant at, boolean optOutsKnown) {
    return new Asker(
        requester.region(),
        requester.organisation().ods(),
        requester.purposes(),
        requester.roles().stream()
            .filter(role -> role.system().equals(AgreementRules.ROLES))
            .map(Coding::code)
            .toList(),
        requester
            .relationship()
            .map(Requester.Relationship::basis)
            .filter(basis -> !basis.isBlank()),
        Breaking.of(requester, at),
        Use.PATIENT_ACCESS.isAmong(requester.purposes()),
        Use.BEYOND_CARE.isAmong(requester.purposes()),
        optOutsKnown,
        at.atZone(LONDON).toLocalDate());
  }

  /** The same, had they all that it takes to break the glass but the role. */
  Asker breakingGlass() {
    return new Asker(
        region,
        organisation,
        List.of(PurposeOfUse.BREAK_THE_GLASS),
        roles,
        basis,
        Optional.of(new Breaking.Whole()),
        false,
        false,
        optOutsKnown,
        day);
  }
}
