package dev.ermine.merge;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.NOON;
import static dev.ermine.testing.Given.entries;
import static dev.ermine.testing.Given.entry;
import static dev.ermine.testing.Given.patient;
import static dev.ermine.testing.Given.region;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.Parameter;
import dev.ermine.policy.EntryDecision.Reason;
import dev.ermine.policy.EntryPolicy;
import dev.ermine.testing.Given;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FilteredAnswerTest {

  private static final Parameter SINCE = new Parameter("date", "ge2020");
  private static final Parameter CODE = new Parameter("code", "http://snomed.info/sct|1");
  private static final Parameter PERFORMER = new Parameter("performer", "Practitioner/7");
  private static final String CODED =
      "'code':{'coding':[{'system':'http://snomed.info/sct','code':'1'}]}";
  private static final String OTHER =
      "'code':{'coding':[{'system':'http://snomed.info/sct','code':'2'}]}";

  private static final String OLD = observation("old", "'effectiveDateTime':'2019'," + CODED);
  private static final String NEW = observation("new", "'effectiveDateTime':'2021'," + CODED);
  private static final String UNDATED = observation("undated", CODED);
  private static final String WORDS = observation("words", "'code':{'text':'pulse'}");

  @Test
  void leavesOutWhatARegionShouldHaveFiltered() {
    Merged merged = merge(List.of(SINCE), List.of(SINCE), OLD, NEW);
    assertThat(shown(merged)).containsExactly("new");
    assertThat(line(merged).status()).isEqualTo(Status.ANSWERED);
    assertThat(line(merged).text())
        .isEqualTo("1 entry; 1 that does not match `date` left out: the region did not apply it");
    assertThat(merged.total()).contains(1);
    assertThat(merged.flags()).isEmpty();
    assertThat(merged.census().values()).singleElement().matches(census -> census.seen() == 1);
  }

  @Test
  void leavesOutWhatARegionOnlySaysItFiltered() {
    Merged merged =
        merge(List.of(SINCE), List.of(), OLD, NEW, observation("o2", "'effectiveDateTime':'1999'"));
    assertThat(shown(merged)).containsExactly("new");
    assertThat(line(merged).text())
        .endsWith("; 2 that do not match `date` left out: the region says it applied it");
  }

  @Test
  void takesARegionsWordWhereServersMayDiffer() {
    Parameter about = new Parameter("date", "ap2010");
    assertThat(shown(merge(List.of(about), List.of(), OLD))).containsExactly("old");
    assertThat(shown(merge(List.of(about), List.of(about), OLD))).isEmpty();
  }

  @Test
  void isEmptyWhereNothingMatches() {
    Merged merged = merge(List.of(SINCE), List.of(SINCE), OLD);
    assertThat(line(merged).status()).isEqualTo(Status.EMPTY);
    assertThat(merged.total()).contains(0);
  }

  @Test
  void showsAndFlagsWhatCannotBeTold() {
    Merged merged = merge(List.of(SINCE, CODE), List.of(), NEW, UNDATED, WORDS);
    assertThat(shown(merged)).containsExactly("new", "undated", "words");
    assertThat(Told.flags(merged))
        .filteredOn(flag -> flag.text().contains("cannot be told"))
        .satisfiesExactly(
            flag -> {
              assertThat(flag.text())
                  .isEqualTo(
                      "Region london: whether `date` matches cannot be told for 2 entries, since they are"
                          + " not coded or dated so: shown all the same");
              assertThat(flag.severity()).isEqualTo(Issue.Severity.INFORMATION);
              assertThat(flag.expression())
                  .containsExactly("Bundle.entry[1].resource", "Bundle.entry[2].resource");
            },
            flag -> {
              assertThat(flag.text()).contains("`code` matches cannot be told for 1 entry,");
              assertThat(flag.expression()).containsExactly("Bundle.entry[2].resource");
            });
    assertThat(line(merged).text()).isEqualTo("3 entries");
    assertThat(merged.total()).contains(3);
  }

  @Test
  void namesAFilterThatCannotBeApplied() {
    assertThat(line(merge(List.of(PERFORMER), List.of(PERFORMER), NEW)).text())
        .isEqualTo(
            "1 entry; it does not say whether it applied `performer`, which cannot be checked here");
    assertThat(line(merge(List.of(PERFORMER), List.of(), NEW)).text()).isEqualTo("1 entry");
    assertThat(line(merge(List.of(PERFORMER), List.of(PERFORMER))).text())
        .isEqualTo("shared nothing for this question");
  }

  @Test
  void takesAwayWhatOnlyEntriesLeftOutLeadTo() {
    String listed = include(observation("listed", CODED));
    String both = include(observation("both", CODED));
    String alone = include(observation("alone", CODED));
    String old =
        observation(
            "old",
            OTHER
                + ",'hasMember':[{'reference':'Observation/listed'},{'reference':'Observation/both'}]");
    String good = observation("good", CODED + ",'hasMember':[{'reference':'Observation/both'}]");
    Merged merged = merge(List.of(CODE), List.of(CODE), old, good, listed, both, alone);
    assertThat(shown(merged)).containsExactly("alone", "both", "good");
    assertThat(line(merged).text()).doesNotContain("nobody asked for");
  }

  @Test
  void takesAwayWhatRefersToNoneButEntriesLeftOut() {
    String ofOld = include(observation("of-old", OTHER + "," + member("old")));
    String ofBoth = include(observation("of-both", OTHER + "," + member("old", "good")));
    String ofGood = include(observation("of-good", OTHER + "," + member("good", "led")));
    String led = include(observation("led", OTHER));
    String behindOld = include(observation("behind-old", OTHER));
    String old = observation("old", OTHER + "," + member("behind-old"));
    String good = observation("good", CODED);
    Merged merged =
        merge(List.of(CODE), List.of(CODE), old, good, ofOld, ofBoth, ofGood, led, behindOld);
    assertThat(shown(merged)).containsExactly("good", "led", "of-both", "of-good");
  }

  private static String member(String... ids) {
    return Stream.of(ids)
        .map("{'reference':'Observation/%s'}"::formatted)
        .collect(Collectors.joining(",", "'hasMember':[", "]"));
  }

  @Test
  void neverFiltersWhatAMatchLeadsTo() {
    assertThat(shown(merge(List.of(SINCE), List.of(SINCE), NEW, include(OLD))))
        .containsExactly("new", "old");
  }

  @Test
  void knowsNothingOfWhatIsWithheld() {
    for (String withheld : List.of(OLD, NEW, UNDATED, WORDS)) {
      List<Parameter> filters = List.of(SINCE, CODE, PERFORMER);
      Merged without = merge(filters, filters, observation("x", "'effectiveDateTime':'1999'"));
      Merged with =
          merge(
              hiding(id(withheld)),
              filters,
              filters,
              observation("x", "'effectiveDateTime':'1999'"),
              withheld);
      assertThat(with.issues()).isEqualTo(without.issues());
      assertThat(with.census()).isEqualTo(without.census());
    }
  }

  @Test
  void leavesOutTheSameInWhateverOrderEntriesCame() {
    long seed = RandomGenerator.getDefault().nextLong();
    List<String> all = new ArrayList<>(List.of(OLD, NEW, UNDATED, WORDS));
    for (int i = 0; i < 20; i++) {
      all.add(
          observation(
              "n" + i, "'effectiveDateTime':'20" + (10 + i) + "'," + (i % 3 == 0 ? OTHER : CODED)));
    }
    Merged first = merge(List.of(SINCE, CODE), List.of(), all.toArray(String[]::new));
    Collections.shuffle(all, new Random(seed));
    Merged second = merge(List.of(SINCE, CODE), List.of(), all.toArray(String[]::new));
    assertThat(shown(second)).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(shown(first));
    assertThat(line(second).text().length()).isEqualTo(line(first).text().length());
  }

  private static EntryPolicy hiding(String id) {
    return Given.withholding(
        entry -> entry.id().equals(Optional.of(id)) ? Optional.of(Reason.LABEL) : Optional.empty());
  }

  private static Merged merge(List<Parameter> filters, List<Parameter> unsaid, String... entries) {
    return merge(Given.SHARES_ALL, filters, unsaid, entries);
  }

  private static Merged merge(
      EntryPolicy policy, List<Parameter> filters, List<Parameter> unsaid, String... entries) {
    Map<String, PeerAnswer.TypeAnswer> types = new LinkedHashMap<>();
    types.put("Observation", new PeerAnswer.TypeAnswer.Read(entries(entries), List.of(), unsaid));
    Contribution.Asked asked =
        new Contribution.Asked(
            region("london"),
            List.of("Observation"),
            Set.of("Observation"),
            List.of(),
            List.of(),
            List.of("DSA-london"),
            new PeerAnswer.Answered(entries(patient("london", "p1", ADA)), types),
            policy,
            List.of(),
            Optional.empty());
    FhirQuery query = new FhirQuery(List.of("Observation"), false, ADA, filters, false, List.of());
    return new Merge("https://gateway.example")
        .merge(query, Sought.byNumber(ADA), List.of(asked), "request-1", NOON);
  }

  private static String observation(String id, String elements) {
    return entry(
        "london",
        ("{'resourceType':'Observation','id':'"
                + id
                + "','status':'final','subject':{'reference':'Patient/p1'},"
                + elements
                + "}")
            .replace('\'', '"'),
        "Observation/" + id);
  }

  private static String include(String entry) {
    return entry.replace("\"match\"", "\"include\"");
  }

  private static String id(String entry) {
    return entry.replaceFirst("(?s).*\"id\":\"([^\"]*)\".*", "$1");
  }

  private static List<String> shown(Merged merged) {
    return merged.released().stream()
        .map(released -> released.substring(released.lastIndexOf('/') + 1))
        .toList();
  }

  private static AccountLine line(Merged merged) {
    assertThat(merged.account()).hasSize(1);
    return merged.account().getFirst();
  }
}
