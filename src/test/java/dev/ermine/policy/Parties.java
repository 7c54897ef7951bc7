package dev.ermine.policy;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.Agreement;
import dev.ermine.region.Agreement.Relationship;
import dev.ermine.region.Denial;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.region.ReleaseTerms;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Scope;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Regions, agreements and askers for the tests of this floor. */
final class Parties {

  static final RegionId HWE = new RegionId("hwe");
  static final RegionId LONDON = new RegionId("london");

  private Parties() {}

  static Region region(RegionId id, String... types) {
    Region.Answers answers =
        new Region.Answers(
            URI.create("https://" + id + ".example.nhs.uk/fhir"),
            List.of(),
            List.of(),
            Optional.empty(),
            new Region.Token(
                "aud", Region.Algorithm.ES256, Region.Token.TokenUse.QUERY, Optional.empty()),
            Region.Lookup.TWO_STEP,
            Region.Search.POST,
            true,
            Duration.ofMillis(1500),
            new Region.Limits(32, 8_000_000, 2000, 20, 50),
            Set.of(types));
    return region(id, Optional.of(answers));
  }

  static Region silent(RegionId id) {
    return region(id, Optional.empty());
  }

  private static Region region(RegionId id, Optional<Region.Answers> answers) {
    return new Region(
        id,
        id + " Care Record",
        new Organisation("QMJ", "North Central London"),
        Region.Status.ACTIVE,
        Optional.empty(),
        Optional.empty(),
        answers);
  }

  static Regions regions(List<Agreement> agreements) {
    return regions(agreements, List.of());
  }

  static Regions regions(List<Agreement> agreements, List<Denial> denials) {
    return new Regions(
        1,
        "hash",
        new Regions.Gateway("ermine-east", new Organisation("QM7", "Herts"), Duration.ofSeconds(3)),
        List.of(),
        agreements,
        denials);
  }

  /** London releases to HWE, in 2022, for treatment by the roles R8000 and R8001. */
  static Agreement agreement(String id) {
    return new Agreement(
        id,
        LONDON,
        Set.of(HWE),
        Set.of(),
        purposes("TREAT", "ETREAT"),
        Set.of("R8000", "R8001"),
        Set.of("Patient", "Observation"),
        Relationship.REQUIRED,
        Optional.empty(),
        LocalDate.of(2022, 1, 1),
        LocalDate.of(2022, 12, 31));
  }

  /** Terms that mark those types as ready for patients. */
  static ReleaseTerms releaseReady(Set<String> types) {
    ReleaseTerms usual = ReleaseTerms.DEFAULT;
    return new ReleaseTerms(
        usual.implicit(),
        usual.ceiling(),
        usual.law(),
        usual.restrictedPatients(),
        types,
        usual.telling(),
        usual.notice());
  }

  static Set<PurposeOfUse> purposes(String... codes) {
    return Set.copyOf(purposeList(codes));
  }

  private static List<PurposeOfUse> purposeList(String... codes) {
    return List.of(codes).stream().map(PurposeOfUse::new).toList();
  }

  /** A doctor of HWE who treats the patient. */
  static Requester doctor() {
    return requester(HWE, List.of(role("R8000")), Optional.of("encounter"), "TREAT");
  }

  static Coding role(String code) {
    return new Coding(AgreementRules.ROLES, code);
  }

  static Requester requester(
      RegionId region, List<Coding> roles, Optional<String> basis, String... purposes) {
    return new Requester(
        region,
        "https://hwe.example.nhs.uk",
        "10019",
        new Organisation("RQW", "Princess Alexandra Hospital"),
        Optional.empty(),
        Optional.empty(),
        roles,
        purposeList(purposes),
        Optional.of("directcare"),
        Optional.empty(),
        basis.map(text -> new Requester.Relationship(text, Optional.empty())),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        "jti-1",
        "thumbprint",
        Instant.parse("2022-06-01T12:00:00Z"),
        Scope.ALL);
  }

  /**
   * The same asker, with what breaking the glass takes of a user who has just proven themselves.
   */
  static Requester breaking(
      Requester asker, Optional<String> reason, boolean namesPatient, Instant at) {
    return breaking(
        asker,
        reason,
        namesPatient,
        new Requester.StepUp(Optional.of("AAL3_ANY"), Optional.of(at)),
        false);
  }

  static Requester breaking(
      Requester asker,
      Optional<String> reason,
      boolean namesPatient,
      Requester.StepUp stepUp,
      boolean ownRecord) {
    Requester.Patient patient =
        new Requester.Patient(
            NhsNumber.parse("9000000009").orElseThrow(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty());
    return new Requester(
        asker.region(),
        asker.issuer(),
        asker.subject(),
        asker.organisation(),
        asker.userId(),
        asker.name(),
        asker.roles(),
        asker.purposes(),
        asker.reason(),
        reason,
        asker.relationship(),
        namesPatient ? Optional.of(patient) : Optional.empty(),
        asker.practitioner(),
        asker.hops(),
        asker.tokenId(),
        asker.certificate(),
        asker.expires(),
        Scope.ALL,
        stepUp,
        ownRecord);
  }

  /** The same asker, with a token of that scope. */
  static Requester within(Requester asker, Scope scope) {
    return new Requester(
        asker.region(),
        asker.issuer(),
        asker.subject(),
        asker.organisation(),
        asker.userId(),
        asker.name(),
        asker.roles(),
        asker.purposes(),
        asker.reason(),
        asker.breakGlassReason(),
        asker.relationship(),
        asker.patient(),
        asker.practitioner(),
        asker.hops(),
        asker.tokenId(),
        asker.certificate(),
        asker.expires(),
        scope,
        asker.stepUp(),
        asker.ownRecord());
  }
}
