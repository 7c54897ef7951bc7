package dev.ermine.fhir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.ermine.fhir.Entry.ContainedPatient;
import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.fhir.Entry.Mode;
import dev.ermine.fhir.Entry.Reference;
import dev.ermine.fhir.Entry.Url;
import dev.ermine.fhir.PeerBody.PeerIssue;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyScannerTest {

  static final String PATIENT = "{\"resourceType\":\"Patient\",\"id\":\"p1\"}";

  @Nested
  class Envelope {

    @Test
    void findsEntriesAsSlicesOfTheVeryArray() {
      byte[] body =
          "{'resourceType':'Bundle','type':'searchset','entry':[{'resource': {'resourceType':'Patient'} }]}"
              .replace('\'', '"')
              .getBytes(UTF_8);
      Entry entry = ((PeerBody.Searchset) BodyScanner.scan(body, body.length)).entries().getFirst();
      assertThat(entry.resource().bytes()).isSameAs(body);
      assertThat(text(entry.resource())).isEqualTo("{\"resourceType\":\"Patient\"}");
    }

    @Test
    void readsFullUrlModeAndLinksInAnyOrderOfKeys() {
      PeerBody.Searchset searchset =
          searchset(
              """
              {
                "entry": [
                  { "search": {"score": 1, "mode": "include"},
                    "resource": {"id": "o1", "meta": {"versionId": "2"}, "resourceType": "Organization"},
                    "fullUrl": "https://peer.example/fhir/Organization/o1" }
                ],
                "link": [
                  {"url": "https://peer.example/fhir?page=2", "relation": "next"},
                  {"relation": "self", "url": "https://peer.example/fhir"},
                  {"relation": "previous", "url": "https://peer.example/fhir?page=0"}
                ],
                "type": "searchset",
                "total": 7,
                "resourceType": "Bundle"
              }
              """);
      assertThat(searchset.next()).contains("https://peer.example/fhir?page=2");
      assertThat(searchset.self()).contains("https://peer.example/fhir");
      Entry entry = searchset.entries().getFirst();
      assertThat(entry.type()).isEqualTo("Organization");
      assertThat(entry.id()).contains("o1");
      assertThat(entry.mode()).isEqualTo(Mode.INCLUDE);
      assertThat(entry.fullUrl()).contains("https://peer.example/fhir/Organization/o1");
    }

    @Test
    void takesAnEntryWithoutModeForAMatch() {
      assertThat(onlyEntry(PATIENT).mode()).isEqualTo(Mode.MATCH);
    }

    @Test
    void readsASearchsetWithoutEntries() {
      PeerBody.Searchset searchset =
          searchset("{'resourceType':'Bundle','type':'searchset','total':0}".replace('\'', '"'));
      assertThat(searchset.entries()).isEmpty();
      assertThat(searchset.next()).isEmpty();
    }

    @Test
    void tellsOutcomeEntriesAsWarningsByTheirCodesAlone() {
      PeerBody.Searchset searchset =
          searchset(
              bundle(
                  """
                  {"resource": {"issue": [
                     {"severity": "warning", "code": "suppressed", "diagnostics": "secret",
                      "details": {"text": "secret", "coding": [{"system": "s", "code": "c1"}, {}, {"code": "c2"}]}},
                     {"code": "timeout", "severity": "error"}],
                   "resourceType": "OperationOutcome"}, "search": {"mode": "outcome"}},
                  {"resource": {"resourceType": "OperationOutcome",
                     "issue": [{"severity": "information", "code": "informational"}]}},
                  {"resource": %s}
                  """
                      .formatted(PATIENT)));
      assertThat(searchset.entries()).extracting(Entry::type).containsExactly("Patient");
      assertThat(searchset.warnings())
          .containsExactly(
              new PeerIssue("warning", "suppressed", List.of("c1", "c2")),
              new PeerIssue("error", "timeout", List.of()),
              new PeerIssue("information", "informational", List.of()));
    }

    @Test
    void readsOneResourceAlone() {
      PeerBody body = scan(" " + PATIENT + "\n");
      assertThat(body).isInstanceOf(PeerBody.Resource.class);
      Entry entry = ((PeerBody.Resource) body).entry();
      assertThat(text(entry.resource())).isEqualTo(PATIENT);
      assertThat(entry.fullUrl()).isEmpty();
      assertThat(entry.mode()).isEqualTo(Mode.MATCH);
    }

    @Test
    void readsAListWhoseEntriesAreNotABundles() {
      PeerBody body =
          scan(
              """
              {"entry": [{"item": {"reference": "Condition/c1"}}], "resourceType": "List"}
              """);
      assertThat(((PeerBody.Resource) body).entry().references())
          .extracting(Reference::element)
          .containsExactly("entry");
    }

    @Test
    void readsAnOutcomeAlone() {
      assertThat(
              scan(
                  """
                  {"resourceType": "OperationOutcome", "issue": [{"severity": "fatal", "code": "exception"}]}
                  """))
          .isEqualTo(new PeerBody.Outcome(List.of(new PeerIssue("fatal", "exception", List.of()))));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{'resourceType':'Bundle','type':'collection','entry':[]}",
          "{'resourceType':'Bundle','type':'batch-response'}",
          "{'resourceType':'Bundle'}",
          "{'resourceType':'Bundle','type':['searchset']}",
          "{'resourceType':'Bundle','type':'searchset','entry':{}}",
          "{'resourceType':'Bundle','type':'searchset','entry':null}",
          "{'resourceType':'Bundle','type':'searchset','entry':[null]}",
          "{'resourceType':'Bundle','type':'searchset','entry':[{}]}",
          "{'resourceType':'Bundle','type':'searchset','entry':[{'fullUrl':'urn:uuid:1'}]}",
          "{'resourceType':'Bundle','type':'searchset','entry':[{'resource':null}]}",
          "{'resourceType':'Bundle','type':'searchset','entry':[{'resource':{}}]}",
          "{'resourceType':'Bundle','type':'searchset','entry':[{'resource':{'id':'1'}}]}",
          "{'resourceType':'Bundle','type':'searchset','entry':[{'fullUrl':7,'resource':{'resourceType':'Basic'}}]}",
          "{'resourceType':'Bundle','type':'searchset','entry':[{'search':{'mode':'all'},'resource':{'resourceType':'Basic'}}]}",
          "{'resourceType':'Bundle','type':'searchset','entry':[{'search':{'mode':'outcome'},'resource':{'resourceType':'Basic'}}]}",
          "{'resourceType':'Bundle','type':'searchset','entry':[{'resource':{'resourceType':'OperationOutcome','issue':[{'code':'x'}]}}]}",
          "{'resourceType':'Bundle','type':'searchset','entry':[{'resource':{'resourceType':'OperationOutcome','issue':[{'severity':'mild','code':'x'}]}}]}",
          "{'resourceType':'Bundle','type':'searchset','link':{}}",
          "{'resourceType':'Bundle','type':'searchset','link':[{'url':'u'}]}",
          "{'resourceType':'Bundle','type':'searchset','link':[{'relation':'next'}]}",
          "{'resourceType':'Bundle','type':'searchset','link':[{'relation':'next','url':'a'},{'relation':'next','url':'b'}]}",
          "{'resourceType':'Patient','id':1}",
          "{'resourceType':'Patient','identifier':'9000000009'}",
          "{'resourceType':'Patient','identifier':[{'value':9000000009}]}",
          "{'resourceType':'Patient','contained':{'resourceType':'Basic'}}",
          "{'resourceType':'Patient','contained':[{'id':'c'}]}",
          "{'resourceType':'9000000009'}",
          "{'resourceType':''}",
          "{'resourceType':null}",
          "{'id':'1'}",
          "{}",
          "[]",
          "'Patient'",
          "7",
          "null",
        })
    void refusesWhatIsNotShapedAsFhir(String body) {
      assertUnreadable(body.replace('\'', '"'));
    }
  }

  @Nested
  class Facets {

    @Test
    void readsIdentifiersOfTheTop() {
      Entry entry =
          onlyEntry(
              """
              {"resourceType": "Patient", "identifier": [
                {"use": "official", "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9000000009",
                 "assigner": {"reference": "Organization/o1"}},
                {"period": {"end": "2001-01-01"}}]}
              """);
      assertThat(entry.identifiers())
          .containsExactly(
              new Identifier(
                  Optional.of(NhsNumber.SYSTEM),
                  Optional.of("9000000009"),
                  Optional.of("official")),
              new Identifier(Optional.empty(), Optional.empty(), Optional.empty()));
      assertThat(entry.references()).extracting(Reference::element).containsExactly("identifier");
    }

    @Test
    void readsASingleIdentifier() {
      Entry entry =
          onlyEntry("{\"identifier\": {\"value\": \"x\"}, \"resourceType\": \"Composition\"}");
      assertThat(entry.identifiers())
          .extracting(Identifier::value)
          .containsExactly(Optional.of("x"));
      assertThat(entry.references()).isEmpty();
    }

    @Test
    void readsADocumentsOwnIdentifierAfterThoseOfItsPointer() {
      Entry entry =
          onlyEntry(
              """
              {"resourceType": "DocumentReference", "masterIdentifier": {"value": "m"},
               "identifier": [{"value": "i"}]}
              """);
      assertThat(entry.identifiers())
          .extracting(Identifier::value)
          .containsExactly(Optional.of("i"), Optional.of("m"));
    }

    @Test
    void takesNoTextForADocumentsIdentifier() {
      assertThat(
              onlyEntry("{\"resourceType\": \"DocumentReference\", \"masterIdentifier\": \"m\"}")
                  .identifiers())
          .isEmpty();
    }

    @Test
    void findsReferencesWhereverTheyStand() {
      Entry entry =
          onlyEntry(
              """
              {"resourceType": "Appointment",
               "subject": {"reference": "Patient/p1", "type": "Patient", "display": "x"},
               "participant": [{"actor": {"reference": "Patient/p2"}}, {"actor": {"display": "none"}}],
               "securityContext": {"reference": "DocumentReference/d1"},
               "extension": [{"url": "u", "extension": [{"url": "v", "valueReference": {"reference": "#c"}}]}],
               "deep": [[{"a": {"b": [{"reference": "Deep/1"}]}}]]}
              """);
      assertThat(entry.references())
          .extracting(Reference::element, r -> r.literal().orElseThrow().value())
          .containsExactly(
              tuple("subject", "Patient/p1"),
              tuple("participant", "Patient/p2"),
              tuple("securityContext", "DocumentReference/d1"),
              tuple("extension", "#c"),
              tuple("deep", "Deep/1"));
      assertThat(entry.references().getFirst().type()).contains("Patient");
    }

    @Test
    void findsLogicalReferences() {
      Entry entry =
          onlyEntry(
              """
              {"resourceType": "Observation", "subject": {"display": "x",
                "identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9000000009"}}}
              """);
      assertThat(entry.references())
          .containsExactly(
              new Reference(
                  "subject",
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(NhsNumber.SYSTEM),
                  Optional.of("9000000009")));
    }

    @Test
    void keepsBothHalvesOfAReferenceThatIsLiteralAndLogical() {
      Reference reference =
          onlyEntry(
                  """
                  {"resourceType": "Observation", "subject": {
                    "identifier": {"value": "v"}, "reference": "Patient/p1"}}
                  """)
              .references()
              .getFirst();
      assertThat(reference.literal().orElseThrow().value()).isEqualTo("Patient/p1");
      assertThat(reference.identifierValue()).contains("v");
    }

    @Test
    void takesNoArrayOfIdentifiersForAReference() {
      assertThat(
              onlyEntry(
                      """
                      {"resourceType": "Practitioner", "qualification": [{"identifier": [{"value": "v"}]}]}
                      """)
                  .references())
          .isEmpty();
    }

    @Test
    void readsAnElementNamedReferenceThatIsAReferenceItself() {
      assertThat(
              onlyEntry(
                      """
                      {"resourceType": "Consent", "provision": {"data": [
                        {"meaning": "instance", "reference": {"reference": "Basic/1"}}]}}
                      """)
                  .references())
          .extracting(r -> r.literal().orElseThrow().value())
          .containsExactly("Basic/1");
    }

    @Test
    void spansAReferenceAsItStandsWithItsQuotes() {
      Url url =
          onlyEntry(
                  "{\"resourceType\":\"Basic\",\"subject\":{\"reference\":\"Patient\\/\\u0070\\u00e9\"}}")
              .references()
              .getFirst()
              .literal()
              .orElseThrow();
      assertThat(url.value()).isEqualTo("Patient/pé");
      assertThat(text(url.span())).isEqualTo("\"Patient\\/\\u0070\\u00e9\"");
      assertThat(url.kind()).isEqualTo(Url.Kind.REFERENCE);
    }

    @Test
    void findsUrlsOfAttachmentsAndValuesButNotOfExtensionsOrCanonicals() {
      Entry entry =
          onlyEntry(
              """
              {"resourceType": "DocumentReference",
               "url": "http://canonical.example/root",
               "content": [{"attachment": {"url": "https://peer.example/fhir/Binary/1"}}],
               "_status": {"extension": [{"url": "http://ext.example/0", "valueUrl": "http://v.example/1"}]},
               "modifierExtension": [
                 {"url": "http://ext.example/1", "valueUri": "http://v.example/2"},
                 {"url": "http://ext.example/2", "valueCanonical": "http://c.example"},
                 {"url": "http://ext.example/3", "valueAttachment": {"url": "Binary/2"}},
                 {"url": {"url": "Binary/3"}}],
               "valueUri": "http://v.example/4"}
              """);
      assertThat(entry.urls())
          .extracting(Url::kind, Url::value)
          .containsExactly(
              tuple(Url.Kind.ATTACHMENT, "https://peer.example/fhir/Binary/1"),
              tuple(Url.Kind.VALUE, "http://v.example/1"),
              tuple(Url.Kind.VALUE, "http://v.example/2"),
              tuple(Url.Kind.ATTACHMENT, "Binary/2"),
              tuple(Url.Kind.ATTACHMENT, "Binary/3"),
              tuple(Url.Kind.VALUE, "http://v.example/4"));
    }

    @Test
    void readsContainedPatientsEvenWhereFhirForbidsThem() {
      Entry entry =
          onlyEntry(
              """
              {"resourceType": "Observation", "contained": [
                {"identifier": [{"value": "9000000009"}], "id": "c1", "resourceType": "Patient",
                 "managingOrganization": {"reference": "#c2"}},
                {"resourceType": "Organization", "id": "c2", "url": "http://canonical.example",
                 "contained": [{"resourceType": "Patient"}]}],
               "subject": {"reference": "#c1"}}
              """);
      assertThat(entry.contained())
          .containsExactly(
              new ContainedPatient(
                  Optional.of("c1"),
                  List.of(
                      new Identifier(
                          Optional.empty(), Optional.of("9000000009"), Optional.empty()))),
              new ContainedPatient(Optional.empty(), List.of()));
      assertThat(entry.references())
          .extracting(Reference::element)
          .containsExactly("contained", "subject");
      assertThat(entry.urls()).isEmpty();
      assertThat(entry.identifiers()).isEmpty();
    }

    @Test
    void knowsEscapedKeys() {
      Entry entry =
          onlyEntry(
              """
              {"\\u0072esourceType": "Basic", "i\\u0064": "1", "s\\u0075bject": {"\\u0072eference": "Patient/1"},
               "\\u0065xtension": [{"ur\\u006C": "http://ext.example"}]}
              """);
      assertThat(entry.id()).contains("1");
      assertThat(entry.references()).extracting(Reference::element).containsExactly("subject");
      assertThat(entry.urls()).isEmpty();
    }

    @Test
    void decodesUnicodeRawAndEscaped() {
      assertThat(
              onlyEntry(
                      "{\"resourceType\":\"Basic\",\"id\":\"é漢😀\\u00e9\\ud83d\\ude00\\n\\u0000\"}")
                  .id())
          .contains("é漢😀é😀\n\0");
    }

    @Test
    void keepsEachEntrysFacetsApart() {
      List<Entry> entries =
          searchset(
                  bundle(
                      """
                      {"resource": {"resourceType": "Basic", "id": "1", "identifier": [{"value": "v"}],
                        "subject": {"reference": "Patient/1"}, "a": {"url": "u"},
                        "contained": [{"resourceType": "Patient"}]}},
                      {"resource": {"resourceType": "Basic"}}
                      """))
              .entries();
      assertThat(entries.getFirst().references()).hasSize(1);
      assertThat(entries.getFirst().urls()).hasSize(1);
      assertThat(entries.getFirst().contained()).hasSize(1);
      Entry last = entries.getLast();
      assertThat(last.id()).isEmpty();
      assertThat(last.identifiers()).isEmpty();
      assertThat(last.references()).isEmpty();
      assertThat(last.urls()).isEmpty();
      assertThat(last.contained()).isEmpty();
    }
  }

  @Test
  void tellsNothingOfAPatientInAnyText() {
    String body =
        """
        {"resourceType": "Bundle", "type": "searchset",
         "link": [{"relation": "self", "url": "https://peer.example/fhir?identifier=9000000009"}],
         "entry": [
          {"fullUrl": "urn:9000000009", "resource": {"resourceType": "Patient", "id": "9000000009",
           "identifier": [{"system": "9000000009", "value": "9000000009"}],
           "contained": [{"resourceType": "Patient", "id": "9000000009"}],
           "a": {"url": "9000000009"}, "9000000009": {"reference": "Patient/9000000009"}}},
          {"resource": {"resourceType": "OperationOutcome", "issue": [
           {"severity": "error", "code": "9000000009", "details": {"coding": [{"code": "9000000009"}]}}]}}]}
        """;
    PeerBody.Searchset searchset = searchset(body);
    Entry entry = searchset.entries().getFirst();
    assertThat(
            List.of(
                searchset,
                searchset.warnings(),
                entry,
                entry.identifiers(),
                entry.references(),
                entry.references().getFirst().literal(),
                entry.urls(),
                entry.contained(),
                entry.resource()))
        .allSatisfy(value -> assertThat(value.toString()).doesNotContain("9000000009"));
  }

  static PeerBody scan(String body) {
    byte[] bytes = body.getBytes(UTF_8);
    return BodyScanner.scan(bytes, bytes.length);
  }

  static PeerBody.Searchset searchset(String body) {
    PeerBody scanned = scan(body);
    assertThat(scanned).isInstanceOf(PeerBody.Searchset.class);
    return (PeerBody.Searchset) scanned;
  }

  static Entry onlyEntry(String resource) {
    List<Entry> entries = searchset(bundle("{\"resource\":" + resource + "}")).entries();
    assertThat(entries).hasSize(1);
    return entries.getFirst();
  }

  static String bundle(String entries) {
    return "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[" + entries + "]}";
  }

  static String basic(String value) {
    return "{\"resourceType\":\"Basic\",\"value\":" + value + "}";
  }

  static void assertUnreadable(String body) {
    assertThat(scan(body))
        .as(body.length() > 400 ? "long body" : body)
        .isInstanceOf(PeerBody.Unreadable.class);
  }

  static String text(Slice slice) {
    return new String(slice.bytes(), slice.from(), slice.length(), UTF_8);
  }
}
