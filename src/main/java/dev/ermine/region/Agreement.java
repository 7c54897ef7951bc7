package dev.ermine.region;

import dev.ermine.fhir.PurposeOfUse;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/**
 * A data sharing agreement: what one region releases, to whom, for what.
 *
 * @param id of the agreement, quoted by account and audit
 * @param releases the releasing region
 * @param to the regions that may ask
 * @param organisations the organisations of theirs that may, by ODS code; empty: all
 * @param purposes each of the asker's must be among them
 * @param roles role codes, UKCore-SDSJobRoleName; one of the asker's must be among them
 * @param types the resource types released
 * @param relationship what relationship with the patient must be stated
 * @param breakGlass who may break the glass under it; empty: nobody
 * @param from first day in force
 * @param until last day in force
 * @param terms what it discloses of those types, and what is said of the rest
 */
public record Agreement(
    String id,
    RegionId releases,
    Set<RegionId> to,
    Set<String> organisations,
    Set<PurposeOfUse> purposes,
    Set<String> roles,
    Set<String> types,
    Relationship relationship,
    Optional<BreakGlass> breakGlass,
    LocalDate from,
    LocalDate until,
    ReleaseTerms terms) {

  /**
   * Whether a legitimate relationship with the patient must be stated in the token.
   *
   * @param bases the bases that count; empty: any
   */
  public record Relationship(boolean required, Set<String> bases) {

    /** Any basis will do, but there must be one. */
    public static final Relationship REQUIRED = new Relationship(true, Set.of());

    /** None need be stated. */
    public static final Relationship OPTIONAL = new Relationship(false, Set.of());

    public Relationship {
      bases = Set.copyOf(bases);
      if (!required && !bases.isEmpty()) {
        throw new IllegalArgumentException("only a required relationship has bases");
      }
    }
  }

  /**
   * The terms of emergency access: who asks states a reason, about one patient.
   *
   * @param roles role codes, UKCore-SDSJobRoleName; one of the asker's must be among them
   * @param stepUp how the user must have been authenticated
   * @param ceiling the one that holds then; empty: that of the agreement
   */
  public record BreakGlass(
      Set<String> roles, StepUp stepUp, Optional<ReleaseTerms.Ceiling> ceiling) {
    public BreakGlass {
      roles = Set.copyOf(roles);
    }
  }

  /**
   * How surely the user must have proven who they are, and how lately.
   *
   * @param contexts values of the claim {@code acr} that count
   * @param age the longest time since the claim {@code auth_time}
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9470">RFC 9470: OAuth 2.0 Step Up
   *     Authentication Challenge Protocol</a>
   */
  public record StepUp(Set<String> contexts, Duration age) {
    public StepUp {
      contexts = Set.copyOf(contexts);
    }
  }

  /** An agreement that says nothing of entries. */
  public Agreement(
      String id,
      RegionId releases,
      Set<RegionId> to,
      Set<String> organisations,
      Set<PurposeOfUse> purposes,
      Set<String> roles,
      Set<String> types,
      Relationship relationship,
      Optional<BreakGlass> breakGlass,
      LocalDate from,
      LocalDate until) {
    this(
        id,
        releases,
        to,
        organisations,
        purposes,
        roles,
        types,
        relationship,
        breakGlass,
        from,
        until,
        ReleaseTerms.DEFAULT);
  }

  public Agreement {
    to = Set.copyOf(to);
    organisations = Set.copyOf(organisations);
    purposes = Set.copyOf(purposes);
    roles = Set.copyOf(roles);
    types = Set.copyOf(types);
  }

  /** Whether {@code day} lies within the agreement's validity, both ends included. */
  public boolean inForce(LocalDate day) {
    return !day.isBefore(from) && !day.isAfter(until);
  }
}
