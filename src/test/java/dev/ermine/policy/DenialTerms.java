package dev.ermine.policy;

import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.Denial;
import dev.ermine.region.RegionId;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/** A denial in the making; it begins by denying everything, in 2022 and after. */
record DenialTerms(Denial denial) {

  static DenialTerms denial(String id) {
    return new DenialTerms(
        new Denial(
            id,
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            LocalDate.of(2022, 1, 1),
            Optional.empty()));
  }

  DenialTerms releases(RegionId... ids) {
    return with(
        Set.of(ids),
        denial.to(),
        denial.organisations(),
        denial.purposes(),
        denial.roles(),
        denial.types());
  }

  DenialTerms to(RegionId... ids) {
    return with(
        denial.releases(),
        Set.of(ids),
        denial.organisations(),
        denial.purposes(),
        denial.roles(),
        denial.types());
  }

  DenialTerms organisations(String... codes) {
    return with(
        denial.releases(),
        denial.to(),
        Set.of(codes),
        denial.purposes(),
        denial.roles(),
        denial.types());
  }

  DenialTerms purposes(String... codes) {
    return with(
        denial.releases(),
        denial.to(),
        denial.organisations(),
        Parties.purposes(codes),
        denial.roles(),
        denial.types());
  }

  DenialTerms roles(String... codes) {
    return with(
        denial.releases(),
        denial.to(),
        denial.organisations(),
        denial.purposes(),
        Set.of(codes),
        denial.types());
  }

  DenialTerms types(String... types) {
    return with(
        denial.releases(),
        denial.to(),
        denial.organisations(),
        denial.purposes(),
        denial.roles(),
        Set.of(types));
  }

  DenialTerms valid(LocalDate from, Optional<LocalDate> until) {
    return new DenialTerms(
        new Denial(
            denial.id(),
            denial.releases(),
            denial.to(),
            denial.organisations(),
            denial.purposes(),
            denial.roles(),
            denial.types(),
            from,
            until));
  }

  private DenialTerms with(
      Set<RegionId> releases,
      Set<RegionId> to,
      Set<String> organisations,
      Set<PurposeOfUse> purposes,
      Set<String> roles,
      Set<String> types) {
    return new DenialTerms(
        new Denial(
            denial.id(),
            releases,
            to,
            organisations,
            purposes,
            roles,
            types,
            denial.from(),
            denial.until()));
  }
}
