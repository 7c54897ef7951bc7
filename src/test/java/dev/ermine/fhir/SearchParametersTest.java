package dev.ermine.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.RuntimeSearchParam;
import dev.ermine.fhir.SearchParameters.Kind;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchParametersTest {

  private static final FhirContext R4 = FhirContext.forR4Cached();

  /** HAPI's R4 model is generated from the registry of the specification. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "AllergyIntolerance", "Appointment", "CarePlan", "Condition", "DiagnosticReport",
        "DocumentReference", "Encounter", "Flag", "Immunization", "Medication",
        "MedicationRequest", "MedicationStatement", "Observation", "Patient", "Procedure",
        "ServiceRequest"
      })
  void areThoseOfTheRegistryButForThePatient(String type) {
    Map<String, String> registry = new TreeMap<>();
    for (RuntimeSearchParam parameter : R4.getResourceDefinition(type).getSearchParams()) {
      registry.put(parameter.getName(), parameter.getParamType().getCode());
    }
    registry.keySet().removeAll(Set.of("patient", "subject"));
    registry.keySet().removeIf(name -> name.startsWith("_"));
    if (type.equals("Patient")) {
      registry.remove("identifier");
    }

    Map<String, String> own = new TreeMap<>();
    SearchParameters.of(type).forEach((name, kind) -> own.put(name, kind.fhir()));
    own.keySet().removeAll(SearchParameters.common().keySet());

    assertThat(own).isEqualTo(registry);
  }

  @Test
  void everyTypeHasTheCommonOnes() {
    assertThat(SearchParameters.common())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "_id", Kind.TOKEN,
                "_lastUpdated", Kind.DATE,
                "_profile", Kind.URI,
                "_security", Kind.TOKEN,
                "_source", Kind.URI,
                "_tag", Kind.TOKEN));
    assertThat(SearchParameters.of("Flag")).containsAllEntriesOf(SearchParameters.common());
  }

  @Test
  void otherTypesHaveTheCommonOnesAlone() {
    assertThat(SearchParameters.of("Specimen")).isEqualTo(SearchParameters.common());
  }

  @ParameterizedTest
  @CsvSource({
    "TOKEN, not, true",
    "TOKEN, of-type, true",
    "TOKEN, not-in, true",
    "TOKEN, missing, true",
    "TOKEN, exact, false",
    "STRING, exact, true",
    "STRING, contains, true",
    "STRING, text, false",
    "REFERENCE, Practitioner, true",
    "REFERENCE, Doctor, false",
    "REFERENCE, identifier, false",
    "URI, below, true",
    "DATE, missing, true",
    "DATE, not, false",
    "QUANTITY, missing, true",
    "COMPOSITE, missing, false",
  })
  void takeTheModifiersOfTheirKind(Kind kind, String modifier, boolean taken) {
    assertThat(kind.takes(modifier)).isEqualTo(taken);
  }

  @Test
  void resourceTypesAreThoseOfTheSpecification() {
    assertThat(ResourceTypes.NAMES)
        .containsExactlyInAnyOrderElementsOf(R4.getResourceTypes())
        .allMatch(ResourceTypes::isKnown);
    assertThat(ResourceTypes.isKnown("patient")).isFalse();
    assertThat(ResourceTypes.isKnown("Resource")).isFalse();
    assertThat(ResourceTypes.isKnown("")).isFalse();
  }
}
