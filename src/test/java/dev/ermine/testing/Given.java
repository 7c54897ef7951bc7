package dev.ermine.testing;

import dev.ermine.fhir.BodyScanner;
import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.PeerBody;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.policy.EntryDecision;
import dev.ermine.policy.EntryDecision.Reason;
import dev.ermine.policy.EntryPolicy;
import dev.ermine.region.Agreement;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.region.ReleaseTerms;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Scope;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Values that tests of the core start from. */
public final class Given {

  public static final NhsNumber ADA = new NhsNumber("9000000009");
  public static final NhsNumber ANOTHER = new NhsNumber("9000000017");
  public static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  public static final List<String> TYPES =
      List.of("Patient", "Observation", "Condition", "DocumentReference", "Medication", "Binary");

  private static final List<String> ANSWERED =
      Stream.concat(TYPES.stream(), Stream.of("List", "DiagnosticReport")).toList();

  /** Smart card and biometrics, a quarter of an hour ago at most. */
  public static final Agreement.StepUp STEP_UP =
      new Agreement.StepUp(Set.of("AAL3_ANY"), Duration.ofMinutes(15));

  /** What holds where nothing else is said, but for documents, which may go unlabelled. */
  public static final ReleaseTerms DOCUMENTS_TOO =
      new ReleaseTerms(
          ReleaseTerms.DEFAULT.implicit(),
          new ReleaseTerms.Ceiling(Confidentiality.N, Set.of(), true),
          Set.of(),
          false,
          Set.of(),
          ReleaseTerms.Telling.DEFAULT,
          Optional.empty());

  /** Discloses whatever there is. */
  public static final EntryPolicy SHARES_ALL = withholding(entry -> Optional.empty());

  private Given() {}

  /** Withholds entries for the reason that is given for them, and tells of objections alone. */
  public static EntryPolicy withholding(Function<Entry, Optional<Reason>> reasons) {
    return new FixedPolicy(false, Optional.empty(), reasons, Set.of(Reason.OBJECTION));
  }

  /** Withholds everything for that reason, told or not. */
  public static EntryPolicy withholdingAll(Reason reason, boolean told) {
    return new FixedPolicy(
        false, Optional.of(reason), _ -> Optional.of(reason), told ? Set.of(reason) : Set.of());
  }

  /** Cannot tell what the patient decided. */
  public static EntryPolicy undecided() {
    return new FixedPolicy(
        true, Optional.empty(), _ -> Optional.of(Reason.OBJECTION), Set.of(Reason.OBJECTION));
  }

  /**
   * Rules that are known beforehand.
   *
   * @param told the reasons that are told
   */
  public record FixedPolicy(
      boolean undecided,
      Optional<Reason> withholdAll,
      Function<Entry, Optional<Reason>> reasons,
      Set<Reason> told)
      implements EntryPolicy {

    @Override
    public EntryDecision decide(Entry entry) {
      return reasons
          .apply(entry)
          .<EntryDecision>map(reason -> new EntryDecision.Withheld(reason, "a rule"))
          .orElseGet(() -> new EntryDecision.Disclosed("a rule"));
    }

    @Override
    public boolean tells(Reason reason) {
      return told.contains(reason);
    }
  }

  /** The entry with these labels of confidentiality. */
  public static Entry labelled(Entry entry, Confidentiality... levels) {
    Facets facets = entry.facets();
    List<Coding> labels =
        Stream.of(levels).map(level -> new Coding(Confidentiality.SYSTEM, level.name())).toList();
    return new Entry(
        entry.resource(),
        entry.type(),
        entry.id(),
        entry.fullUrl(),
        entry.mode(),
        entry.identifiers(),
        entry.references(),
        entry.urls(),
        entry.contained(),
        new Facets(
            labels,
            facets.codes(),
            facets.dates(),
            facets.meta(),
            facets.status(),
            facets.contentTypes(),
            facets.hashes(),
            facets.warnings(),
            facets.garbled()));
  }

  /** A region that answers at {@code https://<id>.example/fhir}. */
  public static Region region(String id) {
    return region(id, Region.Status.ACTIVE, Duration.ofMillis(400));
  }

  public static Region region(String id, Region.Status status, Duration budget) {
    return new Region(
        new RegionId(id),
        "Region " + id,
        new Organisation("QM7", "Organisation " + id),
        status,
        status == Region.Status.SUSPENDED ? Optional.of("Under review.") : Optional.empty(),
        Optional.empty(),
        Optional.of(
            new Region.Answers(
                URI.create("https://" + id + ".example/fhir"),
                List.of(URI.create("https://docs." + id + ".example/store")),
                List.of(),
                Optional.empty(),
                new Region.Token(
                    "https://" + id + ".example/fhir",
                    Region.Algorithm.ES256,
                    Region.Token.TokenUse.QUERY,
                    Optional.empty()),
                Region.Lookup.TWO_STEP,
                Region.Search.POST,
                true,
                budget,
                new Region.Limits(8, 1_000_000, 1000, 10, 100),
                Set.copyOf(ANSWERED))));
  }

  /** The region as that organisation's, with these besides whose records it controls. */
  public static Region controlling(Region region, String ods, String... organisations) {
    return new Region(
        region.id(),
        region.name(),
        new Organisation(ods, region.organisation().name()),
        region.status(),
        region.publicText(),
        region.asks(),
        region.answers(),
        region.consents(),
        region.privacyOffice(),
        new Region.Control(Set.of(organisations), Set.of("system-of-" + region.id())));
  }

  /** The asking region, proven by {@code certificate}. */
  public static Region asker(X509Certificate certificate) {
    return new Region(
        new RegionId("hwe"),
        "Herts and West Essex",
        new Organisation("QM7", "Hertfordshire and West Essex"),
        Region.Status.ACTIVE,
        Optional.empty(),
        Optional.of(
            new Region.Asks(
                "https://hwe.example",
                Region.Algorithm.ES256,
                List.of(),
                Optional.empty(),
                List.of(certificate),
                Optional.empty(),
                true)),
        Optional.empty());
  }

  /** Every answering region releases everything to {@code hwe} for TREAT. */
  public static Regions regions(X509Certificate certificate, Region... answering) {
    List<Region> regions = new ArrayList<>();
    regions.add(asker(certificate));
    regions.addAll(Arrays.asList(answering));
    List<Agreement> agreements =
        Arrays.stream(answering).map(region -> agreement(region.id().value(), TYPES)).toList();
    return new Regions(1, "hash", gateway(), regions, agreements, List.of());
  }

  /** The same with a Personal Demographics Service. */
  public static Regions identifying(Regions regions, X509Certificate... anchors) {
    Region.Answers answers = region("pds").answers().orElseThrow();
    Region service =
        new Region(
            RegionId.DEMOGRAPHICS,
            "Personal Demographics Service",
            new Organisation("X26", "NHS England"),
            Region.Status.ACTIVE,
            Optional.empty(),
            Optional.empty(),
            Optional.of(
                new Region.Answers(
                    answers.base(),
                    List.of(),
                    List.of(anchors),
                    answers.revocation(),
                    answers.token(),
                    answers.lookup(),
                    answers.search(),
                    answers.read(),
                    answers.budget(),
                    answers.limits(),
                    Set.of("Patient"))));
    return new Regions(
        regions.edition(),
        regions.gateway(),
        regions.regions(),
        Optional.of(service),
        regions.agreements(),
        regions.denials(),
        regions.labelling());
  }

  public static Regions.Gateway gateway() {
    return new Regions.Gateway(
        "ermine-east", new Organisation("QM7", "Gateway"), Duration.ofMillis(800));
  }

  public static Agreement agreement(String releases, List<String> types) {
    return new Agreement(
        "DSA-" + releases,
        new RegionId(releases),
        Set.of(new RegionId("hwe")),
        Set.of(),
        Set.of(new PurposeOfUse("TREAT")),
        Set.of("R8000"),
        Set.copyOf(types),
        Agreement.Relationship.REQUIRED,
        Optional.empty(),
        LocalDate.of(2021, 12, 1),
        LocalDate.of(2027, 11, 30),
        DOCUMENTS_TOO);
  }

  /** An agreement under which that role may break the glass, too. */
  public static Agreement breakable(String releases, String role) {
    Agreement plain = agreement(releases, TYPES);
    return new Agreement(
        plain.id(),
        plain.releases(),
        plain.to(),
        plain.organisations(),
        Set.of(new PurposeOfUse("TREAT"), PurposeOfUse.BREAK_THE_GLASS),
        plain.roles(),
        plain.types(),
        plain.relationship(),
        Optional.of(new Agreement.BreakGlass(Set.of(role), STEP_UP, Optional.empty())),
        plain.from(),
        plain.until());
  }

  /** The doctor, who has just proven who they are and breaks the glass for that patient. */
  public static Requester breaker(String thumbprint, NhsNumber patient) {
    Requester doctor = requester(thumbprint, Optional.of(patient));
    return new Requester(
        doctor.region(),
        doctor.issuer(),
        doctor.subject(),
        doctor.organisation(),
        doctor.userId(),
        doctor.name(),
        doctor.roles(),
        List.of(PurposeOfUse.BREAK_THE_GLASS),
        doctor.reason(),
        Optional.of("unconscious on arrival"),
        doctor.relationship(),
        doctor.patient(),
        doctor.practitioner(),
        doctor.hops(),
        doctor.tokenId(),
        doctor.certificate(),
        doctor.expires(),
        doctor.scope(),
        new Requester.StepUp(Optional.of("AAL3_ANY"), Optional.of(NOON.minusSeconds(60))),
        false);
  }

  /** The same, whose question that region hands on, as the gateway of the last of the hops. */
  public static Requester handedOn(
      Requester asker,
      String forwarder,
      List<String> hops,
      String thumbprint,
      Optional<Duration> timeLeft) {
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
        hops,
        asker.tokenId(),
        thumbprint,
        asker.expires(),
        asker.scope(),
        asker.stepUp(),
        asker.ownRecord(),
        Optional.of(new RegionId(forwarder)),
        timeLeft);
  }

  /** The same region, proven by that certificate as one that hands on what those ask. */
  public static Region forwarding(Region region, X509Certificate certificate, String... others) {
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        region.status(),
        region.publicText(),
        Optional.of(
            new Region.Asks(
                "https://" + region.id() + ".example",
                Region.Algorithm.ES256,
                List.of(),
                Optional.empty(),
                List.of(certificate),
                Optional.empty(),
                true,
                Stream.of(others).map(RegionId::new).collect(Collectors.toSet()))),
        region.answers());
  }

  /** The same region as a gateway of that id. */
  public static Region gateway(Region region, String id) {
    Region.Answers answers = region.answers().orElseThrow();
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        region.status(),
        region.publicText(),
        region.asks(),
        Optional.of(
            new Region.Answers(
                answers.base(),
                answers.documents(),
                answers.anchors(),
                answers.revocation(),
                answers.token(),
                answers.lookup(),
                answers.search(),
                answers.read(),
                answers.sort(),
                answers.budget(),
                answers.limits(),
                answers.types(),
                answers.wire(),
                Optional.of(id))));
  }

  /** An A&amp;E doctor of {@code hwe}. */
  public static Requester requester(String thumbprint) {
    return requester(thumbprint, Optional.empty());
  }

  public static Requester requester(String thumbprint, Optional<NhsNumber> patient) {
    return new Requester(
        new RegionId("hwe"),
        "https://hwe.example",
        "10019",
        new Organisation("RQW", "Princess Alexandra Hospital"),
        Optional.of("111222333444"),
        Optional.of("Jones"),
        List.of(new Coding("https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName", "R8000")),
        List.of(new PurposeOfUse("TREAT")),
        Optional.of("directcare"),
        Optional.empty(),
        Optional.of(new Requester.Relationship("encounter", Optional.empty())),
        patient.map(
            number ->
                new Requester.Patient(
                    number, Optional.empty(), List.of(), Optional.empty(), Optional.empty())),
        Optional.empty(),
        List.of(),
        "jti-12345678",
        thumbprint,
        NOON.plusSeconds(300),
        Scope.ALL);
  }

  public static FhirQuery query(String... types) {
    return new FhirQuery(List.of(types), types.length > 1, ADA, List.of(), false, List.of());
  }

  /** The entries of a searchset of these {@code entry} objects. */
  public static List<Entry> entries(String... entries) {
    byte[] body =
        ("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":["
                + String.join(",", entries)
                + "]}")
            .getBytes(StandardCharsets.UTF_8);
    return switch (BodyScanner.scan(body, body.length)) {
      case PeerBody.Searchset searchset -> searchset.entries();
      case PeerBody.Unreadable(String why) -> throw new AssertionError(why);
      case PeerBody.Resource _, PeerBody.Outcome _ -> throw new AssertionError("no searchset");
    };
  }

  /** A Patient of {@code region} under {@code id} with that NHS number. */
  public static String patient(String region, String id, NhsNumber number) {
    return entry(
        region,
        "{\"resourceType\":\"Patient\",\"id\":\""
            + id
            + "\",\"identifier\":[{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\""
            + number.value()
            + "\"}]}",
        "Patient/" + id);
  }

  /** An Observation whose subject is {@code subject}. */
  public static String observation(String region, String id, String subject) {
    return entry(
        region,
        "{\"resourceType\":\"Observation\",\"id\":\""
            + id
            + "\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"78564009\"}],\"text\":\"pulse\"},\"subject\":{\"reference\":\""
            + subject
            + "\"}}",
        "Observation/" + id);
  }

  public static String entry(String region, String resource, String path) {
    return "{\"fullUrl\":\"https://"
        + region
        + ".example/fhir/"
        + path
        + "\",\"resource\":"
        + resource
        + ",\"search\":{\"mode\":\"match\"}}";
  }

  /** An answer with one Patient {@code p1} and these observations. */
  public static PeerAnswer.Answered answered(String region, String... entries) {
    Map<String, PeerAnswer.TypeAnswer> types = new LinkedHashMap<>();
    types.put("Observation", new PeerAnswer.TypeAnswer.Read(Given.entries(entries), List.of()));
    return new PeerAnswer.Answered(Given.entries(patient(region, "p1", ADA)), types);
  }
}
