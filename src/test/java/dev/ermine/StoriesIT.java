package dev.ermine;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.ermine.sandbox.PeerRegion;
import dev.ermine.sandbox.Stories;
import dev.ermine.testing.Answer;
import dev.ermine.testing.Asker;
import dev.ermine.testing.House;
import dev.ermine.testing.TestTokens;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stories of the sandbox, as an A&amp;E doctor's system hears them from the gateway. */
class StoriesIT {

  private static final String TYPES =
      "Patient,AllergyIntolerance,Condition,MedicationStatement,MedicationRequest,Observation,"
          + "Encounter,Procedure,Immunization,DiagnosticReport,DocumentReference,CarePlan,Flag,"
          + "Appointment,ServiceRequest";
  private static final String CLOSING =
      "This covers connected regions only, and they may hold more than they share: absence here is"
          + " not evidence of absence.";
  private static final List<String> REGIONS =
      Arrays.stream(PeerRegion.values()).map(PeerRegion::id).toList();
  private static final String LANCASHIRE = PeerRegion.LANCASHIRE_SOUTH_CUMBRIA.id();

  @TempDir static Path directory;
  private static House house;
  private static Answer ada;

  @BeforeAll
  static void open() {
    house = House.open(directory);
    ada = Answer.of(200, house.doctor().search("/fhir/_search", form(TYPES, Stories.ADA_OKAFOR)));
  }

  @AfterAll
  static void close() {
    if (house != null) {
      house.close();
    }
  }

  @Test
  void summarisesItAllOnOnePage() {
    JsonNode summary = Answer.of(200, summary(Stories.ADA_OKAFOR)).resource();
    assertThat(summary.path("type").asText()).isEqualTo("document");
    JsonNode sections = summary.at("/entry/0/resource/section");
    assertThat(sections.at("/0/text/div").asText())
        .contains("Wessex Care Records has not answered in time", "Conflict: ");
    JsonNode allergies = sections.at("/1");
    assertThat(allergies.at("/code/coding/0/code").asText()).isEqualTo("48765-2");
    assertThat(allergies.at("/text/div").asText())
        .contains("London Care Record", "Wessex Care Records has not answered in time");
    assertThat(allergies.findValuesAsText("reference"))
        .anyMatch(url -> url.contains("/regions/london/fhir/AllergyIntolerance/"))
        .anyMatch(url -> url.contains("/regions/yorkshire-humber/fhir/AllergyIntolerance/"));
    assertThat(sections.at("/2/text/div").asText()).contains("evetiracetam", "mg");
  }

  @Test
  void summarisesNobodyWhoIsNotNamedAsAPatientMustBe() {
    assertThat(summary("9000000008").statusCode()).isEqualTo(400);
    assertThat(house.doctor().get("/fhir/Patient/$summary").statusCode()).isEqualTo(405);
  }

  private static HttpResponse<byte[]> summary(String nhsNumber) {
    String parameters =
        """
        {"resourceType":"Parameters","parameter":[{"name":"identifier",
          "valueIdentifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"%s"}}]}"""
            .formatted(nhsNumber);
    return house
        .doctor()
        .send(
            house
                .doctor()
                .request("/fhir/Patient/$summary")
                .header("Content-Type", "application/fhir+json")
                .POST(BodyPublishers.ofString(parameters)));
  }

  @Test
  void accountsForEveryRegionInOrder() {
    assertThat(ada.statuses().keySet()).containsExactlyElementsOf(REGIONS);
    assertThat(ada.statuses())
        .containsExactly(
            entry("london", List.of("answered")),
            entry("essex-suffolk", List.of("answered", "not-asked")),
            entry("greater-manchester", List.of("answered", "not-asked")),
            entry("yorkshire-humber", List.of("answered", "not-asked")),
            entry("wessex", List.of("timed-out", "not-asked")),
            entry("thames-valley-surrey", List.of("answered", "not-asked")),
            entry(LANCASHIRE, List.of("answered", "not-asked")));
    assertThat(ada.header("Ermine-Account"))
        .isEqualTo("known=7, agreed=7, asked=7, answered=6, all-answered=?0");
    assertThat(ada.resource().has("total")).isFalse();
  }

  @Test
  void saysFirstWhatAClinicianMustKnow() {
    assertThat(ada.sentence()).contains("Wessex Care Records").endsWith(CLOSING);
    assertThat(ada.outcome().at("/issue/0/severity").asText()).isEqualTo("warning");
  }

  @Test
  void namesTheRuleByWhichATypeIsNotAsked() {
    assertThat(ada.account())
        .filteredOn(line -> line.region().equals("yorkshire-humber"))
        .last()
        .satisfies(
            line -> {
              assertThat(line.status()).isEqualTo("not-asked");
              assertThat(line.text()).contains("CarePlan", "DocumentReference");
              assertThat(line.rules()).contains("DSA-2023-YHCR-HWE#type");
            });
  }

  @Test
  void showsTheAllergyAndTheRegionThatKnowsOfNone() {
    assertThat(codes(ada.resources("london", "AllergyIntolerance"))).contains("91936005");
    assertThat(codes(ada.resources("yorkshire-humber", "AllergyIntolerance")))
        .contains("716186003");

    JsonNode conflict = ada.outcome().at("/issue/1");
    assertThat(conflict.at("/details/coding").findValuesAsText("code"))
        .containsExactly("allergy-denied");
    assertThat(conflict.path("severity").asText()).isEqualTo("warning");
    assertThat(conflict.at("/details/text").asText()).contains("London Care Record", "Yorkshire");
    assertThat(conflict.path("expression").valueStream().map(JsonNode::asText))
        .containsExactlyElementsOf(places("AllergyIntolerance"));
  }

  /** The FHIRPaths of that type's entries in the Bundle. */
  private static List<String> places(String type) {
    List<JsonNode> entries = ada.allEntries().toList();
    return IntStream.range(0, entries.size())
        .filter(i -> entries.get(i).at("/resource/resourceType").asText().equals(type))
        .mapToObj(i -> "Bundle.entry[" + i + "].resource")
        .toList();
  }

  @Test
  void bringsTheMedicationWithThePrescription() {
    JsonNode medication =
        ada.entries("london").stream()
            .filter(e -> e.at("/resource/resourceType").asText().equals("Medication"))
            .findFirst()
            .orElseThrow();
    assertThat(codes(List.of(medication))).contains("387000003");
    assertThat(medication.at("/search/mode").asText()).isEqualTo("include");
    String reference = "Medication/" + medication.at("/resource/id").asText();
    assertThat(ada.resources("london", "MedicationRequest"))
        .extracting(request -> request.at("/medicationReference/reference").asText())
        .contains(reference);
  }

  @Test
  void showsThatTwoRegionsHoldTheSamePrescription() {
    JsonNode london = prescription("london");
    JsonNode essex = prescription("essex-suffolk");
    assertThat(essex.at("/resource/medicationCodeableConcept/coding/0/system").asText())
        .isEqualTo("https://dmd.nhs.uk");
    assertThat(alternates(london)).containsExactly(Answer.fullUrl(essex));
    assertThat(alternates(essex)).containsExactly(Answer.fullUrl(london));
  }

  private static JsonNode prescription(String region) {
    return ada.entries(region).stream()
        .filter(e -> e.at("/resource/resourceType").asText().equals("MedicationRequest"))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> alternates(JsonNode entry) {
    return entry
        .path("link")
        .valueStream()
        .filter(link -> link.path("relation").asText().equals("alternate"))
        .map(link -> link.path("url").asText())
        .toList();
  }

  @Test
  void bringsTheUrgentCarePlan() {
    assertThat(codes(ada.resources("london", "CarePlan"))).contains("887701000000100");
  }

  @Test
  void standsByRegionAndTellsEachOnesProvenance() {
    assertThat(ada.order()).isSubsetOf(REGIONS).doesNotHaveDuplicates();
    assertThat(ada.order()).containsExactlyElementsOf(inOrder(ada.order()));
    assertThat(ada.allEntries())
        .filteredOn(e -> e.at("/resource/resourceType").asText().equals("Provenance"))
        .hasSameSizeAs(ada.order())
        .allSatisfy(e -> assertThat(e.at("/search/mode").asText()).isEqualTo("include"));
  }

  @Test
  void opensTheLloydGeorgeRecordThroughTheGateway() throws Exception {
    JsonNode document = ada.resources(LANCASHIRE, "DocumentReference").getFirst();
    assertThat(codes(List.of(document))).contains("16521000000101");
    String url = document.at("/content/0/attachment/url").asText();
    assertThat(url).startsWith(house.gateway().base() + "/regions/" + LANCASHIRE + "/fhir/Binary/");
    Answer scan = Answer.of(200, house.doctor().read(url, Stories.ADA_OKAFOR));
    assertThat(scan.resource().path("contentType").asText()).isEqualTo("application/pdf");
    assertThat(scan.resource().path("data").binaryValue())
        .startsWith("%PDF-1.4\n".getBytes(StandardCharsets.US_ASCII))
        .endsWith("%%EOF\n".getBytes(StandardCharsets.US_ASCII));
    assertThat(scan.response().body()).isEqualTo(lastBody(PeerRegion.LANCASHIRE_SOUTH_CUMBRIA));
  }

  @Test
  void showsTheScanItselfToAViewerThatAsksForNoFhir() {
    String url =
        ada.resources(LANCASHIRE, "DocumentReference")
            .getFirst()
            .at("/content/0/attachment/url")
            .asText();
    HttpResponse<byte[]> scan =
        house
            .doctor()
            .send(
                house
                    .doctor()
                    .request(url)
                    .setHeader("Accept", "application/pdf")
                    .header("Ermine-Patient", Asker.NHS_NUMBER + Stories.ADA_OKAFOR));
    assertThat(scan.statusCode()).isEqualTo(200);
    assertThat(scan.headers().firstValue("Content-Type")).contains("application/pdf");
    assertThat(scan.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"document.pdf\"");
    assertThat(scan.body()).startsWith("%PDF-1.4\n".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void mergesNothingOfAPatientWithAnotherNumber() {
    Answer answer = Answer.of(200, search("Condition", Stories.OTHER_NUMBER));
    assertQuarantined(answer);
    assertThat(answer.header("Ermine-Account"))
        .isEqualTo("known=7, agreed=6, asked=6, answered=5, all-answered=?0");
  }

  @Test
  void mergesNothingWhereOneEntryIsAnotherPatients() {
    Answer answer = Answer.of(200, search("Observation", Stories.OTHER_SUBJECT));
    assertQuarantined(answer);
    assertThat(answer.header("Ermine-Account"))
        .isEqualTo("known=7, agreed=5, asked=5, answered=4, all-answered=?0");
  }

  @Test
  void holdsEachRegionsPatientAgainstTheTokens() {
    Answer known = Answer.of(200, asking(TestTokens.patient(Stories.ADA_OKAFOR)));
    assertThat(lineOf("greater-manchester", known).text())
        .contains("its patient differs from the one asked about in given name");
    assertThat(lineOf("london", known).text()).doesNotContain("its patient");
    assertThat(known.outcome().toString()).doesNotContain("not cross-checked");
    assertThat(ada.outcome().toString()).contains("identity not cross-checked");
  }

  @Test
  void mergesNothingOfATwinWhoHasTheNumber() {
    var twin = new LinkedHashMap<>(TestTokens.patient(Stories.ADA_OKAFOR));
    twin.put("given", List.of("Ngozi"));
    twin.put("birthdate", "1961-04-03");
    Answer answer = Answer.of(200, asking(twin));
    assertThat(answer.statuses()).containsEntry("london", List.of("quarantined"));
    assertThat(answer.entries("london")).isEmpty();
  }

  private static HttpResponse<byte[]> asking(Map<String, Object> patient) {
    return house.doctor().with("patient", patient).search("Condition", Stories.ADA_OKAFOR);
  }

  @Test
  void tellsARestrictedPatientLikeOneWhoIsNotThere() {
    Answer answer = Answer.of(200, search("Condition", Stories.RESTRICTED));
    assertThat(answer.statuses()).containsEntry("greater-manchester", List.of("not-matched"));
    assertThat(answer.entries("greater-manchester")).isEmpty();
    Answer unknown = Answer.of(200, search("Condition", Stories.UNKNOWN));
    assertThat(lineOf("greater-manchester", answer))
        .isEqualTo(lineOf("greater-manchester", unknown));
  }

  @Test
  void withholdsWhatAPatientObjectsToAndWhatALabelKeeps() {
    Answer answer = Answer.of(200, search("Condition", Stories.OBJECTOR));
    assertThat(answer.statuses())
        .containsEntry("london", List.of("withheld"))
        .containsEntry("essex-suffolk", List.of("answered"));
    assertThat(answer.entries()).hasSize(1);
    assertThat(answer.resources("essex-suffolk", "Condition"))
        .extracting(condition -> condition.path("id").asText())
        .containsExactly("e-173-open");
    assertThat(answer.header("Ermine-Account")).endsWith(", all-answered");
  }

  @Test
  void readsALongRecordToItsEnd() {
    Answer answer = Answer.of(200, search("Observation", Stories.LONG_RECORD));
    assertThat(answer.entries())
        .extracting(Answer::fullUrl)
        .doesNotHaveDuplicates()
        .hasSize(2 * 1_040);
    assertThat(answer.entries("london")).hasSize(1_040);
    assertThat(answer.resource().path("total").asInt()).isEqualTo(2 * 1_040);
    assertThat(answer.header("Ermine-Account")).endsWith(", all-answered");
  }

  @Test
  void answersWholeAndEmptyAboutSomebodyUnknown() {
    Answer answer = Answer.of(200, search("Patient", Stories.UNKNOWN));
    assertThat(answer.statuses().keySet()).containsExactlyElementsOf(REGIONS);
    assertThat(answer.statuses().values()).containsOnly(List.of("not-matched"));
    assertThat(answer.allEntries()).hasSize(1);
    assertThat(answer.resource().path("total").asInt(-1)).isZero();
    assertThat(answer.sentence()).endsWith(CLOSING);
  }

  @Test
  void tellsARegionThatIsDownAndKeepsTheOthers() {
    Answer answer = Answer.of(200, search("Condition", Stories.REGION_DOWN));
    assertThat(answer.statuses()).containsEntry("thames-valley-surrey", List.of("failing"));
    assertThat(answer.statuses()).containsEntry("london", List.of("answered"));
    assertThat(answer.resources("london", "Condition")).hasSize(1);
    assertThat(answer.resource().has("total")).isFalse();
  }

  @Test
  void answersGetAsItAnswersPost() {
    Asker doctor = house.doctor();
    Map<String, String> form = form("Condition,Observation", Stories.OTHER_SUBJECT);
    Answer posted = Answer.of(200, doctor.search("/fhir/_search", form));
    Answer got = Answer.of(200, doctor.get("/fhir?" + Asker.encode(form)));
    assertThat(posted.entries()).isNotEmpty();
    assertThat(got.entries()).isEqualTo(posted.entries());
    assertThat(got.statuses()).isEqualTo(posted.statuses());
  }

  @Test
  void countsAlone() {
    Answer answer =
        Answer.of(
            200,
            house
                .doctor()
                .search(
                    "/fhir/Condition/_search",
                    Map.of(
                        "patient.identifier",
                        Asker.NHS_NUMBER + Stories.OTHER_SUBJECT,
                        "_summary",
                        "count")));
    assertThat(answer.resource().path("total").asInt()).isEqualTo(1);
    assertThat(answer.allEntries()).hasSize(1);
    assertThat(answer.sentence()).endsWith(CLOSING);
  }

  @Test
  void asksTheNamedRegionsAlone() {
    Answer answer = Answer.of(200, wish("Ermine-Regions", "london, wessex", Stories.OTHER_SUBJECT));
    assertThat(answer.order()).containsExactly("london");
    assertThat(answer.statuses())
        .containsEntry("wessex", List.of("not-matched"))
        .containsEntry("essex-suffolk", List.of("not-asked"));
    assertThat(answer.header("Ermine-Account"))
        .startsWith("known=7, agreed=6, asked=2, answered=2");
    assertThat(wish("Ermine-Regions", "atlantis", Stories.OTHER_SUBJECT).statusCode())
        .isEqualTo(400);
  }

  @Test
  void failsWithTheAccountWhenARequiredRegionIsNotHeard() {
    Answer answer =
        Answer.of(504, wish("Ermine-Require", "thames-valley-surrey", Stories.REGION_DOWN));
    assertThat(answer.statuses().keySet()).containsExactlyElementsOf(REGIONS);
    assertThat(answer.statuses()).containsEntry("thames-valley-surrey", List.of("failing"));
    assertThat(answer.header("Ermine-Account")).endsWith("all-answered=?0");
    assertThat(wish("Ermine-Require", "all", Stories.REGION_DOWN).statusCode()).isEqualTo(504);
    assertThat(wish("Ermine-Require", "london", Stories.REGION_DOWN).statusCode()).isEqualTo(200);
  }

  @Test
  void hurriesWhenAskedTo() {
    Instant start = Instant.now();
    Answer answer =
        spoiling(
            PeerRegion.LONDON,
            aResponse().withFixedDelay(7_500),
            () ->
                Answer.of(
                    200,
                    house
                        .doctor()
                        .send(
                            asking("Condition", Stories.UNKNOWN)
                                .header("Ermine-Deadline", "1500"))));
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(6));
    assertThat(answer.statuses()).containsEntry("london", List.of("timed-out"));
  }

  @Test
  void answersInTimeThoughOneRegionBreaksOffAndOneIsTooSlow() {
    Instant start = Instant.now();
    Answer answer =
        spoiling(
            PeerRegion.ESSEX_SUFFOLK,
            aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
            () ->
                spoiling(
                    PeerRegion.WESSEX,
                    aResponse().withFixedDelay(20_000),
                    () -> Answer.of(200, search("Condition", Stories.REGION_DOWN))));
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(12));
    assertThat(answer.statuses())
        .containsEntry("essex-suffolk", List.of("failing"))
        .containsEntry("wessex", List.of("timed-out"))
        .containsEntry("london", List.of("answered"));
    assertThat(answer.sentence())
        .contains("Essex and Suffolk Shared Care Record", "Wessex Care Records")
        .endsWith(CLOSING);
  }

  @Test
  @DisplayName("A22: a purpose that no agreement has is 403, and audited")
  void refusesAPurposeThatNoAgreementHasAndAuditsIt() throws Exception {
    long before = refusals();
    Answer answer =
        Answer.of(
            403,
            house
                .doctor()
                .with("purpose_of_use", List.of("PUBHLTH"))
                .search("Condition", Stories.ADA_OKAFOR));
    assertThat(answer.statuses().keySet()).containsExactlyElementsOf(REGIONS);
    assertThat(answer.statuses().values()).containsOnly(List.of("not-asked"));
    assertThat(answer.account())
        .extracting(Answer.Line::rules)
        .allMatch(rules -> rules.contains("#purpose"))
        .anyMatch(rules -> rules.contains("DSA-2021-LCR-HWE#purpose"));
    assertThat(refusals()).isEqualTo(before + 1);
  }

  @Test
  void readsWhatASearchHasFound() {
    JsonNode allergy =
        ada.entries("london").stream()
            .filter(e -> e.at("/resource/resourceType").asText().equals("AllergyIntolerance"))
            .findFirst()
            .orElseThrow();
    Answer read = Answer.of(200, house.doctor().read(Answer.fullUrl(allergy), Stories.ADA_OKAFOR));
    assertThat(read.resource()).isEqualTo(allergy.path("resource"));
  }

  @Test
  void answersAlikeAboutAnotherPatientsResourceAndOneThatIsNotThere() {
    String london = "/regions/london/fhir/Condition/";
    var others = house.doctor().read(london + "c-25", Stories.ADA_OKAFOR);
    var unknown = house.doctor().read(london + "c-00", Stories.ADA_OKAFOR);
    assertThat(house.doctor().read(london + "c-25", Stories.OTHER_SUBJECT).statusCode())
        .isEqualTo(200);
    assertThat(others.statusCode()).isEqualTo(404);
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(others.body()).isEqualTo(unknown.body());
    assertThat(others.headers().map().keySet()).isEqualTo(unknown.headers().map().keySet());
  }

  private static void assertQuarantined(Answer answer) {
    assertThat(answer.statuses()).containsEntry("essex-suffolk", List.of("quarantined"));
    assertThat(answer.entries("essex-suffolk")).isEmpty();
    assertThat(new String(answer.response().body(), StandardCharsets.UTF_8))
        .doesNotContain(Stories.STRANGER, "/regions/essex-suffolk/");
    assertThat(answer.resource().has("total")).isFalse();
  }

  private static Answer spoiling(
      PeerRegion region, ResponseDefinitionBuilder response, Supplier<Answer> asking) {
    var server = house.sandbox().server(region);
    var stub = server.stubFor(any(anyUrl()).willReturn(response));
    try {
      return asking.get();
    } finally {
      server.removeStub(stub);
    }
  }

  private static HttpResponse<byte[]> search(String type, String nhsNumber) {
    return house.doctor().search(type, nhsNumber);
  }

  private static HttpResponse<byte[]> wish(String header, String value, String nhsNumber) {
    return house.doctor().send(asking("Condition", nhsNumber).header(header, value));
  }

  private static HttpRequest.Builder asking(String type, String nhsNumber) {
    var form = Map.of("patient.identifier", Asker.NHS_NUMBER + nhsNumber);
    return house
        .doctor()
        .request("/fhir/" + type + "/_search")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(Asker.encode(form)));
  }

  private static Map<String, String> form(String types, String nhsNumber) {
    var form = new LinkedHashMap<String, String>();
    form.put("_type", types);
    form.put("patient.identifier", Asker.NHS_NUMBER + nhsNumber);
    return form;
  }

  private static Answer.Line lineOf(String region, Answer answer) {
    return answer.account().stream()
        .filter(line -> line.region().equals(region))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> codes(List<JsonNode> resources) {
    return resources.stream()
        .flatMap(resource -> resource.findValues("coding").stream())
        .flatMap(JsonNode::valueStream)
        .map(coding -> coding.path("code").asText())
        .toList();
  }

  private static List<String> inOrder(List<String> regions) {
    return REGIONS.stream().filter(regions::contains).toList();
  }

  /** What a region last sent. */
  private static byte[] lastBody(PeerRegion region) {
    return house.sandbox().questions(region).getLast().getResponse().getBody();
  }

  private static long refusals() throws IOException {
    try (var lines = Files.lines(house.gateway().audit())) {
      return lines
          .filter(line -> line.contains("\"refusal\"") && line.contains("NO_AGREEMENT"))
          .count();
    }
  }
}
