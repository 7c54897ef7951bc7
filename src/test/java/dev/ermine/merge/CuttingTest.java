package dev.ermine.merge;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.NOON;
import static dev.ermine.testing.Given.entries;
import static dev.ermine.testing.Given.patient;
import static dev.ermine.testing.Given.region;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.fhir.ResultParameters.Inclusion;
import dev.ermine.fhir.ResultParameters.Sort;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.merge.order.Cursor;
import dev.ermine.region.RegionId;
import dev.ermine.testing.Given;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CuttingTest {

  private static final String GATEWAY = "https://gateway.example";
  private static final RegionId WESSEX = new RegionId("wessex");
  private static final Set<String> DISCLOSABLE =
      Set.of("Observation", "Encounter", "Medication", "Practitioner");
  private static final String PULSE =
      "'status':'final','code':{'coding':[{'system':'http://snomed.info/sct','code':'364075005'}]},"
          + "'effectiveDateTime':'2026-03-01T09:00:00Z',"
          + "'valueQuantity':{'value':72,'system':'http://unitsofmeasure.org','code':'/min'}";

  private record Sent(String region, String entry) {}

  @Test
  void aPageEndsAtItsCountAndTheNextGoesOn() {
    Merged whole = merge(match("london", "a"), match("london", "b"), match("wessex", "a"));
    Page first = whole.page(first(2));
    assertThat(shown(first)).containsExactly("london/Observation/a", "london/Observation/b");
    Page second = whole.page(after(first, 2));
    assertThat(shown(second)).containsExactly("wessex/Observation/a");
    assertThat(second.last()).isEmpty();
    assertThat(whole.page(first(3)).last()).isEmpty();
    assertThat(whole.page(Cut.NONE).merged()).isSameAs(whole);
  }

  @Test
  void whatCameWithAMatchStandsOnItsPage() {
    Merged whole =
        merge(
            match("london", "a", "'encounter':{'reference':'Encounter/e'}"),
            match("london", "b", "'encounter':{'reference':'Encounter/f'}"),
            include(
                "london",
                "Encounter",
                "e",
                "'participant':{'individual':{'reference':'Practitioner/p'}}"),
            include(
                "london",
                "Encounter",
                "f",
                "'participant':{'individual':{'reference':'Practitioner/p'}}"),
            include("london", "Encounter", "g", "'status':'finished'"),
            include("london", "Practitioner", "p", "'active':true"));
    Page first = whole.page(first(1));
    assertThat(shown(first))
        .containsExactly(
            "london/Observation/a",
            "london/Encounter/e",
            "london/Encounter/g",
            "london/Practitioner/p");
    assertThat(shown(whole.page(after(first, 1))))
        .containsExactly("london/Observation/b", "london/Encounter/f", "london/Practitioner/p");
  }

  @Test
  void whatWasAskedForBecauseItRefersToAMatchStandsOnItsPage() {
    Inclusion asked = new Inclusion(true, "Encounter", "reason-reference", Optional.empty());
    Sent[] sent = {
      match("london", "a"),
      match("london", "b"),
      include(
          "london",
          "Encounter",
          "e",
          "'reasonReference':[{'reference':'Observation/b'}],'participant':{'individual':{'reference':'Practitioner/p'}}"),
      include("london", "Practitioner", "p", "'active':true")
    };
    Merged whole = merge(query(List.of(), List.of(asked)), sent);
    Page first = whole.page(first(1));
    assertThat(shown(first)).containsExactly("london/Observation/a");
    assertThat(shown(whole.page(after(first, 1))))
        .containsExactly("london/Observation/b", "london/Encounter/e", "london/Practitioner/p");
    assertThat(shown(merge(sent).page(first(1)))).contains("london/Encounter/e");
  }

  @Test
  void theFirstPageTellsOfEveryConflictAndALaterOneOfItsOwn() {
    Merged whole =
        merge(
            match("london", "a"),
            match("london", "w", PULSE),
            match("wessex", "b"),
            match("wessex", "w", PULSE.replace("72", "40")));
    assertThat(whole.conflicts()).hasSize(1);
    Page first = whole.page(first(1));
    assertThat(first.merged().conflicts()).isEqualTo(whole.conflicts());
    assertThat(conflict(first).expression()).isEmpty();
    assertThat(first.merged().released())
        .containsExactly("london/Observation/a", "london/Observation/w", "wessex/Observation/w");
    assertThat(first.merged().contributors()).contains(WESSEX);
    Page second = whole.page(after(first, 1));
    assertThat(conflict(second).expression()).containsExactly("Bundle.entry[0].resource");
    assertThat(second.merged().released())
        .containsExactly("london/Observation/w", "wessex/Observation/w");
    Page third = whole.page(after(second, 1));
    assertThat(third.merged().conflicts()).isEmpty();
    assertThat(third.merged().released()).containsExactly("wessex/Observation/b");
    assertThat(third.merged().contributors()).containsExactly(WESSEX);
  }

  @Test
  void aFlagIsPointedToOnThePageOfItsEntries() {
    Sent[] many =
        IntStream.range(100, 130)
            .mapToObj(i -> match("london", "o" + i, "'issued':'2026-02-30T00:00:00Z'"))
            .toArray(Sent[]::new);
    Merged whole = merge(many);
    assertThat(Told.flags(whole).getFirst().expression()).hasSize(20);
    Page first = whole.page(first(25));
    Merged second = whole.page(after(first, 25)).merged();
    assertThat(Told.flags(second).getFirst().expression()).hasSize(5);
    assertThat(Told.flags(whole.page(after(first, 3)).merged()).getFirst().expression()).hasSize(3);
  }

  @Test
  void whatIsFoldedBelongsToThePageOfWhatStandsForIt() {
    Merged folded =
        Duplicates.FOLD.in(
            merge(match("london", "a"), match("london", "p", PULSE), match("wessex", "p", PULSE)));
    assertThat(folded.total()).contains(2);
    Page first = folded.page(first(1));
    assertThat(first.merged().total()).contains(2);
    assertThat(first.merged().contributors()).contains(WESSEX);
    assertThat(provenances(first)).hasSize(1).allMatch(it -> it.contains("london"));
    Page second = folded.page(after(first, 1));
    assertThat(shown(second)).containsExactly("london/Observation/p");
    assertThat(provenances(second)).hasSize(2).anyMatch(it -> it.contains("wessex"));
    assertThat(second.merged().released())
        .containsExactly("london/Observation/p", "wessex/Observation/p");
  }

  @Test
  void whatCameLateStandsByItselfThoughItIsAlikeWhatWasShown() {
    Merged folded =
        Duplicates.FOLD.in(merge(match("london", "p", PULSE), match("wessex", "p", PULSE)));
    Page late =
        folded.page(
            new Cut(Optional.empty(), OptionalInt.empty(), Optional.of(Map.of(WESSEX, Set.of()))));
    assertThat(shown(late)).containsExactly("wessex/Observation/p");
    assertThat(text(late.merged()))
        .contains("\"url\":\"" + GATEWAY + "/regions/london/fhir/Observation/p\"");
    assertThat(late.merged().released())
        .containsExactlyInAnyOrder("london/Observation/p", "wessex/Observation/p");
    assertThat(late.merged().total()).isEqualTo(folded.total());
  }

  @Test
  void whatCameLateBringsItsConflictsAndNoOthers() {
    String low = PULSE.replace("72", "40").replace("09:00", "10:00");
    Merged whole =
        merge(
            match("london", "p", PULSE),
            match("london", "q", PULSE.replace("09:00", "10:00")),
            match("kent", "p", PULSE.replace("72", "40")),
            match("wessex", "q", low));
    assertThat(whole.conflicts()).hasSize(2);
    Cut late =
        new Cut(
            Optional.empty(),
            OptionalInt.of(10),
            Optional.of(Map.of(WESSEX, Set.of("Observation"))));
    assertThat(shown(whole.page(late))).containsExactly("wessex/Observation/q");
    assertThat(whole.page(late).merged().conflicts())
        .singleElement()
        .satisfies(it -> assertThat(it.text()).contains("Region wessex"));
  }

  @Test
  void aRegionsDigestIsOfAllThatItDiscloses() {
    Merged whole = merge(match("london", "a"), match("london", "b"), match("wessex", "a"));
    assertThat(whole.digests().keySet())
        .extracting(RegionId::value)
        .containsExactly("london", "wessex");
    Merged other =
        merge(match("london", "b"), match("london", "a"), match("wessex", "a", "'issued':'2026'"));
    assertThat(other.digests().get(new RegionId("london")))
        .isEqualTo(whole.digests().get(new RegionId("london")))
        .isNotEqualTo(whole.digests().get(WESSEX));
    assertThat(other.digests().get(WESSEX)).isNotEqualTo(whole.digests().get(WESSEX));
    Merged sorted =
        merge(
            query(List.of(new Sort("date", true)), List.of()),
            match("london", "a", PULSE),
            match("london", "b"));
    assertThat(sorted.digests())
        .isEqualTo(merge(match("london", "b"), match("london", "a", PULSE)).digests());
    Merged alike =
        merge(match("london", "p", PULSE), match("wessex", "p", PULSE), match("wessex", "q"));
    assertThat(Duplicates.FOLD.in(alike).sequence().matches()).hasSize(2);
    assertThat(Duplicates.FOLD.in(alike).digests()).isEqualTo(alike.digests());
    assertThat(
            merge(
                    match("london", "a"),
                    include("london", "Encounter", "e", "'status':'x'"),
                    match("wessex", "w"))
                .digests())
        .hasSize(2);
  }

  @Test
  void aChangedRecordIsSaidToHaveGaps() {
    Merged whole = merge(match("london", "a"), match("wessex", "a"));
    Merged changed = whole.changed(Set.of(WESSEX));
    assertThat(changed.account().getFirst()).isEqualTo(whole.account().getFirst());
    AccountLine line = changed.account().getLast();
    assertThat(line.status()).isEqualTo(Status.PART_ANSWERED);
    assertThat(line.text())
        .isEqualTo(
            "1 entry; known gaps: its record has changed since the first page; ask again from the"
                + " first page to be sure of all of it");
    assertThat(whole.total()).contains(2);
    assertThat(changed.total()).isEmpty();
    assertThat(changed.changed(Set.of(WESSEX)).account().getLast().status())
        .isEqualTo(Status.PART_ANSWERED);
  }

  @Test
  void linksOfTheBundleStandInOrder() throws IOException {
    Merged whole = merge(match("london", "a"));
    JsonNode own = links(whole);
    assertThat(own).hasSize(1);
    assertThat(own.at("/0/relation").asText()).isEqualTo("self");
    JsonNode more =
        links(
            whole.linked(
                List.of(
                    new Link("https://ermine.dev/rel/late-arrivals", "urn:late"),
                    new Link("next", "urn:\"next\""))));
    assertThat(more.findValuesAsText("relation"))
        .containsExactly("self", "next", "https://ermine.dev/rel/late-arrivals");
    assertThat(more.at("/0/url")).isEqualTo(own.at("/0/url"));
    assertThat(more.at("/1/url").asText()).isEqualTo("urn:\"next\"");
    assertThat(links(whole.linked(List.of(new Link("self", "urn:page")))).findValuesAsText("url"))
        .containsExactly("urn:page");
  }

  @Test
  void aCursorOfAnotherOrderIsRefused() {
    Merged whole = merge(match("london", "a"), match("london", "b"));
    Cut sorted =
        new Cut(
            Optional.of(
                new Cursor(
                    List.of(java.util.OptionalLong.of(1)), WESSEX, "Observation", "Observation/a")),
            OptionalInt.of(1),
            Optional.empty());
    assertThatThrownBy(() -> whole.page(sorted)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> first(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aHostOfEntriesThatStandAlikeIsPagedThrough() {
    String far = "http://elsewhere.example/" + "x".repeat(2_000) + "/";
    Sent[] many =
        IntStream.range(0, 4_000)
            .mapToObj(
                i -> {
                  Sent sent = match("london", "o" + i, PULSE);
                  return new Sent(
                      "london",
                      sent.entry()
                          .replace("https://london.example/fhir/", far + i + "/")
                          .replace("Patient/p1", "https://london.example/fhir/Patient/p1"));
                })
            .toArray(Sent[]::new);
    Merged whole = merge(query(List.of(new Sort("date", true)), List.of()), many);
    Page page = whole.page(first(1_500));
    List<String> seen = new ArrayList<>(shown(page));
    while (page.last().isPresent()) {
      assertThat(page.last().get().name()).hasSize(64);
      page = whole.page(after(page, 1_500));
      seen.addAll(shown(page));
    }
    assertThat(seen).hasSize(4_000).doesNotHaveDuplicates();
  }

  @Test
  void aCountOfEntriesHasNoPages() {
    FhirQuery count = new FhirQuery(List.of("Observation"), false, ADA, List.of(), true, List.of());
    Merged whole = merge(count, match("london", "a"), match("london", "b"));
    assertThat(whole.page(first(1))).isEqualTo(new Page(whole, Optional.empty()));
  }

  private static Cut first(int count) {
    return new Cut(Optional.empty(), OptionalInt.of(count), Optional.empty());
  }

  private static Cut after(Page page, int count) {
    return new Cut(Optional.of(page.last().orElseThrow()), OptionalInt.of(count), Optional.empty());
  }

  private static List<String> shown(Page page) {
    return page.merged()
        .sequence()
        .entries()
        .map(placed -> placed.base().region() + "/" + placed.base().name(placed.fullUrl()))
        .toList();
  }

  private static Issue conflict(Page page) {
    return page.merged().issues().stream()
        .filter(issue -> issue.code() == Issue.Code.CONFLICT)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> provenances(Page page) {
    List<String> provenances = new ArrayList<>();
    for (JsonNode entry : json(page.merged()).path("entry")) {
      if (entry.at("/resource/resourceType").asText().equals("Provenance")) {
        provenances.add(entry.at("/resource/target").toString());
      }
    }
    return provenances;
  }

  private static JsonNode links(Merged merged) {
    return json(merged).path("link");
  }

  private static JsonNode json(Merged merged) {
    try {
      return SyntheaRecord.JSON.readTree(text(merged));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String text(Merged merged) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      merged.bundle().writeTo(out);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return out.toString(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static Sent match(String region, String id) {
    return match(region, id, "'status':'final'");
  }

  private static Sent match(String region, String id, String members) {
    return sent(region, "Observation", id, members);
  }

  private static Sent include(String region, String type, String id, String members) {
    return new Sent(
        region, sent(region, type, id, members).entry().replace("\"match\"", "\"include\""));
  }

  private static Sent sent(String region, String type, String id, String members) {
    return new Sent(
        region,
        Given.entry(
            region,
            "{'resourceType':'%s','id':'%s','subject':{'reference':'Patient/p1'},%s}"
                .formatted(type, id, members)
                .replace('\'', '"'),
            type + "/" + id));
  }

  private static FhirQuery query(List<Sort> sort, List<Inclusion> inclusions) {
    return new FhirQuery(
        List.of("Observation"),
        false,
        ADA,
        List.of(),
        new ResultParameters(sort, OptionalInt.empty(), inclusions),
        false,
        List.of());
  }

  private static Merged merge(Sent... sent) {
    return merge(query(List.of(), List.of()), sent);
  }

  private static Merged merge(FhirQuery query, Sent... sent) {
    Map<String, List<String>> regions = new LinkedHashMap<>();
    Arrays.stream(sent)
        .forEach(
            it -> regions.computeIfAbsent(it.region(), _ -> new ArrayList<>()).add(it.entry()));
    return new Merge(GATEWAY)
        .merge(
            query,
            Sought.byNumber(ADA),
            regions.entrySet().stream().map(it -> asked(it.getKey(), it.getValue())).toList(),
            "request-1",
            NOON);
  }

  private static Contribution asked(String region, List<String> sent) {
    return new Contribution.Asked(
        region(region),
        List.of("Observation"),
        DISCLOSABLE,
        List.of(),
        List.of(),
        List.of("DSA-" + region),
        new PeerAnswer.Answered(
            entries(patient(region, "p1", ADA)),
            Map.of(
                "Observation",
                new TypeAnswer.Read(entries(sent.toArray(String[]::new)), List.of()))),
        Given.SHARES_ALL,
        List.of(),
        Optional.empty());
  }
}
