package dev.ermine.federation;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.NOON;
import static dev.ermine.testing.Given.answered;
import static dev.ermine.testing.Given.observation;
import static dev.ermine.testing.Given.query;
import static dev.ermine.testing.Given.region;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.audit.AuditRecord;
import dev.ermine.federation.FederatedAnswer.Failure;
import dev.ermine.federation.FederatedAnswer.Found;
import dev.ermine.federation.FederatedAnswer.NotFound;
import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.federation.FederatedAnswer.View;
import dev.ermine.fhir.Gather;
import dev.ermine.merge.Duplicates;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.policy.OptOuts;
import dev.ermine.region.Agreement;
import dev.ermine.region.ConsentSource;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.FhirJudge;
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
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** London relays what Wessex controls, or others: both must let it through. */
class OriginTest {

  private static final X509Certificate CERTIFICATE =
      SelfSigned.certificate(NOON.minusSeconds(60), NOON.plusSeconds(3600));
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Region HWE = Given.controlling(Given.asker(CERTIFICATE), "QM7", "RQW");
  private static final Region LONDON = Given.controlling(region("london"), "QMJ", "RAL");
  private static final Region WESSEX = Given.controlling(region("wessex"), "QRL", "RHM");

  private final Map<String, PeerAnswer> answers = new HashMap<>();
  private final List<AuditRecord.Outcome> outcomes = new ArrayList<>();
  private final List<Set<String>> intents = new ArrayList<>();
  private List<Region> regions = List.of(HWE, LONDON, WESSEX);
  private List<Agreement> agreements = List.of(agreement("london"), agreement("wessex"));
  private Regions live = inForce();
  private Runnable whenAsked = () -> {};
  private Runnable whenRecorded = () -> {};
  private Wishes wishes = Wishes.NONE;

  OriginTest() {
    answers.put("wessex", answered("wessex", observation("wessex", "w1", "Patient/p1")));
  }

  @Test
  void showsWhatBothLetThroughAndSaysWhoseItIs() {
    JsonNode bundle = search(own("o1"), of("RHM", "o2"));
    assertThat(urls(bundle)).contains(at("london", "o1"), at("london", "o2"), at("wessex", "w1"));
    assertThat(provenances(bundle))
        .containsExactly(
            "Region london | " + at("london", "o1"),
            "Region wessex by Region london | " + at("london", "o2"),
            "Region wessex | " + at("wessex", "w1"));
    assertThat(account(bundle))
        .contains(
            "Region london: 2 entries; 1 of them originates elsewhere: Region wessex",
            "Region wessex: 1 entry");
    assertThat(FhirJudge.errors(bundle.toString())).isEmpty();
    assertThat(outcomes.getLast().origins()).containsExactly(new RegionId("wessex"));
  }

  @Test
  void anUnknownOriginIsUnderTheRelaysTermsAndLabelledSo() {
    agreements = List.of(agreement("london"));
    JsonNode bundle = search(of("R1H", "o1"), of("R1F", "o2"), of("RAL", "o3"));
    assertThat(provenances(bundle))
        .containsExactly(
            "origin not known to this gateway (R1H) by Region london | " + at("london", "o1"),
            "origin not known to this gateway (R1F) by Region london | " + at("london", "o2"),
            "Region london | " + at("london", "o3"));
    assertThat(account(bundle))
        .contains(
            "Region london: 3 entries; 2 of them originate elsewhere: origin not known to this gateway");
    assertThat(FhirJudge.errors(bundle.toString())).isEmpty();
    assertThat(outcomes.getLast().origins()).isEmpty();
  }

  @Test
  void theAskersOwnDataNeedNoAgreementAndAreLabelledTheirs() {
    agreements = List.of(agreement("london"));
    assertThat(provenances(search(of("RQW", "o1"))))
        .containsExactly("Herts and West Essex by Region london | " + at("london", "o1"));
  }

  @Test
  void withoutTheOriginsAgreementItIsAsIfItWereNotThere() {
    agreements = List.of(agreement("london"));
    assertAbsent(own("o1"), of("RHM", "o2"));
    agreements = List.of(agreement("london"), agreement("wessex", "2021-12-01", "2026-11-20"));
    assertAbsent(own("o1"), of("RHM", "o2"));
    agreements = List.of(agreement("london"), agreement("wessex", "2026-11-22", "2027-11-20"));
    assertAbsent(own("o1"), of("RHM", "o2"));
    agreements =
        List.of(agreement("london"), Given.agreement("wessex", List.of("Condition", "Patient")));
    assertAbsent(own("o1"), of("RHM", "o2"));
  }

  @Test
  void whatOnlyItIsAboutGoesWithIt() {
    agreements = List.of(agreement("london"));
    String follows =
        Given.entry(
            "london",
            "{\"resourceType\":\"Observation\",\"id\":\"o3\",\"status\":\"final\",\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/p1\"},\"derivedFrom\":[{\"reference\":\"Observation/o2\"}]}",
            "Observation/o3");
    assertAbsent(List.of(own("o1")), List.of(own("o1"), of("RHM", "o2"), follows));
  }

  @Test
  void whatIsToldOfTheRelaysOwnSaysNothingOfTheOrigins() {
    agreements = List.of(agreement("london"));
    assertThat(account(search(of("RHM", "o2"))))
        .contains("Region london: shared nothing for this question");
  }

  @Test
  void aSuspendedOriginKeepsItWhereverItIs() {
    regions = List.of(HWE, LONDON, suspended(WESSEX));
    assertAbsent(own("o1"), of("RHM", "o2"));
  }

  @Test
  void aSuspensionWhileUnderWayCountsForTheOriginToo() {
    Runnable suspend = () -> live = inForce(HWE, LONDON, suspended(WESSEX));
    whenAsked = suspend;
    assertAbsent(own("o1"), of("RHM", "o2"));
    whenAsked = () -> {};
    wishes = londonAlone();
    whenRecorded = suspend;
    assertThat(failure(federate(own("o1"), of("RHM", "o2")))).isEqualTo(Failure.TRUST_CHANGED);
    assertThat(federate(own("o1"))).isInstanceOf(View.class);
  }

  @Test
  void aRetiredOriginReleasesWhatItsAgreementsSay() {
    regions = List.of(HWE, LONDON, with(WESSEX, Region.Status.RETIRED));
    assertThat(urls(search(of("RHM", "o2")))).containsOnlyOnce(at("london", "o2"));
    agreements = List.of(agreement("london"));
    assertThat(urls(search(of("RHM", "o2")))).doesNotContain(at("london", "o2"));
  }

  @Test
  void anObjectionAtTheOriginHoldsAtTheRelay() {
    regions = List.of(HWE, LONDON, keepingConsents(WESSEX));
    answers.put("register of wessex", consents());
    assertThat(urls(search(own("o1"), of("RHM", "o2")))).contains(at("london", "o2"));
    answers.put("register of wessex", consents("deny"));
    assertAbsent(own("o1"), of("RHM", "o2"));
    answers.put("register of wessex", new PeerAnswer.Missed(new Miss.TimedOut()));
    assertAbsent(own("o1"), of("RHM", "o2"));
  }

  @Test
  void anObjectionAtTheRelayHoldsWhateverTheOriginSays() {
    regions = List.of(HWE, keepingConsents(LONDON), WESSEX);
    answers.put("register of london", consents("deny"));
    JsonNode bundle = search(own("o1"), of("RHM", "o2"));
    assertThat(urls(bundle)).containsOnlyOnce(at("wessex", "w1"));
    assertThat(account(bundle))
        .contains("Region london: information is withheld under sharing rules");
  }

  @Test
  void anObjectionAtTheAskersHoldsForTheirOwnDataToo() {
    regions = List.of(keepingConsents(HWE), LONDON, WESSEX);
    answers.put("register of hwe", consents("deny"));
    assertThat(urls(search(of("RQW", "o2")))).isEmpty();
  }

  @Test
  void anOriginThatWasNotAskedSharesWhereItKeepsNoConsents() {
    wishes = londonAlone();
    assertThat(urls(search(of("RHM", "o2")))).containsExactly(at("london", "o2"));
    agreements = List.of(agreement("london"));
    assertThat(urls(search(of("RHM", "o2")))).isEmpty();
  }

  @Test
  void whatItsPatientsDecidedIsNotKnownOfAnOriginThatWasNotAsked() {
    regions = List.of(HWE, LONDON, keepingConsents(WESSEX));
    answers.put("register of wessex", consents());
    wishes = londonAlone();
    assertAbsent(own("o1"), of("RHM", "o2"));
  }

  @Test
  void everyRegionThatMayBeTheOriginHasItsSay() {
    String both = tagged("o2", tag("RHM") + "," + tag("R1H"));
    assertThat(provenances(search(both)))
        .contains("origin not known to this gateway by Region london | " + at("london", "o2"));
    agreements = List.of(agreement("london"));
    assertAbsent(List.of(own("o1")), List.of(own("o1"), both));
  }

  @Test
  void aProvenanceTellsTheOriginAndIsNotCounted() {
    String provenance =
        Given.entry(
                "london",
                "{\"resourceType\":\"Provenance\",\"id\":\"v\",\"target\":[{\"reference\":\"Observation/o1\"},{\"reference\":\"Observation/o2\"}],\"agent\":[{\"type\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/provenance-participant-type\",\"code\":\"custodian\"}]},\"who\":{\"identifier\":{\"system\":\"https://fhir.nhs.uk/Id/ods-organization-code\",\"value\":\"QRL\"}}}]}",
                "Provenance/v")
            .replace("match", "include");
    JsonNode bundle = search(own("o1"), own("o2"), own("o3"), provenance);
    assertThat(provenances(bundle))
        .contains(
            "Region wessex by Region london | " + at("london", "o1") + " " + at("london", "o2"));
    assertThat(account(bundle))
        .contains("Region london: 3 entries; 2 of them originate elsewhere: Region wessex");
    agreements = List.of(agreement("london"));
    assertAbsent(List.of(own("o3")), List.of(own("o1"), own("o2"), own("o3"), provenance));
  }

  @Test
  void readsAreAsSearchesAre() {
    assertThat(read(of("RHM", "o2"))).isInstanceOf(Found.class);
    assertThat(((Found) read(of("RHM", "o2"))).origins()).containsExactly(new RegionId("wessex"));
    assertThat(outcomes.getLast().origins()).containsExactly(new RegionId("wessex"));
    assertThat(((Found) read(of("R1H", "o2"))).origins()).isEmpty();
    agreements = List.of(agreement("london"));
    assertThat(read(of("RHM", "o2"))).isEqualTo(new NotFound());
    agreements = List.of(agreement("london"), agreement("wessex"));
    whenAsked = () -> live = inForce(HWE, LONDON, suspended(WESSEX));
    assertThat(read(of("RHM", "o2"))).isEqualTo(new NotFound());
    whenAsked = () -> {};
    whenRecorded = () -> live = inForce(HWE, LONDON, suspended(WESSEX));
    assertThat(failure(read(of("RHM", "o2")))).isEqualTo(Failure.TRUST_CHANGED);
    assertThat(read(own("o2"))).isInstanceOf(Found.class);
  }

  @Test
  void aReadAsksTheOriginWhatItsPatientDecided() {
    regions = List.of(HWE, LONDON, keepingConsents(WESSEX));
    answers.put("register of wessex", consents());
    assertThat(read(of("RHM", "o2"))).isInstanceOf(Found.class);
    assertThat(intents).containsExactly(Set.of("london"), Set.of("wessex"));
    answers.put("register of wessex", consents("deny"));
    assertThat(read(of("RHM", "o2"))).isEqualTo(new NotFound());
    answers.put("register of wessex", new PeerAnswer.Missed(new Miss.TimedOut()));
    assertThat(read(of("RHM", "o2"))).isEqualTo(new NotFound());
    intents.clear();
    assertThat(read(own("o2"))).isInstanceOf(Found.class);
    agreements = List.of(agreement("london"));
    assertThat(read(of("RHM", "o2"))).isEqualTo(new NotFound());
    assertThat(intents).containsExactly(Set.of("london"), Set.of("london"));
  }

  /** Whatever else London sends, Wessex's terms keep Wessex's, as if there were none. */
  @Test
  void whatTheOriginKeepsBackIsAbsentWhateverElseThereIs() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    agreements = List.of(agreement("london"));
    for (int i = 0; i < 150; i++) {
      List<String> all = new ArrayList<>();
      List<String> rest = new ArrayList<>();
      int size = random.nextInt(8);
      for (int o = 0; o < size; o++) {
        boolean theirs = random.nextInt(3) == 0;
        String ods = List.of("RAL", "R1H", "RQW", "QMJ").get(random.nextInt(4));
        String entry = of(theirs ? "RHM" : ods, "o" + o);
        all.add(entry);
        if (!theirs) {
          rest.add(entry);
        }
      }
      assertThat(text(rest)).as("seed %d, %d", seed, i).isEqualTo(text(all));
    }
  }

  private void assertAbsent(String shown, String withheld) {
    assertAbsent(List.of(shown), List.of(shown, withheld));
  }

  private void assertAbsent(List<String> rest, List<String> all) {
    String with = text(all);
    assertThat(with).isEqualTo(text(rest));
    rest.forEach(
        entry -> assertThat(with).contains(Given.entries(entry).getFirst().id().orElseThrow()));
  }

  private static String own(String id) {
    return observation("london", id, "Patient/p1");
  }

  private static String of(String ods, String id) {
    return tagged(id, tag(ods));
  }

  private static String tag(String ods) {
    return "{\"system\":\"https://fhir.interweavedigital.nhs.uk/Provenance\",\"code\":\"%s\"}"
        .formatted(ods);
  }

  private static String tagged(String id, String tags) {
    return own(id)
        .replace(
            "{\"resourceType\":\"Observation\",",
            "{\"resourceType\":\"Observation\",\"meta\":{\"tag\":[" + tags + "]},");
  }

  private static String at(String region, String id) {
    return "https://gateway.example/regions/" + region + "/fhir/Observation/" + id;
  }

  private static Wishes londonAlone() {
    return new Wishes(
        Optional.of(List.of("london")),
        new Wishes.Require.Nothing(),
        Optional.empty(),
        Duplicates.SHOW);
  }

  private static Agreement agreement(String releases) {
    return Given.agreement(releases, Given.TYPES);
  }

  private static Agreement agreement(String releases, String from, String until) {
    Agreement a = agreement(releases);
    return new Agreement(
        a.id(),
        a.releases(),
        a.to(),
        a.organisations(),
        a.purposes(),
        a.roles(),
        a.types(),
        a.relationship(),
        a.breakGlass(),
        LocalDate.parse(from),
        LocalDate.parse(until),
        a.terms());
  }

  private static Region suspended(Region region) {
    return with(region, Region.Status.SUSPENDED);
  }

  private static Region with(Region region, Region.Status status) {
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        status,
        Optional.of("Under review."),
        region.asks(),
        region.answers(),
        region.consents(),
        region.privacyOffice(),
        region.control());
  }

  private static Region keepingConsents(Region region) {
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        region.status(),
        region.publicText(),
        region.asks(),
        region.answers(),
        Optional.of(
            new ConsentSource(
                ConsentSource.Order.BESIDE,
                Optional.of(region("register").answers().orElseThrow()))),
        region.privacyOffice(),
        region.control());
  }

  private static PeerAnswer consents(String... types) {
    String[] consents =
        Stream.of(types)
            .map(
                type ->
                    Given.entry(
                        "register",
                        "{\"resourceType\":\"Consent\",\"id\":\"c\",\"status\":\"active\",\"scope\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/consentscope\",\"code\":\"patient-privacy\"}]},\"category\":[{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"59284-0\"}]}],\"patient\":{\"identifier\":{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"9000000009\"}},\"dateTime\":\"2026-01-01\",\"policyRule\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ActCode\",\"code\":\"OPTOUT\"}]},\"provision\":{\"type\":\"%s\"}}"
                            .formatted(type),
                        "Consent/c"))
            .toArray(String[]::new);
    return new PeerAnswer.Answered(
        List.of(), Map.of(), Optional.of(new TypeAnswer.Read(Given.entries(consents), List.of())));
  }

  private Regions inForce(Region... those) {
    return new Regions(1, "hash", Given.gateway(), List.of(those), agreements, List.of());
  }

  private Regions inForce() {
    return inForce(regions.toArray(Region[]::new));
  }

  private JsonNode search(String... entries) {
    try {
      return JSON.readTree(text(List.of(entries)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text(List<String> entries) {
    return text(((View) federate(entries.toArray(String[]::new))).bundle());
  }

  private FederatedAnswer federate(String... entries) {
    return federation(entries).search(call(), query("Observation"), wishes);
  }

  private FederatedAnswer read(String entry) {
    return federation(entry).read(call(), ADA, new RegionId("london"), "Observation", "o2");
  }

  private Federation federation(String... entries) {
    live = inForce();
    answers.put("london", answered("london", entries));
    return new Federation(
        () -> live,
        OptOuts.Unknown::new,
        (question, _) -> answer(question),
        new UnreadAudit() {
          @Override
          public void intend(AuditRecord.Intent intent) {
            intents.add(
                intent.asked().keySet().stream().map(RegionId::value).collect(Collectors.toSet()));
          }

          @Override
          public void record(AuditRecord.Outcome outcome) {
            outcomes.add(outcome);
            whenRecorded.run();
          }
        },
        "https://gateway.example",
        () -> NOON,
        new Quality(NOON),
        PageRing.tokens());
  }

  private CompletionStage<PeerAnswer> answer(PeerQuestion question) {
    whenAsked.run();
    String id = question.region().id().value();
    return CompletableFuture.completedFuture(
        answers.getOrDefault(
            question instanceof PeerQuestion.Consents ? "register of " + id : id,
            new PeerAnswer.NotMatched()));
  }

  private static Call call() {
    return new Call(
        Given.requester(Thumbprints.x5tS256(CERTIFICATE)),
        "request-1",
        "127.0.0.1",
        Traceparent.fresh());
  }

  private static Failure failure(FederatedAnswer answer) {
    assertThat(answer).isInstanceOf(Unanswered.class);
    return ((Unanswered) answer).failure();
  }

  private static List<String> urls(JsonNode bundle) {
    return entries(bundle)
        .filter(entry -> entry.at("/search/mode").asText().equals("match"))
        .map(entry -> entry.at("/fullUrl").asText())
        .toList();
  }

  /** Whose by whom, and the addresses. */
  private static List<String> provenances(JsonNode bundle) {
    return entries(bundle)
        .map(entry -> entry.at("/resource"))
        .filter(resource -> resource.at("/resourceType").asText().equals("Provenance"))
        .filter(resource -> !resource.at("/agent").isEmpty())
        .map(
            resource ->
                String.join(" by ", resource.at("/agent").findValuesAsText("display"))
                    + " | "
                    + String.join(" ", resource.at("/target").findValuesAsText("reference")))
        .toList();
  }

  private static List<String> account(JsonNode bundle) {
    return bundle.findValuesAsText("text");
  }

  private static Stream<JsonNode> entries(JsonNode bundle) {
    return StreamSupport.stream(bundle.at("/entry").spliterator(), false);
  }

  private static String text(Gather gather) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      gather.writeTo(out);
      return out.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
