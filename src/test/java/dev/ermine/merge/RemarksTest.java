package dev.ermine.merge;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.NOON;
import static dev.ermine.testing.Given.entries;
import static dev.ermine.testing.Given.entry;
import static dev.ermine.testing.Given.patient;
import static dev.ermine.testing.Given.region;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.Issue;
import dev.ermine.merge.quality.Census;
import dev.ermine.merge.quality.Flaw;
import dev.ermine.region.RegionId;
import dev.ermine.testing.Given;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RemarksTest {

  private static final String CODED =
      "'status':'final','code':{'coding':[{'system':'http://snomed.info/sct','code':'1'}]}";
  private static final RegionId LONDON = new RegionId("london");
  private static final RegionId WESSEX = new RegionId("wessex");

  @Test
  void flagAfterTheAccountWhatIsWrongInEntriesShown() {
    Merged merged =
        merge(
            false,
            asked("london", observation("london", "good", CODED)),
            asked(
                "wessex",
                observation("wessex", "never", CODED + ",'effectiveDateTime':'never'"),
                observation(
                    "wessex", "both", "'effectiveDateTime':'1066','code':{'text':'pulse'}")));
    List<Issue> issues = merged.issues();
    assertThat(issues).hasSize(5);
    Issue flag = issues.getLast();
    assertThat(flag.text())
        .isEqualTo(
            "Region wessex: of the entries shown, 2 have an impossible date, 1 says what it is about in"
                + " words without a code, 1 lacks its status");
    assertThat(flag.severity()).isEqualTo(Issue.Severity.INFORMATION);
    assertThat(flag.codings())
        .containsExactly(
            new Coding(Remarks.SYSTEM, "impossible-date"),
            new Coding(Remarks.SYSTEM, "text-for-code"),
            new Coding(Remarks.SYSTEM, "missing-status"));
    assertThat(flag.expression())
        .containsExactly("Bundle.entry[1].resource", "Bundle.entry[2].resource");
    assertThat(merged.account())
        .extracting(AccountLine::status)
        .containsExactly(Status.ANSWERED, Status.ANSWERED);
    assertThat(merged.total()).contains(3);
    assertThat(merged.census())
        .isEqualTo(
            Map.of(
                LONDON,
                new Census(1, Map.of()),
                WESSEX,
                new Census(
                    2,
                    Map.of(
                        Flaw.IMPOSSIBLE_DATE, 2, Flaw.TEXT_FOR_CODE, 1, Flaw.MISSING_STATUS, 1))));
  }

  @Test
  void pointToTwentyEntriesAtMostAndToNoneThatIsNotInTheBundle() {
    String[] many =
        IntStream.range(0, 30)
            .mapToObj(i -> observation("london", "o" + i, "'status':'final'"))
            .toArray(String[]::new);
    assertThat(Told.flags(merge(false, asked("london", many))))
        .singleElement()
        .satisfies(flag -> assertThat(flag.expression()).hasSize(20));
    assertThat(Told.flags(merge(true, asked("london", many))))
        .singleElement()
        .satisfies(flag -> assertThat(flag.expression()).isEmpty())
        .satisfies(flag -> assertThat(flag.text()).contains("30 do not say"));
  }

  @Test
  void sayWhyEntriesAreSetAside() {
    String document =
        entry(
            "london",
            "{'resourceType':'Observation','id':'d','subject':{'reference':'Patient/p1'},'x':{'url':'https://evil.example/x'}}"
                .replace('\'', '"'),
            "Observation/d");
    Merged merged =
        merge(
            false,
            asked(
                "london",
                observation("london", "good", CODED),
                observation("london", "good", "'status':'preliminary'"),
                observation("london", "nobodys", CODED).replace("Patient/p1", "Group/1"),
                observation("london", "?", CODED),
                observation("london", "new", CODED).replace("Observation", "NewObservation"),
                document));
    assertThat(merged.account())
        .singleElement()
        .satisfies(line -> assertThat(line.status()).isEqualTo(Status.PART_ANSWERED))
        .satisfies(
            line ->
                assertThat(line.text())
                    .endsWith(
                        "5 entries were set aside as not safe to show: 1 does not say for sure whose"
                            + " it is, 1 has no address of its own, 1 has a document outside the"
                            + " region's own addresses, 1 is of a type that FHIR R4 does not have,"
                            + " 1 has the address of another entry"));
    assertThat(Told.flags(merged)).isEmpty();
    assertThat(merged.census())
        .isEqualTo(
            Map.of(
                LONDON,
                new Census(
                    6,
                    Map.of(
                        Flaw.NO_SUBJECT, 1,
                        Flaw.NO_ADDRESS, 1,
                        Flaw.FOREIGN_DOCUMENT, 1,
                        Flaw.UNKNOWN_TYPE, 1,
                        Flaw.DUPLICATE_ID, 1))));
  }

  @Test
  void countASlipInTheNumberOfAPatientWhoIsQuarantined() {
    PeerAnswer.Answered slip =
        new PeerAnswer.Answered(
            entries(patient("london", "p1", ADA).replace(ADA.value(), "9000000001")), Map.of());
    Merged merged = merge(false, asked("london", slip));
    assertThat(merged.account())
        .extracting(AccountLine::status)
        .containsExactly(Status.QUARANTINED);
    assertThat(Told.flags(merged)).isEmpty();
    assertThat(merged.census())
        .isEqualTo(Map.of(LONDON, new Census(1, Map.of(Flaw.INVALID_NHS_NUMBER, 1))));
  }

  private static Merged merge(boolean countOnly, Contribution... contributions) {
    FhirQuery query =
        new FhirQuery(List.of("Observation"), false, ADA, List.of(), countOnly, List.of());
    return new Merge("https://gateway.example")
        .merge(query, Sought.byNumber(ADA), Arrays.asList(contributions), "request-1", NOON);
  }

  private static Contribution asked(String region, String... entries) {
    Map<String, PeerAnswer.TypeAnswer> types = new LinkedHashMap<>();
    types.put("Observation", new PeerAnswer.TypeAnswer.Read(entries(entries), List.of()));
    return asked(region, new PeerAnswer.Answered(entries(patient(region, "p1", ADA)), types));
  }

  private static Contribution asked(String region, PeerAnswer.Answered answer) {
    return new Contribution.Asked(
        region(region),
        List.of("Observation"),
        Set.of("Observation"),
        List.of(),
        List.of(),
        List.of("DSA"),
        answer,
        Given.SHARES_ALL,
        List.of(),
        Optional.empty());
  }

  private static String observation(String region, String id, String elements) {
    return entry(
        region,
        ("{'resourceType':'Observation','id':'"
                + id
                + "','subject':{'reference':'Patient/p1'},"
                + elements
                + "}")
            .replace('\'', '"'),
        "Observation/" + id);
  }
}
