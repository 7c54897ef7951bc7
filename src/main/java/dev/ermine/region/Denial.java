package dev.ermine.region;

import dev.ermine.fhir.PurposeOfUse;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/**
 * A standing refusal: what is not shared, whatever agreement would permit it. Where a set is empty,
 * that term is met by everything.
 *
 * @param id of the denial, quoted by account and audit
 * @param releases the releasing regions
 * @param to the asking regions
 * @param organisations the asking organisations, by ODS code
 * @param purposes each with its descendants; one of the asker's is enough
 * @param roles role codes, UKCore-SDSJobRoleName; one of the asker's is enough
 * @param types the resource types kept back
 * @param from first day in force
 * @param until last day in force; empty: until it is taken away
 */
public record Denial(
    String id,
    Set<RegionId> releases,
    Set<RegionId> to,
    Set<String> organisations,
    Set<PurposeOfUse> purposes,
    Set<String> roles,
    Set<String> types,
    LocalDate from,
    Optional<LocalDate> until) {

  public Denial {
    releases = Set.copyOf(releases);
    to = Set.copyOf(to);
    organisations = Set.copyOf(organisations);
    purposes = Set.copyOf(purposes);
    roles = Set.copyOf(roles);
    types = Set.copyOf(types);
  }

  /** Whether {@code day} lies within the denial's validity, both ends included. */
  public boolean inForce(LocalDate day) {
    return !day.isBefore(from) && until.filter(day::isAfter).isEmpty();
  }
}
