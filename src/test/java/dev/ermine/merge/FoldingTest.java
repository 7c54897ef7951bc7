package dev.ermine.merge;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.NOON;
import static dev.ermine.testing.Given.entries;
import static dev.ermine.testing.Given.entry;
import static dev.ermine.testing.Given.patient;
import static dev.ermine.testing.Given.query;
import static dev.ermine.testing.Given.region;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.fhir.Issue;
import dev.ermine.merge.fact.Conflict;
import dev.ermine.testing.FhirJudge;
import dev.ermine.testing.Given;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldingTest {

  private static final String GATEWAY = "https://gateway.example";
  private static final String LONDON = GATEWAY + "/regions/london/fhir/";
  private static final String WESSEX = GATEWAY + "/regions/wessex/fhir/";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String PULSE =
      "'status':'final','code':{'coding':[{'system':'http://snomed.info/sct','code':'364075005'}]},"
          + "'effectiveDateTime':'2026-03-01T09:00:00Z',"
          + "'valueQuantity':{'value':72,'system':'http://unitsofmeasure.org','code':'/min'}";

  @Test
  void linksEntriesOfOneFactAndShowsThemAllUnlessAsked() throws IOException {
    Merged merged = merge("Observation", pulse("london", "o1"), pulse("wessex", "o2"));
    JsonNode bundle = bundle(merged);
    assertThat(bundle.at("/entry/0/link/0/relation").asText()).isEqualTo("alternate");
    assertThat(bundle.at("/entry/0/link/0/url").asText()).isEqualTo(WESSEX + "Observation/o2");
    assertThat(bundle.at("/entry/1/link/0/url").asText()).isEqualTo(LONDON + "Observation/o1");
    assertThat(bundle.at("/entry/2").has("link")).isFalse();
    assertThat(merged.total()).contains(2);
    assertThat(Duplicates.SHOW.in(merged)).isSameAs(merged);
  }

  @Test
  void includedEntriesAreLinkedAsWell() throws IOException {
    String organisation = "'identifier':[{'system':'urn:ods','value':'RQW'}],'name':'A'";
    List<Sent> sent = new ArrayList<>();
    for (String region : List.of("london", "wessex")) {
      sent.add(
          observation(
              region,
              "o",
              PULSE.replace("72", "8" + sent.size())
                  + ",'performer':[{'reference':'Organization/g'}]"));
      sent.add(included(region, "Organization", "g", organisation));
    }
    JsonNode bundle = bundle(merge("Observation", sent.toArray(Sent[]::new)));
    assertThat(bundle.at("/entry/2/link/0/url").asText()).isEqualTo(WESSEX + "Organization/g");
  }

  @Test
  void foldsWhatIsAlikeIntoTheFirst() throws IOException {
    Merged folded =
        Duplicates.FOLD.in(
            merge(
                "Observation",
                observation("london", "o0", PULSE.replace("09:00", "08:00")),
                pulse("london", "o1"),
                pulse("wessex", "o2"),
                pulse("kent", "o3")));
    JsonNode bundle = bundle(folded);
    assertThat(fullUrls(bundle))
        .startsWith(LONDON + "Observation/o0", LONDON + "Observation/o1")
        .filteredOn(url -> !url.startsWith("urn:uuid:"))
        .hasSize(2);
    assertThat(bundle.at("/entry/1/link").findValuesAsText("url"))
        .containsExactly(WESSEX + "Observation/o2", GATEWAY + "/regions/kent/fhir/Observation/o3");
    Issue note = Told.notes(folded).getLast();
    assertThat(note.text()).startsWith("3 recorded, shown once");
    assertThat(note.expression()).containsExactly("Bundle.entry[1].resource");
    assertThat(note.diagnostics().orElseThrow()).startsWith("fact.observation: " + LONDON);
    assertThat(note.severity()).isEqualTo(Issue.Severity.INFORMATION);
  }

  @Test
  void countsTheMatchesThatAreShown() throws IOException {
    Merged folded =
        Duplicates.FOLD.in(merge("Observation", pulse("london", "1"), pulse("wessex", "2")));
    assertThat(folded.total()).contains(1);
    assertThat(bundle(folded).at("/total").asInt()).isEqualTo(1);
  }

  @Test
  void tellsStillWhatEachRegionSharedAndWhereItIsFrom() throws IOException {
    Merged folded =
        Duplicates.FOLD.in(merge("Observation", pulse("london", "1"), pulse("wessex", "2")));
    assertThat(folded.account())
        .extracting(AccountLine::text)
        .containsExactly("1 entry", "1 entry");
    assertThat(folded.released()).containsExactly("london/Observation/1", "wessex/Observation/2");
    assertThat(folded.contributors()).hasSize(2);
    assertThat(bundle(folded).findValues("target").toString())
        .contains(LONDON + "Observation/1", WESSEX + "Observation/2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'final' | 'amended'",
        "'status':'final', | ``",
        "72 | 73",
        "/min | /s",
        "09:00 | 00:00",
        "'code':'364075005' | 'code':'364075006'",
        "'valueQuantity' | 'bodySite':{'text':'left'},'valueQuantity'"
      })
  void foldsNothingThatDiffersInWhatBearsOnSafety(String is, String other) {
    Sent one = pulse("london", "o1");
    Sent two = observation("wessex", "o2", PULSE.replace(is, other));
    assertThat(two.resource()).isNotEqualTo(PULSE);
    Merged whole = merge("Observation", one, two);
    assertThat(shown(Duplicates.FOLD.in(whole))).isEqualTo(shown(whole));
  }

  @Test
  void neverFoldsAllergiesFlagsAndPlans() {
    String same =
        "'identifier':[{'system':'urn:s','value':'7'}],'status':'active',"
            + "'code':{'coding':[{'system':'http://snomed.info/sct','code':'1'}]}";
    for (String type : List.of("AllergyIntolerance", "Flag", "CarePlan")) {
      Merged whole = merge(type, sent("london", type, "1", same), sent("wessex", type, "2", same));
      assertThat(whole.alternates().links()).as(type).hasSize(2);
      assertThat(shown(Duplicates.FOLD.in(whole))).as(type).isEqualTo(shown(whole));
    }
  }

  @Test
  void neverFoldsWhatAnotherEntryRefersTo() {
    Merged whole =
        merge(
            "Observation",
            pulse("london", "o1"),
            pulse("wessex", "o2"),
            observation("wessex", "o3", "'hasMember':[{'reference':'Observation/o2'}]"));
    assertThat(shown(Duplicates.FOLD.in(whole))).isEqualTo(shown(whole));
  }

  @Test
  void neverFoldsWhatIsInAConflict() {
    Merged whole = merge("Observation", pulse("london", "o1"), pulse("wessex", "o2"));
    Conflict conflict = new Conflict("r", "t", List.of(WESSEX + "Observation/o2", "urn:x"));
    Merged disputed =
        new Merged(
            whole.query(),
            whole.gateway(),
            whole.requestId(),
            whole.at(),
            whole.shares(),
            whole.sequence(),
            whole.links(),
            whole.account(),
            whole.closing(),
            whole.alternates(),
            List.of(conflict),
            whole.told(),
            whole.notes(),
            whole.flags(),
            whole.census());
    assertThat(shown(Duplicates.FOLD.in(disputed))).isEqualTo(shown(whole));
  }

  @Test
  void foldsDocumentsOfTheSameBytesAndNoOthers() {
    String hashed = "'status':'current','content':[{'attachment':{'hash':'aGFzaA=='}}]";
    String named = "'status':'current','masterIdentifier':{'system':'urn:s','value':'7'}";
    Merged same =
        merge(
            "DocumentReference",
            sent("london", "DocumentReference", "1", hashed),
            sent("wessex", "DocumentReference", "2", hashed));
    Merged alike =
        merge(
            "DocumentReference",
            sent("london", "DocumentReference", "1", named),
            sent("wessex", "DocumentReference", "2", named));
    assertThat(shown(Duplicates.FOLD.in(same))).containsExactly(LONDON + "DocumentReference/1");
    assertThat(shown(Duplicates.FOLD.in(alike))).hasSize(2);
  }

  @Test
  void nothingThatCouldBeReachedIsLost() throws IOException {
    Merged whole =
        merge(
            "Observation",
            pulse("london", "o1"),
            pulse("london", "o2"),
            observation("wessex", "o3", PULSE.replace("T09:00:00Z", "")),
            observation("wessex", "o4", PULSE.replace("T09:00:00Z", "")),
            pulse("kent", "o5"),
            observation("kent", "o6", PULSE.replace("72", "71")));
    Merged folded = Duplicates.FOLD.in(whole);
    Set<String> reachable = new TreeSet<>(shown(folded));
    reachable.addAll(bundle(folded).findValuesAsText("url"));
    assertThat(shown(folded)).hasSizeLessThan(shown(whole).size());
    assertThat(reachable).containsAll(shown(whole));
    assertThat(shown(whole)).containsAll(shown(folded));
  }

  @Test
  void isValidFhir() throws IOException {
    Merged whole = merge("Observation", pulse("london", "o1"), pulse("wessex", "o2"));
    Merged page =
        whole
            .page(new Cut(Optional.empty(), OptionalInt.of(1), Optional.empty()))
            .merged()
            .linked(
                List.of(
                    new Link("next", GATEWAY + "/fhir?_page_token=x"),
                    new Link(
                        "https://ermine.dev/rel/late-arrivals", GATEWAY + "/fhir?_page_token=y")));
    for (Merged merged : List.of(whole, Duplicates.FOLD.in(whole), page)) {
      assertThat(FhirJudge.errors(bundle(merged).toString())).isEmpty();
    }
  }

  private record Sent(String region, String type, String resource) {}

  private static Sent pulse(String region, String id) {
    return observation(region, id, PULSE);
  }

  private static Sent observation(String region, String id, String members) {
    return sent(region, "Observation", id, members);
  }

  private static Sent included(String region, String type, String id, String members) {
    Sent match = sent(region, type, id, members);
    return new Sent(region, type, match.resource().replace("\"match\"", "\"include\""));
  }

  private static Sent sent(String region, String type, String id, String members) {
    String subject = type.equals("AllergyIntolerance") ? "patient" : "subject";
    String resource =
        "{'resourceType':'%s','id':'%s','%s':{'reference':'Patient/p1'},%s}"
            .formatted(type, id, subject, members)
            .replace('\'', '"');
    return new Sent(region, type, entry(region, resource, type + "/" + id));
  }

  private static Merged merge(String type, Sent... all) {
    Map<String, List<String>> regions = new LinkedHashMap<>();
    for (Sent sent : all) {
      regions.computeIfAbsent(sent.region(), _ -> new ArrayList<>()).add(sent.resource());
    }
    List<Contribution> contributions = new ArrayList<>();
    regions.forEach((region, sent) -> contributions.add(asked(region, type, sent)));
    return new Merge(GATEWAY)
        .merge(query(type), Sought.byNumber(ADA), contributions, "request-1", NOON);
  }

  private static Contribution asked(String region, String type, List<String> sent) {
    return new Contribution.Asked(
        region(region),
        List.of(type),
        Set.of(type, "Organization"),
        List.of(),
        List.of(),
        List.of("DSA-" + region),
        new PeerAnswer.Answered(
            entries(patient(region, "p1", ADA)),
            Map.of(
                type,
                new PeerAnswer.TypeAnswer.Read(entries(sent.toArray(String[]::new)), List.of()))),
        Given.SHARES_ALL,
        List.of(),
        Optional.empty());
  }

  private static List<String> shown(Merged merged) {
    return merged.shares().stream()
        .flatMap(share -> share.entries().stream())
        .map(Placed::fullUrl)
        .toList();
  }

  private static Set<String> fullUrls(JsonNode bundle) {
    Set<String> urls = new LinkedHashSet<>();
    bundle.at("/entry").forEach(entry -> urls.add(entry.at("/fullUrl").asText()));
    return urls;
  }

  private static JsonNode bundle(Merged merged) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    merged.bundle().writeTo(out);
    return JSON.readTree(out.toByteArray());
  }
}
