package dev.ermine.federation;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.ANOTHER;
import static dev.ermine.testing.Given.NOON;
import static dev.ermine.testing.Given.entries;
import static dev.ermine.testing.Given.entry;
import static dev.ermine.testing.Given.observation;
import static dev.ermine.testing.Given.patient;
import static dev.ermine.testing.Given.region;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.FederatedAnswer.View;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.QueryParser;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.fhir.ResultParameters.Inclusion;
import dev.ermine.fhir.ResultParameters.Sort;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.policy.OptOuts;
import dev.ermine.region.ConsentSource;
import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import dev.ermine.testing.Given;
import dev.ermine.testing.PageRing;
import dev.ermine.testing.SelfSigned;
import dev.ermine.testing.UnreadAudit;
import dev.ermine.trust.Thumbprints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What may come with the matches: asked for by agreement, shown under every rule of its own. */
class InclusionTest {

  private static final X509Certificate CERTIFICATE =
      SelfSigned.certificate(NOON.minusSeconds(60), NOON.plusSeconds(3600));

  private static final String ABOUT_IT = "_revinclude=Observation:focus:Condition";
  private static final String CONDITION =
      entry(
          "london",
          """
          {"resourceType":"Condition","id":"c1","code":{"text":"asthma"},\
          "subject":{"reference":"Patient/p1"}}""",
          "Condition/c1");

  private final List<PeerQuestion.Search> asked = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, PeerAnswer> answers = new LinkedHashMap<>();
  private List<String> agreed = List.of("Patient", "Condition", "Observation");

  InclusionTest() {
    answers.put("london", answer(List.of(), CONDITION));
  }

  @Test
  void whatAnAgreementCoversIsAskedForBesideWhatTheGatewayNeeds() {
    String text =
        search(
            "_include=Condition:evidence-detail&_include=Condition:patient&_include=List:item"
                + "&_include=Condition:encounter&"
                + ABOUT_IT
                + "&_revinclude=Encounter:diagnosis",
            region("london"));

    assertThat(asked.getFirst().results().inclusions())
        .containsExactly(
            Inclusion.of("List", "item"),
            Inclusion.of("Composition", "entry"),
            Inclusion.of("Condition", "evidence-detail"),
            Inclusion.of("Condition", "patient"),
            new Inclusion(true, "Observation", "focus", Optional.of("Condition")));
    assertThat(text)
        .contains(
            "not asked for Encounter: no data sharing agreement covers it",
            "rules: DSA-london#type");
  }

  @Test
  void anAskersInclusionThatIsTheGatewaysOwnIsAskedForOnce() {
    agreed = List.of("Patient", "MedicationStatement", "Medication");
    FhirQuery query = query("MedicationStatement", "_include=MedicationStatement:medication");
    federation(having(region("london"), "MedicationStatement", "Medication"))
        .search(call(), query, Wishes.NONE);

    assertThat(asked.getFirst().results().inclusions())
        .containsOnlyOnce(Inclusion.of("MedicationStatement", "medication"));
  }

  @Test
  void nothingIsSaidOfInclusionsWhereTheirMatchesAreNotToBeHad() {
    agreed = List.of("Patient", "Observation");
    FhirQuery query = query("", "_type=Observation,Condition&_include=Condition:encounter");

    assertThat(text(federation(region("london")).search(call(), query, Wishes.NONE)))
        .contains("not asked for Condition: no data")
        .doesNotContain("not asked for Condition, Encounter", "not asked for Encounter");
  }

  @Test
  void keysToSortByGoToRegionsThatSort() {
    answers.put("wessex", new PeerAnswer.NotMatched());
    search("_sort=-recorded-date&_count=5", sorting(region("london")), region("wessex"));

    assertThat(results("london").sort()).containsExactly(new Sort("recorded-date", true));
    assertThat(results("wessex").sort()).isEmpty();
    assertThat(results("london").count()).isEmpty();
  }

  @Test
  void whatRefersToAMatchComesWithIt() {
    answers.put("london", answer(List.of(), CONDITION, include(about("o1", "p1"))));

    assertThat(search(ABOUT_IT, region("london")))
        .contains("london/fhir/Observation/o1", "\"total\":1", "2 entries");
  }

  @Test
  void whatIsAnotherPatientsIsSetAside() {
    answers.put(
        "london",
        answer(
            List.of(),
            CONDITION,
            include(about("o1", "p2")),
            include(patient("london", "p2", ANOTHER)),
            include(about("o2", "p1").replace("{\"reference\":\"Patient/p1\"}", "{}"))));

    assertThat(search(ABOUT_IT + "&_include=Condition:patient", region("london")))
        .contains("fhir/Condition/c1", "3 entries were set aside")
        .doesNotContain("fhir/Observation/o", "Patient/p2\"", ANOTHER.value());
  }

  @Test
  void whatNoAgreementCoversIsLeftOutThoughItComes() {
    agreed = List.of("Patient", "Condition");
    answers.put("london", answer(List.of(), CONDITION, include(about("o1", "p1"))));

    assertThat(search(ABOUT_IT, region("london")))
        .contains("fhir/Condition/c1", "not asked for Observation", "1 that nobody asked for")
        .doesNotContain("fhir/Observation/o1");
    assertThat(asked.getFirst().results().inclusions()).noneMatch(Inclusion::reverse);
  }

  @Test
  void whatIsSilentlyWithheldIsAsIfItHadNotCome() {
    String secret =
        include(
            about("o1", "p1")
                .replace(
                    "\"id\":\"o1\"",
                    "\"id\":\"o1\",\"meta\":{\"security\":[{\"system\":"
                        + "\"http://terminology.hl7.org/CodeSystem/v3-Confidentiality\",\"code\":\"R\"}]}"));
    String behind = include(about("o3", "p1").replace("Condition/c1", "Observation/o1"));
    answers.put("london", answer(List.of(), CONDITION, include(about("o2", "p1"))));
    String without = search(ABOUT_IT, region("london"));
    answers.put("london", answer(List.of(), CONDITION, secret, include(about("o2", "p1")), behind));

    assertThat(without).contains("fhir/Observation/o2").doesNotContain("suppressed");
    assertThat(search(ABOUT_IT, region("london"))).isEqualTo(without);
  }

  @Test
  void whatRefersToASilentlyWithheldMatchIsAsIfItHadNotCome() {
    String secret =
        CONDITION
            .replace("c1", "c2")
            .replace(
                "\"id\":\"c2\"",
                "\"id\":\"c2\",\"meta\":{\"security\":[{\"system\":"
                    + "\"http://terminology.hl7.org/CodeSystem/v3-Confidentiality\",\"code\":\"R\"}]}");
    String about = include(about("o1", "p1").replace("Condition/c1", "Condition/c2"));
    String without = search(ABOUT_IT, region("london"));
    answers.put("london", answer(List.of(), CONDITION, secret, about));

    assertThat(search(ABOUT_IT, region("london"))).isEqualTo(without);
  }

  @Test
  void whatAConsentDeniesIsWithheld() {
    answers.put("london", answer(List.of(), CONDITION, include(about("o1", "p1"))));
    assertThat(search(ABOUT_IT, consenting(region("london")))).contains("fhir/Observation/o1");
    answers.put(
        "london", answer(List.of(denying("Observation")), CONDITION, include(about("o1", "p1"))));

    assertThat(search(ABOUT_IT, consenting(region("london"))))
        .contains("fhir/Condition/c1", "information is withheld under sharing rules")
        .doesNotContain("fhir/Observation/o1");
  }

  private ResultParameters results(String region) {
    return asked.stream()
        .filter(search -> search.region().id().value().equals(region))
        .findFirst()
        .orElseThrow()
        .results();
  }

  private static String about(String id, String patient) {
    return observation("london", id, "Patient/" + patient)
        .replace(
            "\"status\":\"final\"",
            "\"status\":\"final\",\"focus\":[{\"reference\":\"Condition/c1\"}]");
  }

  private static String include(String entry) {
    return entry.replace("\"mode\":\"match\"", "\"mode\":\"include\"");
  }

  private static String denying(String type) {
    return entry(
        "london",
        """
        {"resourceType":"Consent","id":"k1","status":"active",\
        "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},\
        "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],\
        "patient":{"reference":"Patient/p1"},"dateTime":"2022-01-01",\
        "policyRule":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"OPTIN"}]},\
        "provision":{"provision":[{"type":"deny",\
        "class":[{"system":"http://hl7.org/fhir/resource-types","code":"%s"}]}]}}"""
            .formatted(type),
        "Consent/k1");
  }

  private static PeerAnswer answer(List<String> consents, String... found) {
    return new PeerAnswer.Answered(
        entries(patient("london", "p1", ADA)),
        Map.of("Condition", new TypeAnswer.Read(entries(found), List.of())),
        Optional.of(new TypeAnswer.Read(entries(consents.toArray(String[]::new)), List.of())));
  }

  private String search(String results, Region... regions) {
    asked.clear();
    return text(federation(regions).search(call(), query("Condition", results), Wishes.NONE));
  }

  private static FhirQuery query(String type, String results) {
    List<Parameter> parameters =
        Arrays.stream(
                ("patient.identifier=" + NhsNumber.SYSTEM + "|" + ADA.value() + "&" + results)
                    .split("&"))
            .map(pair -> pair.split("="))
            .map(pair -> new Parameter(pair[0], pair[1]))
            .toList();
    Optional<String> path = Optional.of(type).filter(name -> !name.isEmpty());
    return (FhirQuery) QueryParser.parse(path, parameters, List.of(), false);
  }

  private Federation federation(Region... regions) {
    Regions inForce =
        new Regions(
            1,
            "hash",
            Given.gateway(),
            Stream.concat(Stream.of(Given.asker(CERTIFICATE)), Stream.of(regions)).toList(),
            Stream.of(regions).map(region -> Given.agreement(region.id().value(), agreed)).toList(),
            List.of());
    return new Federation(
        () -> inForce,
        OptOuts.Unknown::new,
        (question, _) -> {
          asked.add((PeerQuestion.Search) question);
          return CompletableFuture.completedFuture(answers.get(question.region().id().value()));
        },
        new UnreadAudit(),
        "https://gateway.example",
        () -> NOON,
        new Quality(NOON),
        PageRing.tokens());
  }

  private static Region sorting(Region region) {
    Region.Answers a = region.answers().orElseThrow();
    return with(
        region,
        new Region.Answers(
            a.base(),
            a.documents(),
            a.anchors(),
            a.revocation(),
            a.token(),
            a.lookup(),
            a.search(),
            a.read(),
            true,
            a.budget(),
            a.limits(),
            a.types(),
            a.wire(),
            a.gateway()),
        Optional.empty());
  }

  private static Region having(Region region, String... types) {
    Region.Answers a = region.answers().orElseThrow();
    return with(
        region,
        new Region.Answers(
            a.base(),
            a.documents(),
            a.anchors(),
            a.revocation(),
            a.token(),
            a.lookup(),
            a.search(),
            a.read(),
            a.budget(),
            a.limits(),
            Set.of(types)),
        Optional.empty());
  }

  private static Region consenting(Region region) {
    return with(
        region,
        region.answers().orElseThrow(),
        Optional.of(new ConsentSource(ConsentSource.Order.BESIDE, Optional.empty())));
  }

  private static Region with(
      Region region, Region.Answers answers, Optional<ConsentSource> consents) {
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        region.status(),
        region.publicText(),
        region.asks(),
        Optional.of(answers),
        consents,
        Optional.empty());
  }

  private static Call call() {
    return new Call(
        Given.requester(Thumbprints.x5tS256(CERTIFICATE)),
        "request-1",
        "127.0.0.1",
        Traceparent.parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").orElseThrow());
  }

  private static String text(FederatedAnswer answer) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ((View) answer).bundle().writeTo(out);
      return out.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
