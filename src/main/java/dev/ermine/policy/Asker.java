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
 */
record Asker(
    RegionId region,
    String organisation,
    List<PurposeOfUse> purposes,
    List<String> roles,
    Optional<String> basis,
    Optional<Breaking> breaking,
    LocalDate day) {

  /** Agreements begin and end with the day where they were signed. */
  private static final ZoneId LONDON = ZoneId.of("Europe/London");

  static Asker of(Requester requester, Instant at) {
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
        day);
  }
}
