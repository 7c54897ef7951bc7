package dev.ermine.merge.summary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Clinical;
import dev.ermine.fhir.Entry;
import dev.ermine.testing.Given;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SortingTest {

  @ParameterizedTest
  @CsvSource({
    "Patient, PATIENTS",
    "AllergyIntolerance, ALLERGIES",
    "MedicationStatement, MEDICATIONS",
    "MedicationRequest, MEDICATIONS",
    "MedicationDispense, MEDICATIONS",
    "Condition, PROBLEMS",
    "Flag, ALERTS",
    "CarePlan, PLAN_OF_CARE",
    "Immunization, IMMUNIZATIONS",
    "Procedure, PROCEDURES",
    "DeviceUseStatement, OTHER",
    "DiagnosticReport, RESULTS",
    "Observation, OTHER",
    "DocumentReference, OTHER",
    "Medication, OTHER"
  })
  void sortsByType(String type, Heading heading) {
    assertThat(heading("'resourceType':'%s'".formatted(type))).isEqualTo(heading);
  }

  @ParameterizedTest
  @CsvSource({
    "active, PROBLEMS",
    "recurrence, PROBLEMS",
    "relapse, PROBLEMS",
    "inactive, PAST_PROBLEMS",
    "remission, PAST_PROBLEMS",
    "resolved, PAST_PROBLEMS"
  })
  void tellsProblemsFromPastOnes(String status, Heading heading) {
    String condition =
        "'resourceType':'Condition','clinicalStatus':{'coding':[{'code':'%s'}]}".formatted(status);
    assertThat(heading(condition)).isEqualTo(heading);
    // What a status says is not undone by a date.
    assertThat(heading(condition + ",'abatementDateTime':'2020'")).isEqualTo(heading);
  }

  @Test
  void aProblemWithoutStatusIsPastOnceItHasEnded() {
    assertThat(heading("'resourceType':'Condition','abatementDateTime':'2020'"))
        .isEqualTo(Heading.PAST_PROBLEMS);
  }

  @ParameterizedTest
  @CsvSource({
    "vital-signs, VITAL_SIGNS",
    "laboratory, RESULTS",
    "imaging, RESULTS",
    "social-history, SOCIAL_HISTORY",
    "survey, OTHER",
    "exam, OTHER"
  })
  void sortsObservationsByCategory(String category, Heading heading) {
    assertThat(heading(observation("http://snomed.info/sct", "1", category))).isEqualTo(heading);
  }

  @ParameterizedTest
  @CsvSource({
    "http://loinc.org, 72166-2, SOCIAL_HISTORY",
    "http://snomed.info/sct, 77176002, SOCIAL_HISTORY",
    "http://loinc.org, 74013-4, SOCIAL_HISTORY",
    "http://loinc.org, 82810-3, PREGNANCY",
    "http://loinc.org, 11778-8, PREGNANCY",
    "http://loinc.org, 85354-9, VITAL_SIGNS",
    "https://somewhere.example, 82810-3, RESULTS"
  })
  void sortsObservationsByWhatTheyAreAboutFirst(String system, String code, Heading heading) {
    assertThat(heading(observation(system, code, "laboratory"))).isEqualTo(heading);
  }

  @Test
  void whatWasEnteredInErrorStandsAmongNothingThatWasNot() {
    assertThat(heading("'resourceType':'Procedure','status':'entered-in-error'"))
        .isEqualTo(Heading.OTHER);
    assertThat(
            heading(
                "'resourceType':'AllergyIntolerance','verificationStatus':{'coding':[{'code':'entered-in-error'}]}"))
        .isEqualTo(Heading.OTHER);
  }

  @Test
  void whatIsAskedForHasASection() {
    for (String type : SummaryQuery.TYPES) {
      if (!type.equals("Observation")) {
        assertThat(heading("'resourceType':'%s'".formatted(type))).isNotEqualTo(Heading.OTHER);
      }
    }
    assertThat(SummaryQuery.TYPES).doesNotContain("DocumentReference", "Consent", "Encounter");
  }

  @Test
  void theAccountIsAheadOfAllSectionsAndRequiredOnesAreAlwaysThere() {
    assertThat(Heading.values()).startsWith(Heading.ACCOUNT);
    assertThat(Stream.of(Heading.values()).filter(Heading::always).map(it -> it.code().code()))
        .containsExactly("account", "48765-2", "10160-0", "11450-4");
  }

  private static String observation(String system, String code, String category) {
    return "'resourceType':'Observation','category':[{'coding':[{'code':'%s'}]}],'code':{'coding':[{'system':'%s','code':'%s'}]}"
        .formatted(category, system, code);
  }

  private static Heading heading(String members) {
    String resource = "{" + members.replace('\'', '"') + ",\"id\":\"1\"}";
    List<Entry> entries = Given.entries("{\"resource\":" + resource + "}");
    return Sorting.of(entries.getFirst(), Clinical.of(entries.getFirst()));
  }
}
