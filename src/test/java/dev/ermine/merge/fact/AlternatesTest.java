package dev.ermine.merge.fact;

import static dev.ermine.merge.fact.FactsGiven.SNOMED;
import static dev.ermine.merge.fact.FactsGiven.concept;
import static dev.ermine.merge.fact.FactsGiven.fact;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Coding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlternatesTest {

  private static final String ASTHMA = concept("code", SNOMED, "195967001");
  private static final String ID = "'identifier':[{'system':'urn:s','value':'7'}]";

  @Nested
  class ByIdentifier {

    @Test
    void oneIdentifierIsOneFactOfAnyType() {
      for (String type : List.of("Observation", "CarePlan", "Flag", "Organization", "Basic")) {
        assertSame(fact("london", type, "1", ID), fact("wessex", type, "2", ID));
      }
    }

    @Test
    void typesAreNeverMixed() {
      assertApart(fact("london", "Condition", "1", ID), fact("wessex", "Procedure", "2", ID));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "'identifier':[{'value':'7'}]",
          "'identifier':[{'system':'urn:s'}]",
          "'identifier':[{'system':'','value':'7'}]",
          "'identifier':[{'system':'urn:s','value':''}]",
          "'identifier':[{'use':'temp','system':'urn:s','value':'7'}]",
          "'identifier':[{'use':'old','system':'urn:s','value':'7'}]",
          "'identifier':[{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9000000009'}]"
        })
    void whatNamesNoRecordIsNoIdentifierOfOne(String identifier) {
      assertApart(
          fact("london", "Observation", "1", identifier),
          fact("wessex", "Observation", "2", identifier));
    }

    @Test
    void anotherValueOrSystemIsAnotherFact() {
      Fact fact = fact("london", "Observation", "1", ID);
      assertApart(
          fact, fact("w", "Observation", "2", "'identifier':[{'system':'urn:s','value':'8'}]"));
      assertApart(
          fact, fact("w", "Observation", "2", "'identifier':[{'system':'urn:t','value':'7'}]"));
    }

    @Test
    void codesOfOneSystemThatDifferShowThatItWasGivenTwice() {
      assertApart(
          fact("london", "Condition", "1", ID + "," + ASTHMA),
          fact("wessex", "Condition", "2", ID + "," + concept("code", SNOMED, "84757009")));
    }

    @Test
    void codesOfTwoSystemsDoNot() {
      assertSame(
          fact("london", "Condition", "1", ID + "," + ASTHMA),
          fact(
              "wessex",
              "Condition",
              "2",
              ID + "," + concept("code", "http://read.info/readv2", "H33..")));
      assertSame(
          fact("london", "Condition", "1", ID + "," + ASTHMA), fact("w", "Condition", "2", ID));
    }

    @Test
    void patientsAreNoFacts() {
      assertApart(fact("london", "Patient", "1", ID), fact("wessex", "Patient", "2", ID));
    }
  }

  @Nested
  class ByRule {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "Condition | code | 'onsetDateTime':'2019-03-01'",
          "Observation | code | 'effectiveDateTime':'2019-03-01'",
          "Procedure | code | 'performedDateTime':'2019-03-01'",
          "DiagnosticReport | code | 'effectiveDateTime':'2019-03-01'",
          "Immunization | vaccineCode | 'occurrenceDateTime':'2019-03-01'",
          "MedicationStatement | medicationCodeableConcept | 'effectiveDateTime':'2019-03-01'",
          "MedicationRequest | medicationCodeableConcept | 'authoredOn':'2019-03-01'",
          "Encounter | type | 'period':{'start':'2019-03-01T09:00:00Z'}",
          "DocumentReference | type | 'date':'2019-03-01T09:00:00Z'"
        })
    void oneCodeAtOneTimeIsOneFact(String type, String element, String date) {
      String coded = concept(element, SNOMED, "1");
      Fact fact = fact("london", type, "1", coded + "," + date);
      assertSame(fact, fact("wessex", type, "2", date + "," + coded));
      assertApart(fact, fact("wessex", type, "2", coded));
      assertApart(fact, fact("wessex", type, "2", date));
      assertApart(fact, fact("wessex", type, "2", coded + "," + date.replace("2019", "2020")));
      assertApart(fact, fact("wessex", type, "2", concept(element, SNOMED, "2") + "," + date));
      assertApart(fact("london", type, "1", coded), fact("wessex", type, "2", coded));
    }

    @Test
    void anAllergyIsItsSubstanceWhenever() {
      assertSame(
          fact("london", "AllergyIntolerance", "1", ASTHMA + ",'onsetDateTime':'1999'"),
          fact("wessex", "AllergyIntolerance", "2", ASTHMA + ",'recordedDate':'2020-01-01'"));
    }

    @Test
    void statementsAndRequestsAreNeverOneFact() {
      String medicine = concept("medicationCodeableConcept", SNOMED, "1");
      assertApart(
          fact(
              "london", "MedicationStatement", "1", medicine + ",'effectiveDateTime':'2020-01-01'"),
          fact("wessex", "MedicationRequest", "2", medicine + ",'authoredOn':'2020-01-01'"));
    }

    @Test
    void aMedicineIsOneByAnyCodeOfTheDictionary() {
      String date = ",'effectiveDateTime':'2020-01-01'";
      Fact both =
          fact(
              "london",
              "MedicationStatement",
              "1",
              concept("medicationCodeableConcept", SNOMED, "vmp", "https://dmd.nhs.uk", "vtm")
                  + date);
      Fact moiety =
          FactsGiven.of(
              fact("wessex", "MedicationStatement", "2", date.substring(1)),
              new Coding(SNOMED, "vtm"));
      assertSame(both, moiety);
    }

    @Test
    void aPlainDateMeetsATimeOfTheDayAndTwoTimesDoNot() {
      Fact day = observation("london", "1", "2022-07-01");
      Fact nine = observation("wessex", "2", "2022-07-01T09:00:00+01:00");
      Fact ten = observation("kent", "3", "2022-07-01T10:00:00+01:00");
      Alternates alternates = Alternates.among(List.of(day, nine, ten));
      assertThat(alternates.of(day.fullUrl())).containsExactly(nine.fullUrl(), ten.fullUrl());
      assertThat(alternates.of(nine.fullUrl())).containsExactly(day.fullUrl());
      assertThat(alternates.of(ten.fullUrl())).containsExactly(day.fullUrl());
    }

    @Test
    void encountersAndDocumentsAreToldApartByTheMinute() {
      String type = concept("type", SNOMED, "1");
      for (String date : List.of("2022-07-01", "2022-07-01T10:00:00+01:00")) {
        assertApart(
            fact(
                "london",
                "Encounter",
                "1",
                type + ",'period':{'start':'2022-07-01T09:00:00+01:00'}"),
            fact("wessex", "Encounter", "2", type + ",'period':{'start':'%s'}".formatted(date)));
      }
      assertApart(
          fact("london", "DocumentReference", "1", type + ",'date':'2022-07-01'"),
          fact("wessex", "DocumentReference", "2", type + ",'date':'2022-07-01'"));
    }

    @Test
    void aVaccineWithoutAProductIsWhatItProtectsFrom() {
      String given =
          ",'occurrenceDateTime':'2020-01-01','protocolApplied':[{"
              + concept("targetDisease", SNOMED, "6142004")
                  .replace(":{", ":[{")
                  .replace("]}", "]}]")
              + "}]";
      String unknown = concept("vaccineCode", "http://hl7.org/fhir/v3/NullFlavor", "UNK");
      assertSame(
          fact("london", "Immunization", "1", unknown + given),
          fact("wessex", "Immunization", "2", unknown + given));
      assertApart(
          fact("london", "Immunization", "1", concept("vaccineCode", SNOMED, "1") + given),
          fact("wessex", "Immunization", "2", concept("vaccineCode", SNOMED, "2") + given));
    }

    @Test
    void hourlyMeasurementsFindTheirCopies() {
      List<Fact> facts = new ArrayList<>();
      for (String region : List.of("london", "wessex")) {
        for (int hour = 1; hour < 24; hour++) {
          facts.add(observation(region, "h" + hour, "2022-01-01T%02d:00:00Z".formatted(hour)));
        }
      }
      Alternates alternates = Alternates.among(facts);
      for (int i = 0; i < 23; i++) {
        assertThat(alternates.of(facts.get(i).fullUrl()))
            .containsExactly(facts.get(i + 23).fullUrl());
      }
    }
  }

  @Nested
  class ByHash {

    @Test
    void oneHashIsOneDocumentWhateverItIsCalled() {
      assertSame(
          document("london", "1", "'hash':'aGFzaA=='"),
          document("wessex", "2", "'hash':'aGFzaA=='," + "'contentType':'application/pdf'"));
      assertApart(document("london", "1", "'hash':'aGFzaA=='"), document("w", "2", "'hash':'b'"));
    }

    @Test
    void anEmptyDocumentIsNobodys() {
      String empty = "'hash':'2jmj7l5rSw0yVb/vlWAYkK/YBwk='";
      assertApart(document("london", "1", empty), document("wessex", "2", empty));
    }

    @Test
    void aLeafletInCommonDoesNotMakeTwoLettersOne() {
      assertApart(
          document("london", "1", "'hash':'letter'}},{'attachment':{'hash':'leaflet'"),
          document("wessex", "2", "'hash':'other'}},{'attachment':{'hash':'leaflet'"));
    }

    @Test
    void aDocumentsOwnIdentifierTellsItToo() {
      String master = "'masterIdentifier':{'system':'urn:ietf:rfc:3986','value':'urn:oid:1.2'}";
      assertSame(
          fact("london", "DocumentReference", "1", master),
          fact("wessex", "DocumentReference", "2", master));
    }

    @Test
    void hashesOfOtherThingsTieNothing() {
      String photo = "'photo':[{'hash':'aGFzaA=='}]";
      assertApart(
          fact("london", "Practitioner", "1", photo), fact("wessex", "Practitioner", "2", photo));
    }

    private static Fact document(String region, String id, String attachment) {
      return fact(
          region, "DocumentReference", id, "'content':[{'attachment':{%s}}]".formatted(attachment));
    }
  }

  @Test
  void twoOfOneRegionMayRecordOneFact() {
    assertSame(fact("london", "Condition", "1", ID), fact("london", "Condition", "2", ID));
  }

  @Test
  void onlyTheFirstFourOfARegionTakePart() {
    List<Fact> facts =
        new ArrayList<>(
            IntStream.range(0, 6).mapToObj(i -> fact("london", "Condition", "c" + i, ID)).toList());
    facts.add(fact("wessex", "Condition", "w", ID));
    Alternates alternates = Alternates.among(facts);
    assertThat(alternates.of(facts.getLast().fullUrl()))
        .isEqualTo(facts.subList(0, 4).stream().map(Fact::fullUrl).toList());
    assertThat(alternates.of(facts.get(4).fullUrl())).isEmpty();
    assertThat(alternates.links()).hasSize(5);
  }

  @Test
  void whatTiesInTwoWaysIsLinkedOnce() {
    String members = ID + "," + ASTHMA + ",'onsetDateTime':'2019-03-01'";
    assertSame(fact("london", "Condition", "1", members), fact("w", "Condition", "2", members));
  }

  @Test
  void everyTypeIsUnderOneRuleThatGivesItsReason() {
    assertThat(FactRules.ALL.stream().flatMap(rule -> rule.types().stream()))
        .doesNotHaveDuplicates();
    assertThat(FactRules.ALL).extracting(FactRule::id).doesNotHaveDuplicates();
    assertThat(FactRules.ALL).allSatisfy(rule -> assertThat(rule.reason()).hasSizeGreaterThan(40));
    assertThat(Tie.values()).allSatisfy(tie -> assertThat(tie.reason()).isNotBlank());
  }

  @Test
  void nothingThatTellsTwoFactsApartIsLeftOutWhenOneStandsForAnother() {
    assertThat(FactRules.ALL)
        .allSatisfy(rule -> assertThat(rule.safety()).containsAll(rule.apart()));
  }

  private static Fact observation(String region, String id, String time) {
    return fact(region, "Observation", id, ASTHMA + ",'effectiveDateTime':'" + time + "'");
  }

  private static void assertSame(Fact one, Fact other) {
    Alternates alternates = Alternates.among(List.of(one, other));
    assertThat(alternates.of(one.fullUrl())).containsExactly(other.fullUrl());
    assertThat(alternates.of(other.fullUrl())).containsExactly(one.fullUrl());
    assertThat(alternates.links()).hasSize(2);
  }

  private static void assertApart(Fact one, Fact other) {
    assertThat(Alternates.among(List.of(one, other)).links()).isEmpty();
  }
}
