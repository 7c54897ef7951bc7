package dev.ermine.policy;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.fhir.Sensitivity;
import dev.ermine.fhir.Slice;
import dev.ermine.region.Agreement;
import dev.ermine.region.Labelling;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.ReleaseTerms;
import dev.ermine.region.ReleaseTerms.Ceiling;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Scope;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.State;

/**
 * Deciding 1,000 entries of five codes each, under five lists of 200 codes and an agreement whose
 * ceiling leaves three sensitivities out; nothing is recorded of the patient.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EntryRulesBench {

  private static final int ENTRIES = 1000;
  private static final int CODES = 20_000;
  private static final Instant AT = Instant.parse("2026-06-01T12:00:00Z");
  private static final RegionId LONDON = new RegionId("london");
  private static final RegionId HWE = new RegionId("hwe");

  private final Random random = new Random(5);
  private final Region london = region(LONDON);
  private final Region hwe = region(HWE);
  private final Requester doctor = doctor();
  private final Release release = release();
  private final List<Entry> entries =
      IntStream.range(0, ENTRIES).mapToObj(this::entry).toList();

  /** All of it, the rules made for the query included. */
  @Benchmark
  public int decide() {
    EntryRules rules =
        EntryRules.of(
            release,
            ConsentRules.of(Consents.NONE, london, hwe, doctor, AT),
            ConsentRules.of(Consents.NONE, hwe, hwe, doctor, AT));
    int disclosed = 0;
    for (Entry entry : entries) {
      disclosed += rules.decide(entry) instanceof EntryDecision.Disclosed ? 1 : 0;
    }
    return disclosed;
  }

  private Release release() {
    List<Labelling.Group> lists = IntStream.range(0, 5).mapToObj(this::list).toList();
    List<Agreement> permits = List.of(agreement());
    return new Release(
        london,
        doctor,
        Map.of("Observation", permits, "Condition", permits),
        new LabelRules(new Labelling(lists)),
        AT,
        false);
  }

  private Labelling.Group list(int number) {
    Set<Coding> codes = new HashSet<>();
    while (codes.size() < 200) {
      codes.add(code());
    }
    Coding label =
        new Coding(
            Sensitivity.SYSTEM, List.of("HIV", "SEX", "STD", "VIO", "SUD").get(number));
    return new Labelling.Group("list-" + number, "list", Set.of(label), codes);
  }

  /** As a scanner would read it: no string is the same object as another. */
  private Coding code() {
    return new Coding(
        new String("http://snomed.info/sct".toCharArray()),
        Integer.toString(10_000_000 + random.nextInt(CODES)));
  }

  private Entry entry(int number) {
    List<Coding> labels =
        number % 2 == 0 ? List.of() : List.of(new Coding(Confidentiality.SYSTEM, "N"));
    List<Coding> codes = new ArrayList<>();
    IntStream.range(0, 5).forEach(_ -> codes.add(code()));
    Facets facets =
        new Facets(
            labels,
            codes.stream().map(code -> new Facets.Coded("code", code)).toList(),
            List.of(),
            Facets.Meta.NONE,
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            false);
    return new Entry(
        Slice.of("{}"),
        number % 3 == 0 ? "Condition" : "Observation",
        Optional.of("id-" + number),
        Optional.empty(),
        Entry.Mode.MATCH,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        facets);
  }

  private static Region region(RegionId id) {
    return new Region(
        id,
        id.value(),
        new Organisation("QMJ", id.value()),
        Region.Status.ACTIVE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Agreement agreement() {
    ReleaseTerms usual = ReleaseTerms.DEFAULT;
    return new Agreement(
        "DSA-2026",
        LONDON,
        Set.of(HWE),
        Set.of(),
        Set.of(new PurposeOfUse("TREAT")),
        Set.of("R8000"),
        Set.of("Observation", "Condition"),
        Agreement.Relationship.REQUIRED,
        Optional.empty(),
        LocalDate.of(2021, 12, 1),
        LocalDate.of(2027, 11, 30),
        new ReleaseTerms(
            usual.implicit(),
            new Ceiling(Confidentiality.N, Set.of("HIV", "SEX", "STD"), false),
            usual.law(),
            usual.restrictedPatients(),
            usual.releaseReady(),
            usual.telling(),
            usual.notice()));
  }

  private static Requester doctor() {
    return new Requester(
        HWE,
        "https://hwe.example",
        "10019",
        new Organisation("RQW", ""),
        Optional.empty(),
        Optional.empty(),
        List.of(new Coding(AgreementRules.ROLES, "R8000")),
        List.of(new PurposeOfUse("TREAT")),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new Requester.Relationship("encounter", Optional.empty())),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        "jti",
        "thumbprint",
        Instant.MAX,
        Scope.ALL);
  }
}
