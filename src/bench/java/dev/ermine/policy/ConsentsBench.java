package dev.ermine.policy;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Entry.Mode;
import dev.ermine.fhir.Entry.Reference;
import dev.ermine.fhir.Entry.Url;
import dev.ermine.fhir.Facets;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.fhir.Sensitivity;
import dev.ermine.fhir.Slice;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.State;

/**
 * Weighing a record: 20 Consents of three levels, which ask for labels, codes, kinds, dates, authors
 * and an encounter, over 1,000 entries. At most 2 ms.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ConsentsBench {

  private static final String BASE = "https://london.example/fhir";
  private static final String V3 = "http://terminology.hl7.org/CodeSystem/";
  private static final Instant AT = Instant.parse("2026-06-01T12:00:00Z");

  /** One Consent: who asks and for what is met, so that every level is weighed for every entry. */
  private static final String CONSENT =
      """
      {"resourceType":"Consent","id":"c%1$d","status":"active",
       "scope":{"coding":[{"system":"V3consentscope","code":"patient-privacy"}]},
       "patient":{"reference":"Patient/p1"},
       "policyRule":{"coding":[{"system":"V3v3-ActCode","code":"OPTIN"}]},
       "provision":{"type":"permit",
        "purpose":[{"system":"V3v3-ActReason","code":"TREAT"}],
        "securityLabel":[{"system":"V3v3-Confidentiality","code":"R"}],
        "provision":[{"type":"deny",
         "code":[{"coding":[{"system":"http://snomed.info/sct","code":"%1$d"}]},
                 {"coding":[{"system":"http://snomed.info/sct","code":"10%1$d"}]}],
         "dataPeriod":{"start":"2020","end":"2021"},
         "provision":[{"type":"permit",
          "class":[{"system":"http://hl7.org/fhir/resource-types","code":"Observation"}]}]},
        {"type":"deny",
         "securityLabel":[{"system":"V3v3-ActCode","code":"HIV"}],
         "data":[{"meaning":"authoredby","reference":{"reference":"Practitioner/x%1$d"}}],
         "provision":[{"type":"permit",
          "data":[{"meaning":"dependents","reference":{"reference":"Encounter/x%1$d"}}]}]}]}}
      """
          .replace("V3", V3);

  private final Region region = region("london", "QMJ");
  private final Region asking = region("hwe", "QM7");
  private final Requester requester = requester();
  private final Consents consents =
      new Consents.Known(
          IntStream.range(0, 20).mapToObj(i -> consent(CONSENT.formatted(i))).toList(), BASE);
  private final ConsentRules rules = compiled();
  private final List<Entry> entries = IntStream.range(0, 1000).mapToObj(ConsentsBench::entry).toList();
  private final List<EntryLabels> labels =
      entries.stream().map(entry -> EntryLabels.of(entry.facets().labels())).toList();

  /** Over all entries. */
  @Benchmark
  public int weighed() {
    int permitted = 0;
    for (int i = 0; i < entries.size(); i++) {
      ConsentRules.Ruling ruling = rules.rule(entries.get(i), labels.get(i));
      permitted += ruling.effect() == ConsentRules.Effect.PERMIT ? 1 : 0;
    }
    return permitted;
  }

  /** Reading and compiling them, once a query. */
  @Benchmark
  public ConsentRules compiled() {
    return ConsentRules.of(consents, region, asking, requester, AT);
  }

  private static Region region(String id, String ods) {
    return new Region(
        new RegionId(id),
        id,
        new Organisation(ods, id),
        Region.Status.ACTIVE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Requester requester() {
    return new Requester(
        new RegionId("hwe"),
        "https://hwe.example",
        "10019",
        new Organisation("RQW", "Princess Alexandra Hospital"),
        Optional.of("111222333444"),
        Optional.empty(),
        List.of(),
        List.of(new PurposeOfUse("TREAT")),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        "jti",
        "thumbprint",
        AT,
        dev.ermine.trust.Scope.ALL);
  }

  private static Entry consent(String json) {
    return entry("Consent", "c", Slice.of(json), List.of(), Facets.NONE);
  }

  private static Entry entry(int number) {
    String date = "20%02d-%02d-11T10:15:00+00:00".formatted(10 + number % 16, 1 + number % 12);
    Facets facets =
        new Facets(
            List.of(
                new Coding(Confidentiality.SYSTEM, "N"), new Coding(Sensitivity.SYSTEM, "PSY")),
            List.of(
                new Facets.Coded(
                    "category", new Coding(V3 + "observation-category", "vital-signs")),
                new Facets.Coded("code", new Coding("http://snomed.info/sct", "5" + number)),
                new Facets.Coded("code", new Coding("http://loinc.org", "8310-" + number % 10))),
            List.of(
                new Facets.Dated("effectiveDateTime", Optional.of(date), Optional.of(date)),
                new Facets.Dated("issued", Optional.of(date), Optional.of(date))),
            Facets.Meta.NONE,
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            false);
    String type = number % 2 == 0 ? "Observation" : "Condition";
    return entry(
        type,
        "o" + number,
        Slice.of("{}"),
        List.of(
            reference("subject", "Patient/p1"),
            reference("encounter", "Encounter/" + number % 7),
            reference("performer", "Practitioner/" + number % 9)),
        facets);
  }

  private static Reference reference(String element, String literal) {
    return new Reference(
        element,
        Optional.of(new Url(literal, Slice.quoted(literal), Url.Kind.REFERENCE)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Entry entry(
      String type, String id, Slice resource, List<Reference> references, Facets facets) {
    return new Entry(
        resource,
        type,
        Optional.of(id),
        Optional.of(BASE + "/" + type + "/" + id),
        Mode.MATCH,
        List.of(),
        references,
        List.of(),
        List.of(),
        facets);
  }
}
