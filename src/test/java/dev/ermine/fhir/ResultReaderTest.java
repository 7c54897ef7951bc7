package dev.ermine.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.ParsedQuery.Malformed;
import dev.ermine.fhir.ResultParameters.Inclusion;
import dev.ermine.fhir.ResultParameters.Sort;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a query may say of how its answer is to be made up. */
class ResultReaderTest {

  private static final String WHO = "patient.identifier=" + NhsNumber.SYSTEM + "|9000000009";
  private static final String LENIENT = ", or send `Prefer: handling=lenient` to have it ignored";

  @Test
  void readsKeysToSortByInTheirOrder() {
    assertThat(results("Observation", "_sort=-date,value-date,-_lastUpdated").sort())
        .containsExactly(
            new Sort("date", true), new Sort("value-date", false), new Sort("_lastUpdated", true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Observation            | date        | true
          Observation            | value-date  | true
          Observation            | code        | false
          Observation            | Date        | false
          Condition              | date        | false
          Condition              | onset-date  | true
          AllergyIntolerance     | onset       | false
          Specimen               | _lastUpdated | true
          Specimen               | collected   | false
          Patient                | death-date  | true
          Patient                | birthdate   | false
          Flag,Encounter         | date        | true
          Flag,Condition         | date        | false
          Flag,Condition         | _lastUpdated | true
          Patient,Flag           | date        | true
          Patient,Flag           | death-date  | false
          Flag,Specimen          | date        | false
          """)
  void sortsByWhatEveryTypeAskedForHas(String types, String key, boolean sorted) {
    ParsedQuery parsed = strict("", "_type=" + types + "&_sort=" + key);

    assertThat(parsed instanceof FhirQuery).isEqualTo(sorted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Observation | code     | date`, `value-date`, `_lastUpdated
          Observation | -date:x  | date`, `value-date`, `_lastUpdated
          Condition   | date     | abatement-date`, `onset-date`, `recorded-date`, `_lastUpdated
          Specimen    | date     | _lastUpdated
          """)
  void tellsWhatCanBeSortedBy(String type, String key, String others) {
    String shown = key.replace("-date:x", "date:x");
    assertThat(issues(strict(type, "_sort=" + key)))
        .containsExactly(
            "not-supported: a search of these types is not sorted by `%s`; sort it by `%s`%s"
                .formatted(shown, others, LENIENT));
  }

  @Test
  void leavesOutAKeyThatIsNoneAndNamesIt() {
    FhirQuery query = good(lenient("Observation", "_sort=code,-date,9000000009"));

    assertThat(query.results().sort()).containsExactly(new Sort("date", true));
    assertThat(query.dropped()).containsExactly("_sort=code", "_sort=??????????");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          _sort=                | value: `_sort` has an empty key; write it such as `_sort=-date` or `_sort=date,-_lastUpdated`
          _sort=-               | value: `_sort` has an empty key; write it such as `_sort=-date` or `_sort=date,-_lastUpdated`
          _sort=date,           | value: `_sort` has an empty key; write it such as `_sort=-date` or `_sort=date,-_lastUpdated`
          _sort=date,-date      | invalid: `_sort` names `date` more than once; name it once
          _sort=date&_sort=date | invalid: `_sort` is given more than once; give it once, its keys separated by commas
          _sort=a,b,c,d,e       | too-costly: `_sort` names more than 4 keys; sort by fewer
          _count=               | value: `_count` is not a whole number; write it such as `_count=50`, or leave it out
          _count=-1             | value: `_count` is not a whole number; write it such as `_count=50`, or leave it out
          _count=+5             | value: `_count` is not a whole number; write it such as `_count=50`, or leave it out
          _count=1.0            | value: `_count` is not a whole number; write it such as `_count=50`, or leave it out
          _count=ten            | value: `_count` is not a whole number; write it such as `_count=50`, or leave it out
          _count=٠              | value: `_count` is not a whole number; write it such as `_count=50`, or leave it out
          _count=5&_count=5     | invalid: `_count` is given more than once; give it once
          _include=             | value: `_include` is not a type and its reference; write it such as `_include=Observation:encounter`, or `_include=Observation:encounter:Encounter` for one type that it leads to
          _include=Observation  | value: `_include` is not a type and its reference; write it such as `_include=Observation:encounter`, or `_include=Observation:encounter:Encounter` for one type that it leads to
          _revinclude=a:b:c:d   | value: `_revinclude` is not a type and its reference; write it such as `_revinclude=Observation:encounter`, or `_revinclude=Observation:encounter:Encounter` for one type that it leads to
          """)
  void aFaultSaysWhatToMend(String query, String fault) {
    assertThat(issues(lenient("Observation", query))).containsExactly(fault);
  }

  @Test
  void noFaultShowsADigitOfWhatWasAsked() {
    for (String query : List.of("_sort=9000000009", "_count=x9000000009", "_include=9000000009")) {
      assertThat(issues(strict("Observation", query))).noneMatch(it -> it.contains("9000000009"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "50, 50",
    "0050, 50",
    "1000, 1000",
    "1001, 1000",
    "99999999999999999999, 1000"
  })
  void aCountIsTakenAsFarAsAPageGoes(String asked, int taken) {
    FhirQuery query = good(strict("Flag", "_count=" + asked));

    assertThat(query.results().count()).isEqualTo(OptionalInt.of(taken));
    assertThat(query.question()).isEqualTo("Flag?_count=" + taken);
    assertThat(query.countOnly()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"_count=0", "_count=000", "_summary=count", "_summary=count&_count=5"})
  void nothingIsMadeUpWhereTheNumberAloneIsAsked(String count) {
    FhirQuery query = good(strict("Flag", count + "&_sort=date&_include=Flag:author"));

    assertThat(query.countOnly()).isTrue();
    assertThat(query.results()).isEqualTo(ResultParameters.NONE);
    assertThat(query.question()).isEqualTo("Flag?_summary=count");
  }

  @Test
  void readsWhatIsToComeWithTheMatches() {
    assertThat(
            results(
                    "Encounter",
                    "_include=Encounter:location&_revinclude=Observation:encounter:Encounter"
                        + "&_include=Encounter:location&_include=Encounter:patient")
                .inclusions())
        .containsExactly(
            Inclusion.of("Encounter", "location"),
            new Inclusion(true, "Observation", "encounter", Optional.of("Encounter")),
            Inclusion.of("Encounter", "patient"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          _include=*                               | `_include` of all there is is not supported; name each reference
          _include=Encounter:*                     | `_include` of all there is is not supported; name each reference
          _revinclude=*                            | `_revinclude` of all there is is not supported; name each reference
          _include:iterate=Encounter:location      | `_include:iterate` is not supported; leave it out
          _include:recurse=Encounter:location      | `_include:recurse` is not supported; leave it out
          _revinclude:iterate=Condition:encounter  | `_revinclude:iterate` is not supported; leave it out
          _include=Encounter:class                 | `_include=Encounter:class`: it has no such reference; take `account`, `appointment`, `based-on`, `diagnosis`, `episode-of-care`, `location`, `part-of`, `participant`, `patient`, `practitioner`, `reason-reference`, `service-provider`, `subject`
          _include=Specimen:collector              | `_include=Specimen:collector`: no reference of that type is followed here; leave it out
          _include=Flug:author                     | `_include=Flug:author`: no reference of that type is followed here; leave it out
          _include=Flag:author                     | `_include=Flag:author`: that type is not asked for; ask for it
          _include=Encounter:location:Patient      | `_include=Encounter:location:Patient`: it does not lead there; take `Location`
          _revinclude=List:item:Everything         | `_revinclude=List:item:Everything`: it does not lead there; name a resource type of FHIR R4
          _revinclude=Condition:encounter:Patient  | `_revinclude=Condition:encounter:Patient`: it does not lead there; take `Encounter`
          _revinclude=Condition:patient            | `_revinclude=Condition:patient`: it leads to no type that is asked for; ask for one that it leads to
          _revinclude=Observation:focus:Condition  | `_revinclude=Observation:focus:Condition`: it leads to no type that is asked for; ask for one that it leads to
          _revinclude=List:item                    | `_revinclude=List:item`: that type is judged with all that it lists; ask for it by itself
          _revinclude=Medication:ingredient        | `_revinclude=Medication:ingredient`: that type is no patient's record; leave it out
          _revinclude=Provenance:target            | `_revinclude=Provenance:target`: a region's Provenance is not passed on; leave it out, for the answer holds one of each region in any case
          """)
  void whatCanBringNothingIsRefusedOrLeftOutAndNamed(String query, String why) {
    assertThat(issues(strict("Encounter", query)))
        .containsExactly("not-supported: " + why + LENIENT);
    FhirQuery left = good(lenient("Encounter", query));
    assertThat(left.results()).isEqualTo(ResultParameters.NONE);
    assertThat(left.dropped())
        .containsExactly(
            query.contains(":iterate=") || query.contains(":recurse=")
                ? query.substring(0, query.indexOf('='))
                : query);
  }

  @Test
  void sixteenInclusionsAreTheMost() {
    String sixteen =
        Stream.concat(
                    References.of("Observation").keySet().stream()
                        .map("_include=Observation:%s"::formatted),
                    Stream.of(
                            "DiagnosticReport:result",
                            "Encounter:reason-reference",
                            "Observation:has-member")
                        .map("_revinclude=%s"::formatted))
                .collect(Collectors.joining("&"))
            + "&_revinclude=Observation:focus&_revinclude=Observation:derived-from";

    assertThat(results("Observation", sixteen).inclusions()).hasSize(16);
    assertThat(issues(strict("Observation", sixteen + "&_revinclude=Immunization:reaction")))
        .containsExactly(
            "too-costly: the query has more than 16 of `_include` and `_revinclude`; ask for fewer");
  }

  private static ResultParameters results(String type, String query) {
    return good(strict(type, query)).results();
  }

  private static ParsedQuery strict(String type, String query) {
    return parse(type, query, true);
  }

  private static ParsedQuery lenient(String type, String query) {
    return parse(type, query, false);
  }

  private static ParsedQuery parse(String type, String query, boolean strict) {
    List<Parameter> parameters =
        Arrays.stream((WHO + "&" + query).split("&", -1))
            .map(pair -> pair.split("=", 2))
            .map(pair -> new Parameter(pair[0], pair[1]))
            .toList();
    return QueryParser.parse(
        Optional.of(type).filter(name -> !name.isEmpty()), parameters, List.of(), strict);
  }

  private static FhirQuery good(ParsedQuery parsed) {
    assertThat(parsed).isInstanceOf(FhirQuery.class);
    return (FhirQuery) parsed;
  }

  private static List<String> issues(ParsedQuery parsed) {
    assertThat(parsed).isInstanceOf(Malformed.class);
    return ((Malformed) parsed)
        .issues().stream().map(issue -> issue.code().fhir() + ": " + issue.text()).toList();
  }
}
