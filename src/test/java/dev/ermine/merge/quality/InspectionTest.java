package dev.ermine.merge.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.BodyScanner;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.PeerBody;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InspectionTest {

  private static final Inspection INSPECTION =
      new Inspection(Instant.parse("2026-06-01T12:00:00Z"));

  private static final String CODE =
      "'code':{'coding':[{'system':'http://snomed.info/sct','code':'1'}]}";
  private static final String ACTIVE =
      "'clinicalStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical','code':'active'}]}";

  /** A flaw or {@code none}, a type, and elements; C is a code, A an active clinical status. */
  private static final String TABLE =
      """
      none; Observation; 'status':'final',C
      none; Observation; 'status':'final',C,'effectiveDateTime':'2020-02-29','issued':'2026-06-01T13:00:00+01:00'
      none; Encounter; 'status':'planned','period':{'start':'2030-01-01'}
      none; Encounter; 'status':'finished','period':{'start':'2020-01-01','end':'2020-01-01'}
      none; Encounter; 'status':'finished','period':{'start':'2020-01','end':'2020-01-15'}
      none; Encounter; 'status':'finished','period':{'end':'2020'}
      none; Encounter; 'status':'finished','period':{}
      none; Appointment; 'status':'booked','start':'2027-01-01T09:00:00Z'
      none; Observation; 'status':'final',C,'effectiveDateTime':'2016-12-31T23:59:60Z'
      none; Condition; C,'recordedDate':'2026-06-02'
      impossible-date; Observation; 'status':'final',C,'effectiveDateTime':'2019-02-29'
      impossible-date; Observation; 'status':'final',C,'effectiveDateTime':'2019-13-01'
      impossible-date; Observation; 'status':'final',C,'effectiveDateTime':'01/02/2019'
      impossible-date; Observation; 'status':'final',C,'effectiveDateTime':''
      impossible-date; Observation; 'status':'final',C,'effectiveDateTime':'2019-02-28T25:00:00Z'
      impossible-date; Observation; 'status':'final',C,'effectiveDateTime':'2019-02-28T09:00:00+15:00'
      impossible-date; Observation; 'status':'final',C,'effectiveDateTime':'1849-12-31'
      impossible-date; Observation; 'status':'final',C,'effectiveDateTime':'2026-06-04'
      impossible-date; Observation; 'status':'final',C,'issued':'2027-01-01T09:00:00Z'
      impossible-date; Condition; C,'onsetDateTime':'2031'
      impossible-date; Encounter; 'status':'finished','period':{'start':'2020-01-02','end':'2020-01-01'}
      impossible-date; Encounter; 'status':'finished','period':{'start':'2020-01-02','end':'soon'}
      impossible-date; Encounter; 'status':'finished','period':{'end':'1066'}
      missing-code; Observation; 'status':'final'
      missing-code; Observation; 'status':'final','code':{}
      missing-code; Observation; 'status':'final','code':{'text':' '}
      missing-code; Immunization; 'status':'completed'
      missing-code; MedicationStatement; 'status':'active'
      none; MedicationStatement; 'status':'active','medicationReference':{'reference':'Medication/1'}
      none; Composition; 'status':'final'
      text-for-code; Observation; 'status':'final','code':{'text':'pulse'}
      text-for-code; Observation; 'status':'final','code':{'coding':[{'display':'pulse'}]}
      text-for-code; MedicationRequest; 'status':'active','medicationCodeableConcept':{'text':'aspirin'}
      missing-status; Observation; C
      missing-status; Observation; 'status':' ',C
      missing-status; Observation; '_status':{'extension':[{'url':'https://a.example','valueCode':'unknown'}]},C
      missing-status; AllergyIntolerance; C
      none; AllergyIntolerance; C,A
      none; AllergyIntolerance; C,'verificationStatus':{'coding':[{'system':'http://a.example/v','code':'entered-in-error'}]}
      none; Condition; C
      missing-status; Condition; C,'category':[{'coding':[{'system':'http://a.example/c','code':'problem-list-item'}]}]
      unknown-system; Observation; 'status':'final','code':{'coding':[{'code':'1'}]}
      unknown-system; Observation; 'status':'final','code':{'coding':[{'system':'SNOMED','code':'1'}]}
      unknown-system; Observation; 'status':'final','code':{'coding':[{'system':'2.16.840.1:x y','code':'1'}]}
      unknown-system; Observation; 'status':'final','code':{'coding':[{'system':'urn:','code':'1'}]}
      none; Observation; 'status':'final','code':{'coding':[{'system':'urn:oid:2.16.840.1.113883.2.1.6.2','code':'1'}]}
      broken-reference; Observation; 'status':'final',C,'encounter':{'reference':''}
      broken-reference; Observation; 'status':'final',C,'encounter':{'reference':'12'}
      broken-reference; Observation; 'status':'final',C,'encounter':{'reference':'Encounter/'}
      broken-reference; Observation; 'status':'final',C,'encounter':{'reference':'Encounter 1'}
      broken-reference; Observation; 'status':'final',C,'encounter':{'reference':'/Encounter/1'}
      broken-reference; Observation; 'status':'final',C,'encounter':{'identifier':{'system':'https://a.example'}}
      broken-reference; Observation; 'status':'final',C,'device':{'reference':'#d1'}
      broken-reference; Observation; 'status':'final',C,'contained':[{'resourceType':'Device','id':'d2'}],'device':{'reference':'#d1'}
      none; Observation; 'status':'final',C,'contained':[{'resourceType':'Device','id':'d1'}],'device':{'reference':'#d1'}
      none; Observation; 'status':'final',C,'encounter':{'reference':'urn:uuid:6f1c'},'performer':[{'display':'Dr Jones'}]
      none; Observation; 'status':'final',C,'encounter':{'reference':'Encounter/1/_history/2'},'device':{'reference':'#'}
      invalid-nhs-number; Patient; 'identifier':[{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9000000001','use':'old'}]
      invalid-nhs-number; Patient; 'identifier':[{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'900 000 0009'}]
      none; Patient; 'identifier':[{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9000000009'},{'system':'https://a.example','value':'1'}]
      invalid-nhs-number; Flag; 'status':'active',C,'subject':{'identifier':{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9000000001'}}
      garbled; Observation; 'status':'final',C,'note':[{'text':'Caf\u00c3\u00a9'}]
      """;

  record Row(String flaw, String type, String elements) {}

  static Stream<Row> rows() {
    return TABLE
        .lines()
        .map(line -> line.split("; ", 3))
        .map(
            row ->
                new Row(
                    row[0],
                    row[1],
                    row[2]
                        .replaceFirst("(^|,)C(,|$)", "$1" + CODE + "$2")
                        .replaceFirst("(^|,)A(,|$)", "$1" + ACTIVE + "$2")));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void findsWhatIsWrong(Row row) {
    Set<Flaw> expected =
        row.flaw().equals("none")
            ? Set.of()
            : Set.of(Flaw.valueOf(row.flaw().toUpperCase(Locale.ROOT).replace('-', '_')));
    assertThat(INSPECTION.of(entry(row.type(), row.elements()))).isEqualTo(expected);
  }

  @Test
  void triesEveryFlawThatIsFlagged() {
    Set<String> tried = new java.util.HashSet<>(rows().map(Row::flaw).toList());
    assertThat(EnumSet.allOf(Flaw.class))
        .filteredOn(flaw -> !flaw.isSetAside())
        .extracting(Flaw::id)
        .allMatch(tried::contains);
  }

  @Test
  void findsSeveralFlawsAtOnce() {
    assertThat(INSPECTION.of(entry("Observation", "'effectiveDateTime':'never'")))
        .containsExactly(Flaw.IMPOSSIBLE_DATE, Flaw.MISSING_CODE, Flaw.MISSING_STATUS);
  }

  @Test
  void tellsEachFlawInWords() {
    for (Flaw flaw : Flaw.values()) {
      assertThat(Flaw.words(java.util.Map.of(flaw, 1))).startsWith("1 ");
      assertThat(Flaw.words(java.util.Map.of(flaw, 2))).startsWith("2 ");
    }
  }

  private static Entry entry(String type, String elements) {
    String json = ("{'resourceType':'" + type + "'," + elements + "}").replace('\'', '"');
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return switch (BodyScanner.scan(body, body.length)) {
      case PeerBody.Resource(Entry entry) -> entry;
      case PeerBody other -> throw new AssertionError(other + " " + json);
    };
  }
}
