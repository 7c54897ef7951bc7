package dev.ermine.fhir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Facets.Coded;
import dev.ermine.fhir.Facets.Dated;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scanner tells of a resource besides its references. */
class FacetsTest {

  private static final Coding RESTRICTED = new Coding(Confidentiality.SYSTEM, "R");

  private static final String LABEL =
      "{'system': 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', 'code': 'R'}";

  @Test
  void findsTheLabelsOfMeta() {
    assertThat(of("'meta': {'security': [" + LABEL + "]}").labels()).containsExactly(RESTRICTED);
  }

  @Test
  void findsTheLabelsOfADocument() {
    String label = "'securityLabel': [{'coding': [" + LABEL + "]}]";
    assertThat(of(label).labels()).containsExactly(RESTRICTED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"'meta': {'security': [LABEL]}", "'securityLabel': [{'coding': [LABEL]}]"})
  void findsTheLabelsOfWhatIsContained(String label) {
    String contained = "{'resourceType': 'Basic', " + label.replace("LABEL", LABEL) + "}";
    assertThat(of("'contained': [" + contained + "]").labels()).containsExactly(RESTRICTED);
  }

  @Test
  void findsTheLabelsOfACarelessPeer() {
    assertThat(of("'meta': {'security': " + LABEL + "}").labels()).containsExactly(RESTRICTED);
    assertThat(of("'securityLabel': {'coding': " + LABEL + "}").labels())
        .containsExactly(RESTRICTED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'provision': {'securityLabel': [{'coding': [LABEL]}]}",
        "'rest': {'security': [LABEL]}",
        "'code': {'coding': [LABEL]}",
        "'meta': {'tag': [LABEL]}"
      })
  void takesNothingElseForALabel(String other) {
    assertThat(of(other.replace("LABEL", LABEL)).labels()).isEmpty();
  }

  @Test
  void findsEveryCodeOnceUnderItsElementAtAnyDepth() {
    String coding = "{'coding': [{'system': 'http://snomed.info/sct', 'code': '73211009'}]}";
    String contained = "{'resourceType': 'Condition', 'code': {'coding': {'code': 'X'}}}";
    Facets facets =
        of(
            ("'code': CODE, 'component': [{'valueCodeableConcept': CODE}], 'contained': ["
                    + contained
                    + "], 'category': [{'coding': [{'system': 'urn:none'}]}]")
                .replace("CODE", coding));
    assertThat(facets.codes())
        .containsExactly(
            new Coded("code", new Coding("http://snomed.info/sct", "73211009")),
            new Coded("component", new Coding("http://snomed.info/sct", "73211009")),
            new Coded("contained", new Coding("", "X")));
  }

  @Test
  void findsEveryCodeOnceAmongMany() {
    List<Coded> codes =
        IntStream.range(0, 100)
            .mapToObj(i -> new Coded("code", new Coding("urn:c", "c" + i)))
            .toList();
    String codings =
        codes.stream()
            .map(code -> "{'system': 'urn:c', 'code': '" + code.coding().code() + "'}")
            .collect(Collectors.joining(", "));
    assertThat(of("'code': {'coding': [" + codings + ", " + codings + "]}").codes())
        .isEqualTo(codes);
  }

  @ParameterizedTest
  @CsvSource({
    "onsetDateTime",
    "recordedDate",
    "effectiveInstant",
    "date",
    "issued",
    "authoredOn",
    "created",
    "sent",
    "received",
    "start",
    "end",
    "dateAsserted",
    "deceasedDateTime"
  })
  void findsWhenItWas(String element) {
    Optional<String> instant = Optional.of("2021-03-04");
    assertThat(of("'" + element + "': '2021-03-04'").dates())
        .containsExactly(new Dated(element, instant, instant));
  }

  @Test
  void findsFromWhenUntilWhenItWas() {
    assertThat(of("'effectivePeriod': {'start': '2020', 'end': '2021'}").dates())
        .containsExactly(new Dated("effectivePeriod", Optional.of("2020"), Optional.of("2021")));
    assertThat(of("'period': {'end': '2021'}").dates())
        .containsExactly(new Dated("period", Optional.empty(), Optional.of("2021")));
    assertThat(of("'context': {'period': {'start': '2020'}}").dates())
        .containsExactly(new Dated("context.period", Optional.of("2020"), Optional.empty()));
    assertThat(of("'occurrenceTiming': {'event': ['2020']}").dates())
        .containsExactly(new Dated("occurrenceTiming", Optional.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'birthDate': '1961-04-02'",
        "'onsetAge': {'value': 7}",
        "'updated': '2021'",
        "'name': [{'period': {'start': '2020'}}]",
        "'contained': [{'resourceType': 'Basic', 'created': '2020'}]"
      })
  void takesNothingElseForItsDate(String other) {
    assertThat(of(other).dates()).isEmpty();
  }

  @Test
  void findsItsOwnMeta() {
    String inner = "{'resourceType': 'Basic', 'meta': {'lastUpdated': '1999', 'profile': ['x']}}";
    Facets facets =
        of("'meta': {'profile': ['urn:p'], 'lastUpdated': '2021'}, 'contained': [" + inner + "]");
    assertThat(facets.meta().lastUpdated()).contains("2021");
    assertThat(facets.meta().profiles()).containsExactly("urn:p");
  }

  @Test
  void findsTheTypesOfItsDocuments() {
    assertThat(of("'content': [{'attachment': {'contentType': 'image/tiff'}}]").contentTypes())
        .containsExactly("image/tiff");
  }

  @Test
  void findsTheHashesOfItsDocuments() {
    assertThat(of("'content': [{'attachment': {'hash': 'abc='}}], 'hash': 'no'").hashes())
        .containsExactly("abc=");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ListWarningCode",
        "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-ListWarningCode-1"
      })
  void findsTheWarningsOfAList(String url) {
    String extension = "{'valueCode': 'confidential-items', 'url': '" + url + "'}";
    assertThat(of("'extension': [" + extension + "]").warnings())
        .containsExactly("confidential-items");
  }

  @Test
  void takesNoOtherExtensionForAWarning() {
    String extension = "{'url': 'urn:other', 'valueCode': 'confidential-items'}";
    assertThat(of("'extension': [" + extension + "]").warnings()).isEmpty();
  }

  @Test
  void takesNoListOfMetasForTheResourcesOwn() {
    String metas =
        "'meta': [{'versionId': '1', 'security': [" + LABEL + "], 'tag': [" + LABEL + "]}]";
    assertThat(of(metas).meta()).isEqualTo(Facets.Meta.NONE);
    assertThat(of(metas).labels()).containsExactly(RESTRICTED);
  }

  @Test
  void looksIntoWhatIsNoUrlWhereOneShouldBe() {
    assertThat(of("'valueUrl': {'contentType': 'text/plain'}").contentTypes())
        .containsExactly("text/plain");
  }

  private static Facets of(String members) {
    String json = "{" + members + ", 'resourceType': 'Basic'}";
    byte[] body = json.replace('\'', '"').getBytes(UTF_8);
    return ((PeerBody.Resource) BodyScanner.scan(body, body.length)).entry().facets();
  }
}
