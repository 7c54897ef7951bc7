package dev.ermine.merge.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.BodyScanner;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.PeerBody;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  /** A type, some elements of an entry; then what filters say of it. */
  private static final String TABLE =
      """
      Observation; 'effectiveDateTime':'2020-05-14'
        date=2020-05-14 passes
        date=eq2020-05-14 passes
        date=2020-05 passes
        date=2020 passes
        date=2020-05-15 fails
        date=2020-06 fails
        date=ne2020-05-14 fails
        date=ne2020 fails
        date=ne2020-05-15 passes
        date=gt2020-05-14 fails
        date=gt2020-05-13 passes
        date=gt2020-05 fails
        date=gt2020-04 passes
        date=lt2020-05-14 fails
        date=lt2020-05-15 passes
        date=lt2020-05 fails
        date=ge2020-05-14 passes
        date=ge2020-05-15 fails
        date=ge2021 fails
        date=ge2020 passes
        date=le2020-05-14 passes
        date=le2020-05-13 fails
        date=le2020 passes
        date=sa2020-05-14 fails
        date=sa2020-05-13 passes
        date=eb2020-05-14 fails
        date=eb2020-05-15 passes
        date=ap2020-05-20 passes
        date=ap2015 fails
        date=2019,2020 passes
        date=2018,2019 fails
        date=ge2020-05-14T12:00:00Z passes
        date=ge2020-05-15T12:00:00Z fails
        date:missing=true fails
        date:missing=false passes
      Observation; 'effectiveDateTime':'2020'
        date=2020 passes
        date=2020-05 fails
        date=ge2020-05 passes
        date=gt2020-05 passes
        date=lt2020-05 passes
        date=le2019 fails
        date=sa2020-05 fails
      Observation; 'effectiveDateTime':'2020-05-14T09:30:00Z'
        date=2020-05-14 passes
        date=2020-05-14T09:30Z passes
        date=2020-05-14T10:30:00+01:00 passes
        date=2020-05-14T10:30:00 passes
        date=2020-05-14T09:30:00 passes
        date=2020-05-14T11:30:00 fails
        date=gt2020-05-14T09:30:00Z fails
        date=ge2020-05-14T09:30:00Z passes
        date=lt2020-05-14T09:30:01Z passes
        date=lt2020-05-14T10:30:00+01:00 fails
      Observation; 'effectiveDateTime':'2020-05-14T23:30:00Z'
        date=2020-05-14 passes
        date=2020-05-15 passes
        date=2020-05-16 fails
        date=ge2020-05-15 passes
        date=le2020-05-14 passes
      Observation; 'effectiveDateTime':'2020-12-14T23:30:00Z'
        date=2020-12-15 fails
      Observation; 'effectivePeriod':{'start':'2020-01-10','end':'2020-03-10'}
        date=2020 passes
        date=2020-01 fails
        date=ne2020-01 passes
        date=ge2020-03 passes
        date=gt2020-02 passes
        date=gt2020-03-10 fails
        date=sa2020-01-09 passes
        date=sa2020-01-10 fails
        date=eb2020-03-11 passes
        date=eb2020-03-10 fails
        date=lt2020-01-10 fails
        date=le2020-01-10 passes
      Encounter; 'period':{'start':'2020-01-10'}
        date=2020 fails
        date=ge2024 passes
        date=gt2024 passes
        date=lt2020-01-10 fails
        date=eb2030 fails
        date=sa2019 passes
      Encounter; 'period':{'end':'2020-01-10'}
        date=le2010 passes
        date=gt2020-01-10 fails
        date=sa2010 fails
      Encounter; 'period':{}
        date=2020 untold
      Encounter; 'status':'finished'
        date=2020 untold
        date:missing=true untold
        status=finished passes
        status=FINISHED passes
        status=planned fails
        status=planned,finished passes
        status=http://hl7.org/fhir/encounter-status|finished passes
        status=http://hl7.org/fhir/encounter-status|planned fails
        status:not=finished fails
        status:not=planned passes
        class=AMB untold
      Encounter; 'class':{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'AMB'}
        class=AMB passes
        class=http://terminology.hl7.org/CodeSystem/v3-ActCode|AMB passes
        class=EMER fails
        status=finished untold
      Observation; 'effectiveDateTime':'last week'
        date=2020 untold
      Observation; 'code':{'coding':[{'system':'http://snomed.info/sct','code':'73211009'},{'system':'http://read.info/readv2','code':'C10..'}]}
        code=73211009 passes
        code=http://snomed.info/sct|73211009 passes
        code=http://snomed.info/sct|44054006 fails
        code=44054006 fails
        code=c10.. passes
        code=http://read.info/readv2|C10.. passes
        code=http://loinc.org|1234-5 untold
        code=http://loinc.org|1234-5,73211009 passes
        code=http://loinc.org|1234-5,44054006 untold
        code=44054006,46635009 fails
        code=http://snomed.info/sct| passes
        code=http://loinc.org| fails
        code=|73211009 fails
        code:not=73211009 fails
        code:not=44054006 passes
        code:not=http://loinc.org|73211009 passes
        code:missing=true fails
        code:missing=false passes
        combo-code=73211009 passes
        combo-code=44054006 fails
        component-code=73211009 untold
        category=laboratory untold
      Observation; 'code':{'coding':[{'code':'73211009'}]}
        code=|73211009 passes
        code=73211009 passes
        code=http://snomed.info/sct|73211009 untold
        code=http://snomed.info/sct|44054006 untold
      Observation; 'code':{'coding':[{'system':'http://snomed.info/sct','code':'1'},{'code':'73211009'}]}
        code=http://snomed.info/sct|73211009 untold
        code=http://snomed.info/sct|2 fails
      Observation; 'code':{'text':'diabetes'}
        code=73211009 untold
        code=http://snomed.info/sct|73211009 untold
        code:not=73211009 passes
        code:missing=true untold
      Observation; 'component':[{'code':{'coding':[{'system':'http://loinc.org','code':'8480-6'}]}}]
        component-code=http://loinc.org|8480-6 passes
        component-code=http://loinc.org|8462-4 fails
        combo-code=8480-6 passes
        code=8480-6 untold
      MedicationRequest; 'medicationCodeableConcept':{'coding':[{'system':'https://dmd.nhs.uk/','code':'42104911000001104'}]},'intent':'order'
        code=http://snomed.info/sct|42104911000001104 passes
        code=https://dmd.nhs.uk|42104911000001104 passes
        code=http://snomed.info/sct/83821000000107/version/20240101|42104911000001104 passes
        code=http://snomed.info/sct|1 fails
        intent=order passes
        intent=plan fails
        intent=http://hl7.org/fhir/CodeSystem/medicationrequest-intent|order passes
        intent:not=order fails
        priority=stat untold
      AllergyIntolerance; 'category':['food','medication'],'criticality':'high','recordedDate':'2020-05-14'
        category=medication passes
        category=biologic fails
        category=biologic,food passes
        criticality=low fails
        date=2020 passes
        date=2021 fails
        clinical-status=active untold
      Patient; 'birthDate':'1961-04-02','gender':'female','active':true
        birthdate=1961-04-02 passes
        birthdate=1961 passes
        birthdate=lt1961 fails
        gender=female passes
        gender=male fails
        active=true passes
        active=false fails
        death-date=2020 untold
      Patient; 'deceasedDateTime':'2020-05-14'
        death-date=2020 passes
        death-date=gt2020 fails
      Flag; 'id':'f1','meta':{'lastUpdated':'2020-05-14T09:30:00Z','source':'https://a.example/x#7','profile':['https://b.example/P|1.0'],'tag':[{'system':'https://t.example','code':'a'}],'security':[{'system':'https://s.example','code':'R'}]},'identifier':[{'system':'https://i.example','value':'A1'}]
        _id=f1 passes
        _id=f2 fails
        _id=f2,f1 passes
        _lastUpdated=ge2020-05-14 passes
        _lastUpdated=ge2021 fails
        _source=https://a.example/x passes
        _source=https://a.example/x#7 passes
        _source=https://a.example fails
        _profile=https://b.example/P passes
        _profile=https://b.example/P|1.0 passes
        _profile=https://b.example/P|2.0 fails
        _tag=a passes
        _tag=https://t.example|b fails
        _tag:not=a fails
        _security=https://s.example|R passes
        _security=N fails
        identifier=https://i.example|A1 passes
        identifier=A1 passes
        identifier=https://i.example|A2 fails
        identifier=https://j.example|A1 fails
      Flag; 'status':'active'
        _tag=a fails
        _tag:not=a passes
        _tag:missing=true passes
        _profile=https://b.example/P fails
        _source=https://a.example fails
        identifier=A1 fails
        _lastUpdated=2020 untold
      DocumentReference; 'masterIdentifier':{'system':'https://i.example','value':'M1'},'identifier':[{'value':'A1'}],'date':'2020-05-14T09:30:00Z','context':{'period':{'start':'2020-01','end':'2020-02'}},'content':[{'attachment':{'contentType':'application/pdf'}}]
        identifier=https://i.example|M1 passes
        identifier=A1 passes
        identifier=X fails
        date=2020 passes
        date=2021 fails
        period=2020 passes
        period=gt2020-02 fails
        contenttype=application/pdf passes
        contenttype=image/png fails
      Condition; 'onsetDateTime':'2020-05','clinicalStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-clinical','code':'active'}]}
        onset-date=2020 passes
        onset-date=ge2021 fails
        abatement-date=ge2021 untold
        clinical-status=active passes
        clinical-status=inactive,resolved fails
        clinical-status:not=active fails
      """;

  record Row(String type, String elements, String filter, Verdict verdict) {}

  static Stream<Row> rows() {
    return Stream.of(TABLE.split("\n(?! )", -1))
        .flatMap(
            block -> {
              String[] lines = block.strip().split("\n", -1);
              String[] entry = lines[0].split("; ", 2);
              return Stream.of(lines)
                  .skip(1)
                  .map(line -> line.strip().split(" ", -1))
                  .map(
                      row ->
                          new Row(
                              entry[0],
                              entry[1],
                              row[0],
                              Verdict.valueOf(row[1].toUpperCase(java.util.Locale.ROOT))));
            });
  }

  @Test
  void isTriedOnManyCases() {
    assertThat(rows().count()).isGreaterThan(120);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void saysOfAnEntryWhatItTells(Row row) {
    Filter filter = filter(row.type(), row.filter());
    assertThat(filter.canBeApplied()).isTrue();
    assertThat(filter.of(entry(row.type(), row.elements()))).isEqualTo(row.verdict());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "performer=Practitioner/1",
        "value-quantity=gt5",
        "value-string=x",
        "code-value-quantity=a$5",
        "code:text=x",
        "code:in=http://a.example",
        "code:below=73211009",
        "category:not-in=x",
        "component-code:not=x",
        "_security:not=R",
        "no-such-parameter=x"
      })
  void cannotBeAppliedWhereAnEntryDoesNotTell(String asked) {
    Filter filter = filter("Observation", asked);
    assertThat(filter.canBeApplied()).isFalse();
    assertThat(filter.isExact()).isFalse();
    assertThat(filter.of(entry("Observation", "'status':'final'"))).isEqualTo(Verdict.UNTOLD);
  }

  @Test
  void leavesToTheServerWhatServersMayUnderstandOtherwise() {
    assertThat(filter("Observation", "date=ap2020").isExact()).isFalse();
    assertThat(filter("Observation", "code:not=a,b").isExact()).isFalse();
    assertThat(filter("Observation", "code:not=a").isExact()).isTrue();
    assertThat(filter("Observation", "date=ge2020").isExact()).isTrue();
  }

  @Test
  void takesEscapedSeparatorsForText() {
    Entry entry =
        entry("Observation", "'code':{'coding':[{'system':'https://a.example','code':'a,b|c'}]}");
    assertThat(filter("Observation", "code=https://a.example|a\\,b\\|c").of(entry))
        .isEqualTo(Verdict.PASSES);
    assertThat(filter("Observation", "code=https://a.example|a,b").of(entry))
        .isEqualTo(Verdict.FAILS);
  }

  static Filter filter(String type, String asked) {
    String[] parts = asked.split("=", 2);
    return new Filters(List.of(new Parameter(parts[0], parts[1])), NOW).of(type).getFirst();
  }

  static Entry entry(String type, String elements) {
    String json = ("{'resourceType':'" + type + "'," + elements + "}").replace('\'', '"');
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return ((PeerBody.Resource) BodyScanner.scan(body, body.length)).entry();
  }
}
