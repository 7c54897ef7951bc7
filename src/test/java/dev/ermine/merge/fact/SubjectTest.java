package dev.ermine.merge.fact;

import static dev.ermine.merge.fact.FactsGiven.SNOMED;
import static dev.ermine.merge.fact.FactsGiven.concept;
import static dev.ermine.merge.fact.FactsGiven.fact;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Coding;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectTest {

  @ParameterizedTest
  @CsvSource({
    "AllergyIntolerance, code",
    "Condition, code",
    "Observation, code",
    "Procedure, code",
    "DiagnosticReport, code",
    "Immunization, vaccineCode",
    "MedicationStatement, medicationCodeableConcept",
    "MedicationRequest, medicationCodeableConcept",
    "Encounter, type",
    "DocumentReference, type"
  })
  void isWhatTheTypesOwnElementSays(String type, String element) {
    Fact fact =
        fact(
            "london",
            type,
            "1",
            concept(element, SNOMED, "1") + "," + concept("other", SNOMED, "2"));
    assertThat(Subject.of(fact)).containsExactly(new Coding(SNOMED, "1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://snomed.info/sct",
        "https://snomed.info/sct",
        "http://snomed.info/sct/83821000000107",
        "http://snomed.info/sct/999000011000000103/version/20260401",
        "http://snomed.info/sct|20260401",
        "https://dmd.nhs.uk",
        "https://dmd.nhs.uk/",
        "http://dmd.nhs.uk",
        "https://dmd.nhs.uk/VMP",
        "urn:oid:2.16.840.1.113883.6.96",
        "urn:oid:2.16.840.1.113883.2.1.3.2.4.15"
      })
  void snomedAndDmdAreOneSystemHoweverTheyAreSpelled(String system) {
    assertThat(Subject.of(condition(system, "84757009")))
        .containsExactly(new Coding(SNOMED, "84757009"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://snomed.info/sctx",
        "http://snomed.info/id",
        "https://dmd.nhs.uk.evil.example",
        "ftp://snomed.info/sct",
        "snomed.info/sct",
        "http://loinc.org"
      })
  void otherSystemsStayWhatTheyAre(String system) {
    assertThat(Subject.of(condition(system, "84757009")))
        .containsExactly(new Coding(system, "84757009"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://snomed.info/sct, 196411000000103",
    "https://dmd.nhs.uk, 196421000000109",
    "http://snomed.info/sct, 196431000000106",
    "http://snomed.info/sct, 196441000000102",
    "http://snomed.info/sct, 196451000000104",
    "http://snomed.info/sct, 196461000000101",
    "http://snomed.info/sct, 196471000000108",
    "http://terminology.hl7.org/CodeSystem/v3-NullFlavor, UNK",
    "http://hl7.org/fhir/v3/NullFlavor, NI",
    "urn:oid:2.16.840.1.113883.5.1008, NI",
    "http://terminology.hl7.org/CodeSystem/data-absent-reason, unknown",
    "http://hl7.org/fhir/data-absent-reason, unknown"
  })
  void whatWasDegradedOrIsAbsentIsNoSubject(String system, String code) {
    assertThat(Subject.of(condition(system, code))).isEmpty();
  }

  @Test
  void aCodeWithoutSystemIsNoSubject() {
    assertThat(Subject.of(fact("london", "Condition", "1", "'code':{'coding':[{'code':'1'}]}")))
        .isEmpty();
  }

  @Test
  void oneCodeUnderTwoSpellingsStandsOnce() {
    Fact fact =
        fact(
            "london",
            "MedicationStatement",
            "1",
            concept("medicationCodeableConcept", SNOMED, "1", "https://dmd.nhs.uk", "1"));
    assertThat(Subject.of(fact)).containsExactly(new Coding(SNOMED, "1"));
  }

  @Test
  void aMedicationIsWhatTheOneItRefersToIs() {
    Fact fact =
        FactsGiven.of(
            fact("london", "MedicationStatement", "1", ""),
            new Coding("https://dmd.nhs.uk", "322236009"),
            new Coding(SNOMED, "196421000000109"));
    assertThat(Subject.of(fact)).isEqualTo(List.of(new Coding(SNOMED, "322236009")));
  }

  private static Fact condition(String system, String code) {
    return fact("london", "Condition", "1", concept("code", system, code));
  }
}
