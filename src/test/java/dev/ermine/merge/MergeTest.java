package dev.ermine.merge;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.ANOTHER;
import static dev.ermine.testing.Given.NOON;
import static dev.ermine.testing.Given.answered;
import static dev.ermine.testing.Given.entries;
import static dev.ermine.testing.Given.entry;
import static dev.ermine.testing.Given.observation;
import static dev.ermine.testing.Given.patient;
import static dev.ermine.testing.Given.query;
import static dev.ermine.testing.Given.region;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.Issue;
import dev.ermine.policy.EntryDecision;
import dev.ermine.policy.EntryPolicy;
import dev.ermine.region.RegionId;
import dev.ermine.testing.FhirJudge;
import dev.ermine.testing.Given;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MergeTest {

  private static final String GATEWAY = "https://gateway.example";
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void showsEntriesUnderTheGatewaysBaseOfTheirRegion() throws IOException {
    JsonNode bundle =
        bundle(
            merge(
                query("Observation"),
                asked("london", answered("london", observation("london", "o1", "Patient/p1")))));
    assertThat(bundle.at("/entry/0/fullUrl").asText())
        .isEqualTo("https://gateway.example/regions/london/fhir/Observation/o1");
    assertThat(bundle.at("/entry/0/search/mode").asText()).isEqualTo("match");
    assertThat(bundle.at("/entry/0/resource/subject/reference").asText()).isEqualTo("Patient/p1");
    assertThat(bundle.at("/total").asInt()).isEqualTo(1);
  }

  @Test
  void sameIdsOfTwoRegionsStandBesideEachOther() throws IOException {
    JsonNode bundle =
        bundle(
            merge(
                query("Observation"),
                asked("london", answered("london", observation("london", "1", "Patient/p1"))),
                asked("wessex", answered("wessex", observation("wessex", "1", "Patient/p1")))));
    assertThat(fullUrls(bundle))
        .startsWith(
            "https://gateway.example/regions/london/fhir/Observation/1",
            "https://gateway.example/regions/wessex/fhir/Observation/1");
    assertThat(bundle.at("/total").asInt()).isEqualTo(2);
  }

  @Test
  void rebasesUrlsUnderThePeersBaseAndNothingElse() throws IOException {
    String resource =
        """
        {"resourceType":"Observation","id":"o1","meta":{"profile":["https://london.example/fhir/StructureDefinition/x"]},
         "identifier":[{"system":"https://london.example/fhir/Id/mrn","value":"https://london.example/fhir/1"}],
         "subject":{"reference":"https:\\/\\/london.example/fhir/Patient/p1"},
         "encounter":{"reference":"https://london.example/fhirx/Encounter/1"},
         "performer":[{"reference":"HTTPS://LONDON.example:443/fhir/Practitioner/7"}],
         "focus":[{"reference":"https://london.example/fhir/../admin"}],
         "valueString":"https://london.example/fhir/Patient/p1"}""";
    JsonNode bundle =
        bundle(
            merge(
                query("Observation"),
                asked("london", answered("london", entry("london", resource, "Observation/o1")))));
    JsonNode out = bundle.at("/entry/0/resource");
    assertThat(out.at("/subject/reference").asText())
        .isEqualTo("https://gateway.example/regions/london/fhir/Patient/p1");
    assertThat(out.at("/performer/0/reference").asText())
        .isEqualTo("https://gateway.example/regions/london/fhir/Practitioner/7");
    assertThat(out.at("/encounter/reference").asText())
        .isEqualTo("https://london.example/fhirx/Encounter/1");
    assertThat(out.at("/focus/0/reference").asText())
        .isEqualTo("https://london.example/fhir/../admin");
    assertThat(out.at("/identifier/0/system").asText())
        .isEqualTo("https://london.example/fhir/Id/mrn");
    assertThat(out.at("/identifier/0/value").asText()).isEqualTo("https://london.example/fhir/1");
    assertThat(out.at("/meta/profile/0").asText())
        .isEqualTo("https://london.example/fhir/StructureDefinition/x");
    assertThat(out.at("/valueString").asText()).isEqualTo("https://london.example/fhir/Patient/p1");
  }

  @Test
  void quarantinesARegionWhosePatientCarriesAnotherNumber() throws IOException {
    PeerAnswer.Answered wrong =
        new PeerAnswer.Answered(
            entries(patient("london", "p1", ANOTHER)),
            answered("london", observation("london", "o1", "Patient/p1")).types());
    assertQuarantined(merge(query("Observation"), asked("london", wrong)));
  }

  @Test
  void quarantinesARegionWithSeveralPatientsWhenOneIsAnother() throws IOException {
    PeerAnswer.Answered mixed =
        new PeerAnswer.Answered(
            entries(patient("london", "p1", ADA), patient("london", "p2", ANOTHER)),
            answered("london", observation("london", "o1", "Patient/p1")).types());
    assertQuarantined(merge(query("Observation"), asked("london", mixed)));
  }

  @Test
  void quarantinesARegionWhenOneMatchNamesAnotherPatient() throws IOException {
    assertQuarantined(
        merge(
            query("Observation"),
            asked(
                "london",
                answered(
                    "london",
                    observation("london", "o1", "Patient/p1"),
                    observation("london", "o2", "Patient/p2")))));
    assertQuarantined(
        merge(
            query("Observation"),
            asked(
                "london",
                answered(
                    "london",
                    entry(
                        "london",
                        "{\"resourceType\":\"Observation\",\"id\":\"o2\",\"subject\":{\"reference\":\"Patient/p1\",\"identifier\":{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\""
                            + ANOTHER.value()
                            + "\"}}}",
                        "Observation/o2")))));
  }

  @Test
  void anEntryOfAForeignIdSpaceIsNeverBoundByALikeLookingId() throws IOException {
    Merged merged =
        merge(
            query("Observation"),
            asked(
                "london",
                answered(
                    "london",
                    "{\"fullUrl\":\"https://elsewhere.example/fhir/Observation/o1\",\"resource\":{\"resourceType\":\"Observation\",\"id\":\"o1\",\"subject\":{\"reference\":\"Patient/p1\"}}}")));
    assertThat(only(merged).status()).isEqualTo(Status.PART_ANSWERED);
    assertThat(merged.released()).isEmpty();
  }

  @Test
  void aPatientOfAForeignIdSpaceIsNotWhoeverHasTheSameIdHere() throws IOException {
    String stranger =
        Given.patient("london", "p1", Given.ADA)
            .replaceFirst(
                "\"fullUrl\":\"[^\"]*\"",
                "\"fullUrl\":\"https://elsewhere.example/fhir/Patient/p1\"");
    assertThat(stranger).contains("elsewhere.example");
    Merged merged =
        merge(
            query("Observation"),
            asked(
                "london",
                new PeerAnswer.Answered(
                    Given.entries(stranger),
                    answered("london", observation("london", "o1", "Patient/p1")).types())));
    assertThat(only(merged).status()).isEqualTo(Status.QUARANTINED);
    assertThat(merged.released()).isEmpty();
  }

  @Test
  void setsAsideWhatHasNoSubjectAndSaysSo() throws IOException {
    Merged merged =
        merge(
            query("Observation"),
            asked(
                "london",
                answered(
                    "london",
                    observation("london", "o1", "Patient/p1"),
                    observation("london", "o2", "Group/p1"),
                    entry(
                        "london",
                        "{\"resourceType\":\"Observation\",\"id\":\"o3\"}",
                        "Observation/o3"))));
    assertThat(merged.released()).containsExactly("london/Observation/o1");
    assertThat(only(merged).status()).isEqualTo(Status.PART_ANSWERED);
    assertThat(only(merged).text()).contains("2 entries were set aside");
    assertThat(merged.total()).isEmpty();
  }

  @Test
  void bindsByContainedPatientAndByUrnAndByIdentifier() throws IOException {
    String number =
        "\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"" + ADA.value() + "\"";
    PeerAnswer.Answered answer =
        new PeerAnswer.Answered(
            entries(
                "{\"fullUrl\":\"urn:uuid:0b5ef20c-0c5a-4a5e-8f6a-3f8f6f1c9f01\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p1\",\"identifier\":[{"
                    + number
                    + "}]}}"),
            answered(
                    "london",
                    entry(
                        "london",
                        "{\"resourceType\":\"Observation\",\"id\":\"a\",\"contained\":[{\"resourceType\":\"Patient\",\"id\":\"c\",\"identifier\":[{"
                            + number
                            + "}]}],\"subject\":{\"reference\":\"#c\"}}",
                        "Observation/a"),
                    entry(
                        "london",
                        "{\"resourceType\":\"Observation\",\"id\":\"b\",\"subject\":{\"reference\":\"urn:uuid:0b5ef20c-0c5a-4a5e-8f6a-3f8f6f1c9f01\"}}",
                        "Observation/b"),
                    entry(
                        "london",
                        "{\"resourceType\":\"Observation\",\"id\":\"c\",\"subject\":{\"identifier\":{"
                            + number
                            + "}}}",
                        "Observation/c"))
                .types());
    assertThat(merge(query("Observation"), asked("london", answer)).released())
        .containsExactly("london/Observation/a", "london/Observation/b", "london/Observation/c");
  }

  @Test
  void setsAsideADocumentOutsideTheListedBases() {
    Merged merged =
        merge(
            query("DocumentReference"),
            asked(
                "london",
                documents(
                    "https://london.example/fhir/Binary/1",
                    "Binary/2",
                    "https://docs.london.example/store/3.pdf",
                    "https://docs.london.example/storex/4.pdf",
                    "https://evil.example/5.pdf",
                    "ssp://old.example/6")));
    assertThat(merged.released())
        .containsExactly(
            "london/DocumentReference/d0",
            "london/DocumentReference/d1",
            "london/DocumentReference/d2");
  }

  @Test
  void leavesOutWhatNobodyAskedFor() {
    PeerAnswer.Answered answer =
        answered(
            "london",
            observation("london", "o1", "Patient/p1"),
            "{\"fullUrl\":\"https://london.example/fhir/Practitioner/7\",\"resource\":{\"resourceType\":\"Practitioner\",\"id\":\"7\"},\"search\":{\"mode\":\"include\"}}",
            "{\"fullUrl\":\"https://london.example/fhir/Flag/8\",\"resource\":{\"resourceType\":\"Flag\",\"id\":\"8\",\"subject\":{\"reference\":\"Patient/p1\"}}}");
    Merged merged = merge(query("Observation"), asked("london", answer));
    assertThat(merged.released()).containsExactly("london/Observation/o1");
    assertThat(only(merged).text()).contains("2 that nobody asked for left out");
    assertThat(only(merged).status()).isEqualTo(Status.ANSWERED);
  }

  @Test
  void anIncludeStandsOnlyWhereADisclosedEntryLeadsToIt() {
    Merged merged =
        merge(
            query("Observation"),
            asked(
                "london",
                answered(
                    "london",
                    referring("o1", "Patient/p1", "Medication/led-to"),
                    include("Medication", "led-to", "Organization/maker"),
                    include("Organization", "maker", "Medication/led-to"),
                    include("Medication", "of-nothing", "Medication/of-nothing"),
                    include("Binary", "volunteered", "Patient/p1"))));
    assertThat(merged.released())
        .containsExactly(
            "london/Observation/o1", "london/Medication/led-to", "london/Organization/maker");
    assertThat(only(merged).text()).contains("2 that nobody asked for left out");
  }

  @Test
  void whatAnEntrySetAsideRefersToDoesNotStandForThePatient() {
    Merged merged =
        merge(
            query("Observation"),
            asked(
                "london",
                answered(
                    "london",
                    referring("o1", "Group/1", "Medication/m1"),
                    include("Medication", "m1", "Organization/maker"))));
    assertThat(merged.released()).isEmpty();
  }

  @Test
  void aBinaryNeverComesBySearchEvenWhereAnEntryRefersToIt() {
    Merged merged =
        merge(
            query("Observation"),
            asked(
                "london",
                answered(
                    "london",
                    referring("o1", "Patient/p1", "Binary/b1"),
                    include("Binary", "b1", "Patient/p1"))));
    assertThat(merged.released()).containsExactly("london/Observation/o1");
  }

  @Test
  void anIncludeThatContainsAnotherPatientIsSetAside() {
    String medication =
        "{\"fullUrl\":\"https://london.example/fhir/Medication/m1\",\"search\":{\"mode\":\"include\"},"
            + "\"resource\":{\"resourceType\":\"Medication\",\"id\":\"m1\",\"contained\":[{\"resourceType\":\"Patient\",\"id\":\"x\","
            + "\"identifier\":[{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\""
            + ANOTHER.value()
            + "\"}]}]}}";
    Merged merged =
        merge(
            query("Observation"),
            asked(
                "london",
                answered("london", referring("o1", "Patient/p1", "Medication/m1"), medication)));
    assertThat(merged.released()).containsExactly("london/Observation/o1");
    assertThat(only(merged).status()).isEqualTo(Status.PART_ANSWERED);
  }

  private static String referring(String id, String subject, String to) {
    return entry(
        "london",
        "{\"resourceType\":\"Observation\",\"id\":\"%s\",\"subject\":{\"reference\":\"%s\"},\"focus\":[{\"reference\":\"%s\"}]}"
            .formatted(id, subject, to),
        "Observation/" + id);
  }

  private static String include(String type, String id, String to) {
    return "{\"fullUrl\":\"https://london.example/fhir/%s/%s\",\"resource\":{\"resourceType\":\"%s\",\"id\":\"%s\",\"partOf\":{\"reference\":\"%s\"}},\"search\":{\"mode\":\"include\"}}"
        .formatted(type, id, type, id, to);
  }

  @Test
  void refusesAFullUrlThatClaimsToBeTheGateways() {
    Merged merged =
        merge(
            query("Observation"),
            asked(
                "london",
                answered(
                    "london",
                    "{\"fullUrl\":\"https://gateway.example/regions/wessex/fhir/Observation/o1\",\"resource\":{\"resourceType\":\"Observation\",\"id\":\"o1\",\"subject\":{\"reference\":\"https://london.example/fhir/Patient/p1\"}}}")));
    assertThat(merged.released()).isEmpty();
    assertThat(only(merged).status()).isEqualTo(Status.PART_ANSWERED);
  }

  @Test
  void theSameResourceTwiceStandsOnceAndAnotherUnderItsAddressIsSetAside() throws IOException {
    String clash =
        entry(
            "london",
            "{\"resourceType\":\"Observation\",\"id\":\"o1\",\"status\":\"amended\",\"subject\":{\"reference\":\"Patient/p1\"}}",
            "Observation/o1");
    String twice = observation("london", "o1", "Patient/p1");
    Merged same = merge(query("Observation"), asked("london", answered("london", twice, twice)));
    assertThat(same.released()).hasSize(1);
    assertThat(only(same).status()).isEqualTo(Status.ANSWERED);
    Merged clashing =
        merge(query("Observation"), asked("london", answered("london", twice, clash)));
    assertThat(clashing.released()).hasSize(1);
    assertThat(only(clashing).status()).isEqualTo(Status.PART_ANSWERED);
    assertThat(fullUrls(bundle(clashing))).doesNotHaveDuplicates();
  }

  @Test
  void totalIsOnlyGivenWhenEveryAskedRegionWasReadWhole() throws IOException {
    Contribution answered =
        asked("london", answered("london", observation("london", "o1", "Patient/p1")));
    Contribution late = asked("wessex", new PeerAnswer.Missed(new PeerAnswer.Miss.TimedOut()));
    Contribution none = asked("wessex", new PeerAnswer.NotMatched());
    assertThat(merge(query("Observation"), answered, late).total()).isEmpty();
    assertThat(merge(query("Observation"), answered, none).total()).contains(1);
    assertThat(bundle(merge(query("Observation"), answered, late)).has("total")).isFalse();
  }

  @Test
  void countOnlyDisclosesTheNumberAlone() throws IOException {
    FhirQuery count = new FhirQuery(List.of("Observation"), false, ADA, List.of(), true, List.of());
    JsonNode bundle =
        bundle(
            merge(
                count,
                asked("london", answered("london", observation("london", "o1", "Patient/p1")))));
    assertThat(bundle.at("/total").asInt()).isEqualTo(1);
    assertThat(bundle.at("/entry")).hasSize(1);
    assertThat(bundle.at("/entry/0/search/mode").asText()).isEqualTo("outcome");
  }

  @Test
  void everyBundleHasOneOutcomeAndAProvenanceForEachRegionWithEntries() throws IOException {
    JsonNode bundle =
        bundle(
            merge(
                query("Observation"),
                asked("london", answered("london", observation("london", "o1", "Patient/p1"))),
                asked("wessex", answered("wessex"))));
    assertThat(bundle.findValuesAsText("resourceType"))
        .containsExactly("Bundle", "Observation", "Provenance", "OperationOutcome");
    assertThat(bundle.at("/entry/1/resource/target/0/reference").asText())
        .isEqualTo(bundle.at("/entry/0/fullUrl").asText());
    JsonNode issues = bundle.at("/entry/2/resource/issue");
    assertThat(issues.at("/0/details/text").asText()).endsWith(Account.CLOSING);
    assertThat(issues.at("/1/details/text").asText()).startsWith("identity not cross-checked: ");
    assertThat(issues.at("/2/details/coding/0/code").asText()).isEqualTo("answered");
    assertThat(issues.at("/2/details/coding/1/code").asText()).isEqualTo("london");
    assertThat(issues.at("/3/details/coding/0/code").asText()).isEqualTo("empty");
  }

  @Test
  void typesThatDifferHaveLinesOfTheirOwn() {
    Map<String, PeerAnswer.TypeAnswer> types =
        new LinkedHashMap<>(answered("london", observation("london", "o1", "Patient/p1")).types());
    types.put("Condition", new PeerAnswer.TypeAnswer.Unread(new PeerAnswer.Miss.TimedOut()));
    Merged merged =
        merge(
            query("Observation", "Condition"),
            asked("london", new PeerAnswer.Answered(entries(patient("london", "p1", ADA)), types)));
    assertThat(merged.account())
        .extracting(AccountLine::status)
        .containsExactly(Status.ANSWERED, Status.TIMED_OUT);
    assertThat(merged.account().get(1).text()).startsWith("Condition: ");
    assertThat(merged.statuses().values()).containsExactly(Status.PART_ANSWERED);
    assertThat(merged.total()).isEmpty();
  }

  @Test
  void contradictionsStandRightAfterTheSentenceAndLeadToTheirEntries() throws IOException {
    JsonNode bundle =
        bundle(
            merge(
                query("Observation"),
                asked(
                    "london",
                    answered(
                        "london", observation("london", "o1", "Patient/p1"), weight("london", 70))),
                asked("wessex", answered("wessex", weight("wessex", 80)))));
    JsonNode issue = bundle.at("/entry/5/resource/issue/1");
    assertThat(issue.path("severity").asText()).isEqualTo("warning");
    assertThat(issue.path("code").asText()).isEqualTo("conflict");
    assertThat(issue.at("/details/coding/0/code").asText()).isEqualTo("observation-value");
    assertThat(issue.at("/details/text").asText())
        .isEqualTo(
            "Observation \"Weight\": \"70 kg\" at Region london; \"80 kg\" at Region wessex.");
    assertThat(issue.path("expression").valueStream().map(JsonNode::asText))
        .containsExactly("Bundle.entry[1].resource", "Bundle.entry[2].resource");
    assertThat(issue.path("diagnostics").asText())
        .isEqualTo(
            "rule: observation-value; https://gateway.example/regions/london/fhir/Observation/w;"
                + " https://gateway.example/regions/wessex/fhir/Observation/w");
    assertThat(bundle.at("/entry/1/fullUrl").asText()).endsWith("london/fhir/Observation/w");
    assertThat(bundle.at("/entry/2/fullUrl").asText()).endsWith("wessex/fhir/Observation/w");
  }

  @Test
  void whatIsNotDisclosedContradictsNothing() {
    PeerAnswer london = answered("london", weight("london", 70));
    PeerAnswer wessex = answered("wessex", weight("wessex", 80));
    FhirQuery count = new FhirQuery(List.of("Observation"), false, ADA, List.of(), true, List.of());
    Contribution withheld =
        asked(
            "wessex",
            wessex,
            Given.withholding(_ -> Optional.of(EntryDecision.Reason.LABEL)),
            Set.of("Observation", "Patient"));
    assertThat(merge(query("Observation"), asked("london", london), withheld).conflicts())
        .isEmpty();
    assertThat(merge(count, asked("london", london), asked("wessex", wessex)).issues())
        .noneMatch(issue -> issue.code() == Issue.Code.CONFLICT);
    assertThat(merge(query("Observation"), asked("london", london)).conflicts()).isEmpty();
  }

  @Test
  void aDeathIsToldOfAsFarAsThePatientMayBe() {
    PeerAnswer.Answered alive = answered("london", observation("london", "o1", "Patient/p1"));
    String patient = patient("wessex", "p1", ADA);
    String deceased =
        patient.replace(
            "\"resourceType\":\"Patient\"",
            "\"resourceType\":\"Patient\",\"deceasedBoolean\":true");
    assertThat(deceased).isNotEqualTo(patient);
    PeerAnswer dead =
        new PeerAnswer.Answered(
            entries(deceased),
            answered("wessex", observation("wessex", "o1", "Patient/p1")).types());
    Set<String> both = Set.of("Observation", "Patient");
    Contribution london = asked("london", alive, Given.SHARES_ALL, both);
    Merged told =
        merge(query("Observation"), london, asked("wessex", dead, Given.SHARES_ALL, both));
    assertThat(told.conflicts())
        .singleElement()
        .satisfies(conflict -> assertThat(conflict.rule()).isEqualTo("death"));
    assertThat(told.released())
        .as("what the audit has to name")
        .containsExactly(
            "london/Observation/o1",
            "wessex/Observation/o1",
            "london/Patient/p1",
            "wessex/Patient/p1");
    Merged silent = merge(query("Observation"), london, asked("wessex", dead));
    assertThat(silent.conflicts()).isEmpty();
    assertThat(silent.released()).doesNotContain("london/Patient/p1");
    assertThat(
            merge(
                    query("Observation"),
                    london,
                    asked(
                        "wessex",
                        dead,
                        Given.withholdingAll(EntryDecision.Reason.OBJECTION, false),
                        both))
                .conflicts())
        .isEmpty();
  }

  private static String weight(String region, int kilograms) {
    return entry(
        region,
        ("{\"resourceType\":\"Observation\",\"id\":\"w\",\"subject\":{\"reference\":\"Patient/p1\"},"
                + "\"code\":{\"text\":\"Weight\",\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"27113001\"}]},"
                + "\"effectiveDateTime\":\"2026-01-01T09:00:00Z\",\"valueQuantity\":{\"value\":%d,\"unit\":\"kg\"}}")
            .formatted(kilograms),
        "Observation/w");
  }

  private static PeerAnswer.Answered documents(String... urls) {
    String[] entries = new String[urls.length];
    for (int i = 0; i < urls.length; i++) {
      entries[i] =
          entry(
              "london",
              "{\"resourceType\":\"DocumentReference\",\"id\":\"d"
                  + i
                  + "\",\"subject\":{\"reference\":\"Patient/p1\"},\"content\":[{\"attachment\":{\"url\":\""
                  + urls[i]
                  + "\"}}]}",
              "DocumentReference/d" + i);
    }
    return new PeerAnswer.Answered(
        entries(patient("london", "p1", ADA)),
        Map.of("DocumentReference", new PeerAnswer.TypeAnswer.Read(entries(entries), List.of())));
  }

  private static String shared(String url, String version) {
    return "{\"fullUrl\":\"%s\",\"resource\":{\"resourceType\":\"Observation\",\"id\":\"o\",\"meta\":{\"versionId\":\"%s\"},\"status\":\"final\",\"code\":{\"text\":\"pulse\"},\"subject\":{\"identifier\":{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"%s\"}}}}"
        .formatted(url, version, ADA.value());
  }

  @Test
  void whatComesByTwoRoutesStandsOnceAndNamesBoth() throws IOException {
    for (String url :
        List.of(
            "urn:uuid:0b5ef20c-0c5a-4a5e-8f6a-3f8f6f1c9f01",
            "https://elsewhere.example/fhir/Observation/o")) {
      Merged merged =
          merge(
              query("Observation"),
              asked("london", answered("london", shared(url, "1"), shared(url, "1"))),
              asked("wessex", answered("wessex", shared(url, "1"))));
      JsonNode bundle = bundle(merged);
      assertThat(fullUrls(bundle)).containsOnlyOnce(url);
      assertThat(bundle.findValuesAsText("reference")).containsExactly(url, url);
      assertThat(merged.account())
          .extracting(AccountLine::text)
          .containsExactly("1 entry", "1 entry");
      assertThat(merged.total()).contains(1);
      assertThat(merged.released()).containsExactly("london/Observation/o", "wessex/Observation/o");
      assertThat(merged.contributors())
          .extracting(RegionId::value)
          .containsExactly("london", "wessex");
      assertThat(FhirJudge.errors(bundle.toString())).isEmpty();
    }
  }

  @Test
  void anotherVersionAtTheSameAddressIsSetAsideAndSaidToBe() throws IOException {
    String url = "https://elsewhere.example/fhir/Observation/o";
    Merged merged =
        merge(
            query("Observation"),
            asked("london", answered("london", shared(url, "1"))),
            asked("wessex", answered("wessex", shared(url, "2"))));
    assertThat(fullUrls(bundle(merged))).containsOnlyOnce(url);
    assertThat(merged.account().getLast().text())
        .isEqualTo(
            "shared nothing for this question; known gaps: 1 entry was set aside as not safe"
                + " to show: 1 has the address of another entry");
    assertThat(merged.total()).isEmpty();
  }

  private static void assertQuarantined(Merged merged) throws IOException {
    assertThat(only(merged).status()).isEqualTo(Status.QUARANTINED);
    assertThat(merged.released()).isEmpty();
    assertThat(bundle(merged).findValuesAsText("resourceType"))
        .containsExactly("Bundle", "OperationOutcome");
  }

  private static AccountLine only(Merged merged) {
    assertThat(merged.account()).hasSize(1);
    return merged.account().getFirst();
  }

  private static Contribution asked(String region, PeerAnswer answer) {
    return asked(
        region,
        answer,
        Given.SHARES_ALL,
        Set.of("Observation", "Medication", "Organization", "Binary"));
  }

  private static Contribution asked(
      String region, PeerAnswer answer, EntryPolicy policy, Set<String> disclosable) {
    List<String> types =
        answer instanceof PeerAnswer.Answered answered
            ? List.copyOf(answered.types().keySet())
            : List.of("Observation");
    return new Contribution.Asked(
        region(region),
        types,
        disclosable,
        List.of(),
        List.of(),
        List.of("DSA-" + region),
        answer,
        policy,
        List.of(),
        Optional.empty());
  }

  private static Merged merge(FhirQuery query, Contribution... contributions) {
    return new Merge(GATEWAY)
        .merge(query, Sought.byNumber(ADA), Arrays.asList(contributions), "request-1", NOON);
  }

  private static JsonNode bundle(Merged merged) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    merged.bundle().writeTo(out);
    return JSON.readTree(out.toByteArray());
  }

  private static List<String> fullUrls(JsonNode bundle) {
    List<String> urls = new ArrayList<>();
    bundle.at("/entry").forEach(entry -> urls.add(entry.at("/fullUrl").asText()));
    return urls;
  }
}
