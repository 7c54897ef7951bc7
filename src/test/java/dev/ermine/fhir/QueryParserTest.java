package dev.ermine.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.ParsedQuery.Malformed;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParserTest {

  private static final String ADA = "https://fhir.nhs.uk/Id/nhs-number|9000000009";
  private static final String WHO = "patient.identifier=" + ADA;

  @Test
  void readsASearchOfOneType() {
    assertThat(strict("Observation", WHO + "&date=ge2020&code=http://loinc.org|1234-5"))
        .isEqualTo(
            new FhirQuery(
                List.of("Observation"),
                false,
                new NhsNumber("9000000009"),
                List.of(
                    new Parameter("date", "ge2020"),
                    new Parameter("code", "http://loinc.org|1234-5")),
                false,
                List.of()));
  }

  @Test
  void readsASearchOfSeveralTypesAtTheBase() {
    assertThat(strict("", WHO + "&_type=Flag,Patient&_lastUpdated=gt2020-01-31"))
        .isEqualTo(
            new FhirQuery(
                List.of("Flag", "Patient"),
                true,
                new NhsNumber("9000000009"),
                List.of(new Parameter("_lastUpdated", "gt2020-01-31")),
                false,
                List.of()));
  }

  @Test
  void readsAddressAndBodyAsOne() {
    ParsedQuery parsed =
        QueryParser.parse(
            Optional.of("Flag"), parameters("date=2020"), parameters(WHO + "&date=le2021"), true);

    assertThat(parsed).isEqualTo(strict("Flag", WHO + "&date=2020&date=le2021"));
  }

  @ParameterizedTest
  @CsvSource({
    "Observation, patient.identifier",
    "Observation, patient:identifier",
    "Observation, subject.identifier",
    "Observation, subject:identifier",
    "Observation, subject:Patient.identifier",
    "Patient, identifier",
    "Patient, patient.identifier",
    "'', patient.identifier"
  })
  void thePatientIsNamedBy(String type, String name) {
    String types = type.isEmpty() ? "&_type=Patient,Flag" : "";

    assertThat(good(strict(type, name + "=" + ADA + types)).patient().value())
        .isEqualTo("9000000009");
  }

  @Test
  void identifierNamesThePatientAtTheBaseWhenOnlyPatientIsAsked() {
    assertThat(good(strict("", "_type=Patient&identifier=" + ADA)).filters()).isEmpty();
    assertThat(issues(lenient("", "_type=Patient,Flag&identifier=" + ADA)))
        .containsExactly(
            "invalid: `identifier` would name a patient in a way that is not answered here; leave"
                + " it out, and name the patient by `patient.identifier`",
            "required: the query names no patient; add `patient.identifier` with"
                + " `https://fhir.nhs.uk/Id/nhs-number|` and ten digits");
  }

  @Test
  void identifierOfAnotherTypeIsAFilter() {
    assertThat(good(strict("Observation", WHO + "&identifier=urn:x|7")).filters())
        .containsExactly(new Parameter("identifier", "urn:x|7"));
  }

  @Test
  void aQueryWithoutPatientIsRefused() {
    assertThat(issues(lenient("Patient", "birthdate=1961-04-02")))
        .containsExactly(
            "required: the query names no patient; add `identifier` with"
                + " `https://fhir.nhs.uk/Id/nhs-number|` and ten digits");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        WHO + "&" + WHO,
        WHO + "&subject:identifier=https://fhir.nhs.uk/Id/nhs-number|9000000017",
        WHO + "&patient:identifier="
      })
  void aQueryNamesOnePatientOnce(String query) {
    assertThat(issues(lenient("Flag", query)))
        .containsExactly(
            "invalid: the query names a patient more than once; name one patient, by one"
                + " parameter, in the address or in the body");
  }

  @Test
  void onceCountsAddressAndBodyTogether() {
    ParsedQuery parsed =
        QueryParser.parse(Optional.of("Flag"), parameters(WHO), parameters(WHO), false);

    assertThat(issues(parsed)).singleElement().asString().contains("more than once");
  }

  @ParameterizedTest
  @ValueSource(strings = {ADA + "," + ADA, ADA + ",", ADA + "\\,"})
  void thePatientIsNoList(String value) {
    assertThat(issues(lenient("Flag", "patient.identifier=" + value)))
        .containsExactly(
            "invalid: `patient.identifier` is a list; name one patient and ask about each in a"
                + " query of its own");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "9000000009",
        "|9000000009",
        "https://fhir.nhs.uk/Id/nhs-number",
        "http://fhir.nhs.uk/Id/nhs-number|9000000009",
        "https://fhir.nhs.uk/Id/nhs-number/|9000000009",
        "https://fhir.hl7.org.uk/Id/chi-number|9000000009"
      })
  void thePatientHasTheSystemOfNhsNumbers(String value) {
    assertThat(issues(lenient("Flag", "patient.identifier=" + value)))
        .containsExactly(
            "value: `patient.identifier` is not an NHS number with its system; write"
                + " `https://fhir.nhs.uk/Id/nhs-number|` and ten digits");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "9000000008",
        "900 000 0009",
        "90000000090",
        "９００００００００９",
        "9000000009|",
        " 9000000009"
      })
  void thePatientHasAValidNumber(String number) {
    assertThat(
            issues(
                lenient("Flag", "subject:identifier=https://fhir.nhs.uk/Id/nhs-number|" + number)))
        .containsExactly(
            "value: `subject:identifier` has no valid NHS number; write its ten digits without"
                + " spaces, and look whether one is mistyped");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "patient",
        "subject",
        "subject:Patient",
        "patient:Patient.identifier",
        "patient.name",
        "patient:missing",
        "subject.identifier:not",
        "Patient.identifier",
        "SUBJECT",
        "_has:Group:member:_id"
      })
  void aPatientNamedOtherwiseIsRefusedEvenWhenLenient(String name) {
    assertThat(issues(lenient("Flag", WHO + "&" + name + "=x")))
        .containsExactly(
            "invalid: `"
                + name
                + "` would name a patient in a way that is not answered here; leave it out, and"
                + " name the patient by `patient.identifier`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"identifier:not", "identifier:of-type", "identifier.x", "Identifier"})
  void patientTakesItsIdentifierPlain(String name) {
    assertThat(issues(lenient("Patient", "identifier=" + ADA + "&" + name + "=x")))
        .containsExactly(
            "invalid: `"
                + name
                + "` would name a patient in a way that is not answered here; leave it out, and"
                + " name the patient by `identifier`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"identifier", "performer:identifier", "nonsense", "_format"})
  void noOtherParameterHoldsAnNhsNumber(String name) {
    assertThat(issues(lenient("Observation", WHO + "&" + name + "=" + ADA)))
        .singleElement()
        .asString()
        .startsWith("invalid: `" + name + "` would name a patient");
  }

  @Test
  void anUnknownTypeIsToldAlone() {
    assertThat(issues(strict("Observaton", "date=x")))
        .containsExactly(
            "not-supported: `Observaton` is not a resource type of FHIR R4; mend its name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&_type=", "&_type:not=Flag"})
  void aSearchAtTheBaseNamesItsTypes(String types) {
    assertThat(issues(lenient("", WHO + types)))
        .containsExactly(
            "required: a search at the base names its types once, such as"
                + " `_type=Patient,AllergyIntolerance`");
  }

  @Test
  void aSearchAtTheBaseNamesItsTypesOnce() {
    assertThat(issues(lenient("", WHO + "&_type=Flag&_type=Patient")))
        .containsExactly(
            "invalid: a search at the base names its types once, such as"
                + " `_type=Patient,AllergyIntolerance`");
  }

  @Test
  void aTypeThatIsNoPatientsRecordIsNotSearched() {
    String told =
        "not-supported: a `Medication` is no patient's record; read it where an entry refers to it";
    assertThat(issues(lenient("Medication", WHO))).containsExactly(told);
    assertThat(issues(lenient("", WHO + "&_type=Flag,Medication"))).containsExactly(told);
  }

  @Test
  void eachTypeIsKnownAndNamedOnce() {
    assertThat(issues(lenient("", WHO + "&_type=Flag,Flug, Patient,Flag,,Flag")))
        .containsExactly(
            "not-supported: `Flug` is not a resource type of FHIR R4; mend its name",
            "not-supported: `?Patient` is not a resource type of FHIR R4; mend its name",
            "invalid: `_type` names `Flag` more than once; name it once",
            "not-supported: `(empty)` is not a resource type of FHIR R4; mend its name");
  }

  @Test
  void thirtyTypesAreTheMost() {
    List<String> types =
        ResourceTypes.NAMES.stream().filter(Compartment::contains).sorted().limit(31).toList();

    assertThat(good(strict("", WHO + "&_type=" + String.join(",", types.subList(0, 30)))).types())
        .hasSize(30);
    assertThat(issues(strict("", WHO + "&_type=" + String.join(",", types))))
        .containsExactly("too-costly: `_type` names more than 30 types; ask for fewer at once");
  }

  @Test
  void aSearchOfOneTypeNamesNoOthers() {
    assertThat(issues(lenient("Flag", WHO + "&_type=Flag")))
        .containsExactly(
            "invalid: `_type` is for searches at the base; leave it out, or ask there for several"
                + " types");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "colour",
        "Date",
        "code.text",
        "date:missing:x",
        "_total",
        "_elements",
        "_contained",
        "_containedType",
        "_text",
        "_content",
        "_list",
        "_filter",
        "_query",
        "_include:iterate",
        "_revinclude:recurse",
        "_sort:desc"
      })
  void whatIsNotSupportedIsRefusedWhenStrictAndLeftOutWhenLenient(String name) {
    String query = WHO + "&" + name + "=true&" + name + "=false";

    assertThat(issues(strict("Observation", query)))
        .containsExactly(
            "not-supported: `"
                + name
                + "` is not supported; leave it out, or send `Prefer: handling=lenient` to have it"
                + " ignored");
    FhirQuery left = good(lenient("Observation", query));
    assertThat(left.dropped()).containsExactly(name);
    assertThat(left.filters()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"date:not", "status:exact", "performer:Doctor", "combo-code:missin"})
  void anUnknownModifierIsRefusedWhenStrictAndLeftOutWhenLenient(String name) {
    assertThat(issues(strict("Observation", WHO + "&" + name + "=x")))
        .containsExactly(
            "not-supported: the modifier of `"
                + name
                + "` is not supported; leave it out, or send `Prefer: handling=lenient` to have it"
                + " ignored");
    assertThat(good(lenient("Observation", WHO + "&" + name + "=x")).dropped())
        .containsExactly(name);
  }

  @Test
  void atTheBaseOnlyCommonParametersAreFilters() {
    assertThat(good(lenient("", WHO + "&_type=Flag&date=2020&_id=7")))
        .satisfies(query -> assertThat(query.dropped()).containsExactly("date"))
        .satisfies(query -> assertThat(query.filters()).containsExactly(new Parameter("_id", "7")));
  }

  @Test
  void aNameIsShownShortAndWithoutWhatCouldBeANumber() {
    String name = "no such\n9000000009é" + "x".repeat(80);

    assertThat(good(lenient("Flag", WHO + "&" + name + "=1&=2")).dropped())
        .containsExactly("no?such????????????" + "x".repeat(45), "(empty)");
    assertThat(new Parameter(name, ADA)).asString().doesNotContain("9000000009");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "date=2020",
        "date=ge2020-02",
        "date=eq2020-02-29",
        "date=ap2020-01-01T23:59",
        "date=sa2020-01-01T23:59:60Z",
        "date=2020-01-01T00:00:00.123+14:00",
        "date=2020,lt2019-05",
        "date:missing=true",
        "status:not=final",
        "code:in=http://example.org/vs",
        "performer:Practitioner=7",
        "value-string:exact=a b",
        "code-value-quantity=a$gt5",
        "_profile:below=http://example.org/p",
        "_tag=|x",
        "_source=urn:x"
      })
  void aFilterOfGoodFormIsKeptAsItIs(String filter) {
    assertThat(good(strict("Observation", WHO + "&" + filter)).filters())
        .containsExactlyElementsOf(parameters(filter));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yesterday",
        "20",
        "0000",
        "2020-13",
        "2020-1",
        "2020-02-30",
        "2021-02-29",
        "2020-01-00",
        "2020-01-01T24:00",
        "2020-01-01T10",
        "2020-01-01T10:00 01:00",
        "2020-01-01T10:00+15:00",
        "xx2020",
        "GE2020",
        "ge 2020",
        "2020,",
        ",2020",
        "2020;2021",
        "٢٠٢٠",
        "2020-01-01Z"
      })
  void aDateIsADate(String value) {
    assertThat(issues(lenient("Flag", WHO + "&date=" + value)))
        .containsExactly(
            "value: `date` is not a date; write it such as `2020`, `ge2020-01-31` or"
                + " `lt2020-01-31T09:30:00Z`, and in addresses the `+` of a time zone as `%2B`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t"})
  void aFilterHasAValue(String value) {
    assertThat(issues(lenient("Observation", WHO + "&code=" + value)))
        .containsExactly("value: `code` has no value; give it one, or leave it out");
  }

  @Test
  void aFilterIsNotTooLong() {
    String most = "x".repeat(1024);

    assertThat(good(strict("Observation", WHO + "&code=" + most)).filters()).hasSize(1);
    assertThat(issues(lenient("Observation", WHO + "&code=x" + most)))
        .containsExactly("too-long: `code` has more than 1024 characters; ask with fewer values");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\u0000", "\ud800", "a\udc00b", "a\u0085"})
  void aFilterIsText(String value) {
    assertThat(issues(lenient("Observation", WHO + "&code=" + value)))
        .containsExactly("value: `code` has control characters or broken ones; mend its encoding");
  }

  @Test
  void missingIsTrueOrFalse() {
    assertThat(issues(lenient("Flag", WHO + "&date:missing=2020")))
        .containsExactly("value: `date:missing` must be `true` or `false`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"_count=0", "_count=00", "_summary=count", "_summary=count&_count=0"})
  void theNumberAloneIsAsked(String query) {
    assertThat(good(strict("Flag", WHO + "&" + query)).countOnly()).isTrue();
  }

  @Test
  void otherSummariesAreNotSupported() {
    assertThat(issues(strict("Flag", WHO + "&_summary=data")))
        .containsExactly(
            "not-supported: `_summary` with another value than `count` is not supported; leave it"
                + " out, or send `Prefer: handling=lenient` to have it ignored");
    FhirQuery left = good(lenient("Flag", WHO + "&_summary=data"));
    assertThat(left.dropped()).containsExactly("_summary");
    assertThat(left.countOnly()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "json",
        "text/json",
        "application/json",
        "application/fhir+json",
        "application/fhir json",
        "Application/FHIR+JSON"
      })
  void jsonIsWritten(String format) {
    assertThat(good(strict("Flag", WHO + "&_pretty=true&_format=" + format)).filters()).isEmpty();
  }

  @Test
  void anotherFormatIsNotAcceptable() {
    ParsedQuery parsed = lenient("Flag", WHO + "&_format=application/fhir+xml");

    assertThat(issues(parsed))
        .containsExactly(
            "not-supported: `_format` is `application/fhir+xml`, which is not written here; ask"
                + " for `application/fhir+json`");
    assertThat(((Malformed) parsed).kind()).isEqualTo(Malformed.Kind.NOT_ACCEPTABLE);
  }

  @Test
  void anotherFormatOfAQuestionThatIsWrongIsWrong() {
    ParsedQuery parsed = lenient("Flag", WHO + "&_format=xml&date=x");

    assertThat(issues(parsed)).hasSize(2);
    assertThat(((Malformed) parsed).kind()).isEqualTo(Malformed.Kind.INVALID);
  }

  @Test
  void allFaultsAreToldAtOnce() {
    assertThat(
            issues(strict("", "_type=Flug&patient=7&patient.identifier=7&_id=&_sort=&_format=xml")))
        .extracting(issue -> issue.substring(0, issue.indexOf(' ', issue.indexOf(' ') + 1)))
        .containsExactly(
            "not-supported: `Flug`",
            "invalid: `patient`",
            "value: `patient.identifier`",
            "value: `_id`",
            "value: `_sort`",
            "not-supported: `_format`");
  }

  @Test
  void sixtyFourParametersAreTheMost() {
    List<Parameter> dates = Collections.nCopies(63, new Parameter("date", "2020"));

    assertThat(good(QueryParser.parse(Optional.of("Flag"), parameters(WHO), dates, true)).filters())
        .hasSize(63);
    assertThat(
            issues(
                QueryParser.parse(
                    Optional.of("Flag"), parameters(WHO + "&date=2020"), dates, true)))
        .containsExactly("too-costly: the query has more than 64 parameters; ask with fewer");
  }

  @Test
  void theSelfLinkSaysWhatWasAnswered() {
    String base = "https://gateway.example/fhir";
    FhirQuery one =
        good(lenient("Observation", WHO + "&_sort=x&code:not=a|b&date=ge2020&_count=0"));
    FhirQuery patient = good(strict("Patient", "patient.identifier=" + ADA));
    FhirQuery several = good(strict("", "_tag=ä %&_type=Patient,Flag&" + WHO));

    assertThat(one.selfLink(base))
        .isEqualTo(
            base
                + "/Observation?patient.identifier=https://fhir.nhs.uk/Id/nhs-number%7C9000000009"
                + "&code:not=a%7Cb&date=ge2020&_summary=count");
    assertThat(patient.selfLink(base))
        .isEqualTo(base + "/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number%7C9000000009");
    assertThat(several.selfLink(base))
        .isEqualTo(
            base
                + "?_type=Patient,Flag"
                + "&patient.identifier=https://fhir.nhs.uk/Id/nhs-number%7C9000000009"
                + "&_tag=%C3%A4%20%25");
  }

  @Test
  void theQuestionIsWithoutThePatient() {
    assertThat(good(strict("Observation", WHO + "&date=ge2020")).question())
        .isEqualTo("Observation?date=ge2020");
    assertThat(good(strict("Flag", WHO)).question()).isEqualTo("Flag");
    assertThat(good(strict("", WHO + "&_type=Flag&_count=0")).question())
        .isEqualTo("?_type=Flag&_summary=count");
  }

  private static ParsedQuery strict(String type, String query) {
    return parse(type, query, true);
  }

  private static ParsedQuery lenient(String type, String query) {
    return parse(type, query, false);
  }

  private static ParsedQuery parse(String type, String query, boolean strict) {
    Optional<String> path = Optional.of(type).filter(name -> !name.isEmpty());
    return QueryParser.parse(path, parameters(query), List.of(), strict);
  }

  private static List<Parameter> parameters(String query) {
    return Arrays.stream(query.split("&", -1))
        .map(pair -> pair.split("=", 2))
        .map(pair -> new Parameter(pair[0], pair[1]))
        .collect(Collectors.toList());
  }

  private static FhirQuery good(ParsedQuery parsed) {
    assertThat(parsed).isInstanceOf(FhirQuery.class);
    return (FhirQuery) parsed;
  }

  private static List<String> issues(ParsedQuery parsed) {
    assertThat(parsed).isInstanceOf(Malformed.class);
    return ((Malformed) parsed)
        .issues().stream()
            .peek(issue -> assertThat(issue.severity()).isEqualTo(Issue.Severity.ERROR))
            .map(issue -> issue.code().fhir() + ": " + issue.text())
            .toList();
  }
}
