package dev.ermine.region;

import dev.ermine.fhir.PurposeOfUse;
import java.time.LocalDate;
import java.util.Set;

/**
 * A data sharing agreement: what one region releases, to whom, for what.
 *
 * @param id of the agreement, quoted by account and audit
 * @param releases the releasing region
 * @param to the regions that may ask
 * @param roles role codes, UKCore-SDSJobRoleName; one of the asker's must be among them
 * @param types the resource types released
 * @param relationship whether a legitimate relationship must be stated
 * @param from first day in force
 * @param until last day in force
 */
public record Agreement(
    String id,
    RegionId releases,
    Set<RegionId> to,
    Set<PurposeOfUse> purposes,
    Set<String> roles,
    Set<String> types,
    Relationship relationship,
    LocalDate from,
    LocalDate until) {

  /** Whether a legitimate relationship with the patient must be stated in the token. */
  public enum Relationship {
    REQUIRED,
    OPTIONAL
  }

  public Agreement {
    to = Set.copyOf(to);
    purposes = Set.copyOf(purposes);
    roles = Set.copyOf(roles);
    types = Set.copyOf(types);
  }

  /** Whether {@code day} lies within the agreement's validity, both ends included. */
  public boolean inForce(LocalDate day) {
    return !day.isBefore(from) && !day.isAfter(until);
  }
}
