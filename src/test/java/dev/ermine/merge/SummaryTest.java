package dev.ermine.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.Missed;
import dev.ermine.merge.summary.SummaryQuery;
import dev.ermine.testing.FhirJudge;
import dev.ermine.testing.Given;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SummaryTest {

  private static final String ALLERGIES = "48765-2";
  private static final String MEDICATIONS = "10160-0";
  private static final String PROBLEMS = "11450-4";
  private static final String NO_EVIDENCE = "absence here is not evidence of absence.";
  private static final String LONDON = Deal.GATEWAY + "/regions/london/fhir/";
  private static final String WESSEX = Deal.GATEWAY + "/regions/wessex/fhir/";

  private final Deal deal = new Deal(List.of("london", "wessex"), Written.patient(), new Random(7));

  @Test
  void isADocumentWithItsCompositionFirst() {
    SeenSummary summary = summary();
    assertThat(summary.bundle().path("type").asText()).isEqualTo("document");
    assertThat(summary.bundle().at("/identifier/value").asText()).startsWith("urn:uuid:");
    assertThat(summary.bundle().path("timestamp").asText()).isEqualTo("2026-11-21T12:00:00Z");
    assertThat(summary.composition().path("resourceType").asText()).isEqualTo("Composition");
    assertThat(summary.composition().path("status").asText()).isEqualTo("preliminary");
    assertThat(summary.composition().has("attester")).isFalse();
    assertThat(summary.text()).doesNotContain("\"search\"");
    JsonNode author = summary.resource(summary.composition().at("/author/0/reference").asText());
    assertThat(author.path("name").asText()).isEqualTo("Herts and West Essex");
    assertThat(author.at("/identifier/0/value").asText()).isEqualTo("QM7");
  }

  @Test
  void isOfThePatientWhomTheTokenTellsOfAndLinksToThoseOfTheRegions() {
    SeenSummary summary = summary();
    JsonNode patient = summary.resource(summary.composition().at("/subject/reference").asText());
    assertThat(patient.path("resourceType").asText()).isEqualTo("Patient");
    assertThat(patient.at("/identifier/0/value").asText()).isEqualTo(Given.ADA.value());
    assertThat(patient.at("/name/0/family").asText()).isEqualTo("Okafor");
    assertThat(patient.path("birthDate").asText()).isEqualTo("1961-04-02");
    List<String> ours = List.of(deal.patient("london").fullUrl(), deal.patient("wessex").fullUrl());
    assertThat(patient.findValuesAsText("reference")).isEqualTo(ours);
    JsonNode theirs = summary.resource(summary.entries("patients").getFirst());
    assertThat(theirs.findValuesAsText("fullUrl")).isEqualTo(ours);
    assertThat(theirs.at("/entry/0/link/0/url").asText()).isEqualTo(ours.getLast());
    assertThat(summary.read("patients")).contains("Region london", "Region wessex", "1961-04-02");
  }

  @Test
  void isOfTheFirstRegionsPatientWhereTheTokenTellsOfNone() {
    SeenSummary summary = SeenSummary.of(contributions(), Optional.empty());
    String subject = summary.composition().at("/subject/reference").asText();
    assertThat(subject).isEqualTo(deal.patient("london").fullUrl());
    assertThat(summary.resource(subject)).isEqualTo(deal.patient("london").resource());
    assertThat(summary.entries("patients")).hasSize(2).startsWith(subject);
    assertThat(summary.unreachable()).isEmpty();
  }

  @Test
  void isOfANumberWhereNobodyTellsOfThePatient() {
    SeenSummary summary = SeenSummary.of(List.of(late("kent")), Optional.empty());
    JsonNode patient = summary.resource(summary.composition().at("/subject/reference").asText());
    assertThat(patient.at("/identifier/0/value").asText()).isEqualTo(Given.ADA.value());
    assertThat(patient.has("name")).isFalse();
    assertThat(summary.bundle().at("/meta/profile").isMissingNode()).isTrue();
    assertThat(summary.composition().has("meta")).isFalse();
  }

  @Test
  void claimsToBeAnIpsOnlyWhereItFits() {
    assertThat(summary().bundle().at("/meta/profile/0").asText()).endsWith("Bundle-uv-ips");
    assertThat(summary().composition().at("/meta/profile/0").asText())
        .endsWith("Composition-uv-ips");
    deal.place("london", tobacco("t1"));
    assertThat(summary().bundle().at("/meta/profile/0").asText()).endsWith("Bundle-uv-ips");
    deal.place("wessex", tobacco("t2"));
    assertThat(summary().entries("29762-2")).hasSize(2);
    assertThat(summary().bundle().at("/meta/profile").isMissingNode()).isTrue();
    assertThat(summary().composition().has("meta")).isFalse();
  }

  private static ObjectNode tobacco(String id) {
    return Written.json(
        """
        {'resourceType':'Observation','id':'%s','status':'final','subject':{'reference':'?'},
         'code':{'coding':[{'system':'http://loinc.org','code':'72166-2'}]},
         'effectiveDateTime':'2026-01-01','valueCodeableConcept':{'text':'smoker'}}
        """
            .formatted(id));
  }

  @Test
  void whereNothingIsFoundSaysUnavailableAndNothingElse() {
    SeenSummary summary = summary();
    for (String required : List.of(ALLERGIES, MEDICATIONS, PROBLEMS)) {
      assertThat(summary.section(required).at("/emptyReason/coding/0/code").asText())
          .isEqualTo("unavailable");
      assertThat(summary.section(required).has("entry")).isFalse();
      assertThat(summary.read(required))
          .contains("not known")
          .contains("neither a finding that there is nothing");
    }
    assertThat(summary.text()).doesNotContain("nilknown", "withheld", "notasked");
    assertThat(summary.has("11369-6")).as("immunisations").isFalse();
  }

  @Test
  void aSourcesNoKnownAllergyIsThatSourcesDatedEntry() {
    deal.place("wessex", Written.allergy("a", Written.NO_KNOWN_ALLERGY, "active", "confirmed"));
    SeenSummary summary = summary();
    assertThat(summary.entries(ALLERGIES)).containsExactly(WESSEX + "AllergyIntolerance/a");
    assertThat(summary.section(ALLERGIES).has("emptyReason")).isFalse();
    assertThat(summary.read(ALLERGIES))
        .contains(Written.NO_KNOWN_ALLERGY, "recorded 2019-03-11", "Region wessex");
  }

  @Test
  void showsSourceStatusDateAndDose() {
    deal.place(
        "london",
        Written.medicine(
            "m", "http://snomed.info/sct", "387000003", "active", "500", "mg", "2026-09-15"));
    assertThat(summary().read(MEDICATIONS))
        .contains(
            "387000003", "500 mg, 2 in 1 d", "active", "authored 2026-09-15", "Region london");
  }

  @Test
  void marksWhatIsInConflictAndWhatIsRecordedElsewhere() {
    deal.place("london", Written.allergy("a", Written.PENICILLIN, "active", "confirmed"));
    deal.place("london", Written.condition("c", "38341003", "active", "2020-01-01"));
    deal.place("wessex", Written.condition("d", "38341003", "active", "2020-01-01"));
    deal.place("wessex", Written.allergy("n", Written.NO_KNOWN_ALLERGY, "active", "confirmed"));
    SeenSummary summary = summary();
    assertThat(summary.read(ALLERGIES)).containsSubsequence("Conflict:", "Conflict:");
    assertThat(summary.read("account")).containsSubsequence("Conflict:", "Region london:");
    assertThat(summary.read(PROBLEMS))
        .contains("Recorded also: Region wessex", "Recorded also: Region london");
    assertThat(summary.bundle().findValuesAsText("relation")).contains("alternate");
  }

  @Test
  void theAccountComesFirstAndItsPlacesAreTheDocuments() {
    deal.place("london", Written.allergy("a", Written.PENICILLIN, "active", "confirmed"));
    deal.place("wessex", Written.allergy("n", Written.NO_KNOWN_ALLERGY, "active", "confirmed"));
    SeenSummary summary = summary();
    assertThat(summary.titles().getFirst()).isEqualTo("Regions asked, and what is missing");
    assertThat(summary.read("account")).contains("All 2 regions asked have answered.", NO_EVIDENCE);
    JsonNode outcome = summary.resource(summary.entries("account").getFirst());
    assertThat(outcome.path("resourceType").asText()).isEqualTo("OperationOutcome");
    List<String> places = new ArrayList<>();
    outcome.findValues("expression").forEach(all -> all.forEach(it -> places.add(it.asText())));
    assertThat(places).isNotEmpty();
    for (String place : places) {
      int index = Integer.parseInt(place.replaceAll("Bundle\\.entry\\[(\\d+)]\\.resource", "$1"));
      assertThat(summary.bundle().at("/entry/" + index + "/resource/resourceType").asText())
          .isEqualTo("AllergyIntolerance");
    }
  }

  @Test
  void everySectionNamesTheRegionsThatAreMissingFromIt() {
    deal.place("london", Written.condition("c", "38341003", "active", "2020-01-01"));
    List<Contribution> contributions = new ArrayList<>(contributions());
    contributions.add(late("kent"));
    contributions.add(new Contribution.NotAgreed(Given.region("essex"), List.of()));
    SeenSummary summary = SeenSummary.of(contributions, SeenSummary.ADA);
    assertThat(summary.titles()).hasSizeGreaterThan(4);
    assertThat(summary.narratives())
        .allMatch(text -> text.contains("Region kent has not answered in time"))
        .allMatch(text -> text.contains("Region essex"))
        .allMatch(text -> text.contains(NO_EVIDENCE));
  }

  @Test
  void namesATypeThatIsMissingWhereItMattersAlone() {
    List<Contribution> contributions = new ArrayList<>(contributions());
    contributions.set(0, unread((Contribution.Asked) contributions.getFirst()));
    SeenSummary summary = SeenSummary.of(contributions, SeenSummary.ADA);
    assertThat(summary.read(ALLERGIES))
        .contains("Region london has not answered in time for AllergyIntolerance.")
        .contains("Not asked: Region london for MedicationRequest, AllergyIntolerance.");
    assertThat(summary.read(MEDICATIONS)).doesNotContain("has not answered");
    assertThat(summary.read(MEDICATIONS)).contains("Not asked: Region london for Medication");
    assertThat(summary.read(PROBLEMS)).doesNotContain("london");
  }

  private static Contribution unread(Contribution.Asked asked) {
    PeerAnswer.Answered answered = (PeerAnswer.Answered) asked.answer();
    var types = new java.util.LinkedHashMap<>(answered.types());
    types.put("AllergyIntolerance", new PeerAnswer.TypeAnswer.Unread(new Miss.TimedOut()));
    return new Contribution.Asked(
        asked.region(),
        asked.types(),
        asked.disclosable(),
        List.of("MedicationRequest", "AllergyIntolerance"),
        List.of(),
        asked.rules(),
        new PeerAnswer.Answered(answered.patients(), types),
        asked.policy(),
        asked.notices(),
        asked.offer());
  }

  @Test
  void whatAPeerWritesStaysText() {
    String hostile =
        "<script>alert(1)</script> ]]> &amp; \\u0000\\u202e\\ufffe\\ud800 'x' {section}";
    ObjectNode allergy = Written.allergy("a", Written.PENICILLIN, "active", "confirmed");
    deal.place("london", named(allergy, hostile + "<b>".repeat(5_000)));
    SeenSummary summary = summary();
    assertThat(summary.elements())
        .isSubsetOf("div", "p", "b", "table", "thead", "tbody", "tr", "th", "td");
    assertThat(summary.read(ALLERGIES))
        .contains("<script>alert(1)</script> ]]> &amp;", "{section}");
    assertThat(summary.section(ALLERGIES).at("/text/div").asText())
        .doesNotContain("<script", "\u202e")
        .hasSizeLessThan(4_000);
    assertThat(FhirJudge.errors(summary.text())).isEmpty();
  }

  private static ObjectNode named(ObjectNode allergy, String name) {
    ((ObjectNode) allergy.path("code"))
        .put("text", name.replace("\\u0000", "\u0000").replace("\\u202e", "\u202e"));
    return allergy;
  }

  @Test
  void noPeersEntryStandsWhereOneOfOursDoes() {
    String ours = summary().composition().at("/subject/reference").asText();
    List<Contribution> contributions = List.of(claiming(ours));
    SeenSummary summary = SeenSummary.of(contributions, SeenSummary.ADA);
    assertThat(summary.fullUrls()).doesNotHaveDuplicates().contains(ours);
    assertThat(summary.composition().at("/subject/reference").asText()).isNotEqualTo(ours);
  }

  private static Contribution claiming(String fullUrl) {
    String entry =
        "{\"fullUrl\":\"%s\",\"resource\":{\"resourceType\":\"Observation\",\"id\":\"o\",\"status\":\"final\",\"code\":{\"text\":\"pulse\"},\"subject\":{\"reference\":\"https://london.example/fhir/Patient/p1\"}}}"
            .formatted(fullUrl);
    return asked("london", Given.answered("london", entry));
  }

  @Test
  void whatFitsNowhereIsNotLost() {
    deal.place(
        "london",
        Written.observation("o", "1003141000000105", "6.5", "mmol/L", "2026-09-15T16:05:00Z"));
    ObjectNode wrong = Written.condition("e", "38341003", "active", "2020-01-01");
    wrong.remove("clinicalStatus");
    ((ObjectNode) wrong.at("/verificationStatus/coding/0")).put("code", "entered-in-error");
    deal.place("london", wrong);
    SeenSummary summary = summary();
    assertThat(summary.entries("other"))
        .containsExactlyInAnyOrder(LONDON + "Observation/o", LONDON + "Condition/e");
    assertThat(summary.read("other")).contains("6.5 mmol/L", "entered-in-error");
    assertThat(summary.section(PROBLEMS).has("entry")).isFalse();
  }

  @Test
  void isValidFhir() {
    for (var token : List.of(SeenSummary.ADA, Optional.<dev.ermine.fhir.Demographics>empty())) {
      SeenSummary summary = SeenSummary.of(SoundWorld.contributions(), token);
      assertThat(FhirJudge.errors(summary.text())).isEmpty();
    }
    SeenSummary nothing = SeenSummary.of(List.of(late("kent")), Optional.empty());
    assertThat(FhirJudge.errors(nothing.text())).isEmpty();
  }

  /** Nothing is lost, nothing is changed, nothing hangs in the air: whatever the regions say. */
  @Test
  void holdsAllThatTheSearchHoldsWithinReachOfItsComposition() {
    for (long seed = 0; seed < 20; seed++) {
      Deal world = new SmallWorlds(new Random(seed)).next();
      for (var token : List.of(SeenSummary.ADA, Optional.<dev.ermine.fhir.Demographics>empty())) {
        SeenSummary summary = SeenSummary.of(world.contributions(SummaryQuery.TYPES), token);
        assertThat(summary.unreachable()).as("seed %d", seed).isEmpty();
        assertThat(summary.fullUrls()).as("seed %d", seed).doesNotHaveDuplicates();
        Set<String> shown = new HashSet<>(summary.bundle().findValuesAsText("fullUrl"));
        for (Deal.Held held : world.held()) {
          if (SummaryQuery.TYPES.contains(held.type())) {
            assertThat(shown).as("seed %d", seed).contains(held.fullUrl());
            assertThat(summary.text()).contains(held.resource().path("id").asText());
          }
        }
      }
    }
  }

  private SeenSummary summary() {
    return SeenSummary.of(contributions(), SeenSummary.ADA);
  }

  private List<Contribution> contributions() {
    return deal.contributions(SummaryQuery.TYPES);
  }

  private static Contribution late(String region) {
    return asked(region, new Missed(new Miss.TimedOut()));
  }

  private static Contribution asked(String region, PeerAnswer answer) {
    return new Contribution.Asked(
        Given.region(region),
        SummaryQuery.TYPES,
        Set.copyOf(SummaryQuery.TYPES),
        List.of(),
        List.of(),
        List.of("DSA"),
        answer,
        Given.SHARES_ALL,
        List.of(),
        Optional.empty());
  }
}
