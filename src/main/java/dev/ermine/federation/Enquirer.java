package dev.ermine.federation;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.policy.AgreementRules;
import dev.ermine.region.Organisation;
import dev.ermine.region.RegionId;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Someone who could ask: all that agreements look at in a requester, and nobody in particular.
 *
 * @param organisation ODS code of the asking organisation
 * @param roles codes of UKCore-SDSJobRoleName
 * @param basis of the relationship with the patient; empty: none stated
 * @param breakGlassReason why the glass is broken; empty: none stated
 * @param patientNamed whether the token names the patient
 * @param stepUp how the user proved who they are, and when
 * @param ownRecord whether the patient is the user
 * @param forwarder the region that hands on the question, as a gateway of theirs; empty: none
 */
public record Enquirer(
    RegionId region,
    String organisation,
    Set<PurposeOfUse> purposes,
    Set<String> roles,
    Optional<String> basis,
    Optional<String> breakGlassReason,
    boolean patientNamed,
    Requester.StepUp stepUp,
    boolean ownRecord,
    Optional<RegionId> forwarder) {

  /** Of the range that the NHS gives to nobody. */
  private static final Requester.Patient NOBODY =
      new Requester.Patient(
          new NhsNumber("9000000009"),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty());

  /** One of whose authentication nothing is said. */
  public Enquirer(
      RegionId region,
      String organisation,
      Set<PurposeOfUse> purposes,
      Set<String> roles,
      Optional<String> basis,
      Optional<String> breakGlassReason,
      boolean patientNamed) {
    this(
        region,
        organisation,
        purposes,
        roles,
        basis,
        breakGlassReason,
        patientNamed,
        Requester.StepUp.NONE,
        false);
  }

  /** One whose question comes straight from their own region. */
  public Enquirer(
      RegionId region,
      String organisation,
      Set<PurposeOfUse> purposes,
      Set<String> roles,
      Optional<String> basis,
      Optional<String> breakGlassReason,
      boolean patientNamed,
      Requester.StepUp stepUp,
      boolean ownRecord) {
    this(
        region,
        organisation,
        purposes,
        roles,
        basis,
        breakGlassReason,
        patientNamed,
        stepUp,
        ownRecord,
        Optional.empty());
  }

  public Enquirer {
    purposes = Set.copyOf(purposes);
    roles = Set.copyOf(roles);
  }

  /** The requester as whom such a person would be proven. */
  Requester requester() {
    return new Requester(
        region,
        "",
        "",
        new Organisation(organisation, ""),
        Optional.empty(),
        Optional.empty(),
        roles.stream().map(role -> new Coding(AgreementRules.ROLES, role)).toList(),
        List.copyOf(purposes),
        Optional.empty(),
        breakGlassReason,
        basis.map(stated -> new Requester.Relationship(stated, Optional.empty())),
        patientNamed ? Optional.of(NOBODY) : Optional.empty(),
        Optional.empty(),
        List.of(),
        "",
        "",
        Instant.MAX,
        Scope.ALL,
        stepUp,
        ownRecord,
        forwarder,
        Optional.empty());
  }
}
