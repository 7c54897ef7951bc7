package dev.ermine.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FhirJudgeTest {

  @Test
  void findsNothingInAValidResource() {
    assertThat(FhirJudge.errors("{\"resourceType\":\"Patient\",\"gender\":\"female\"}")).isEmpty();
  }

  @Test
  void findsAWrongCode() {
    assertThat(FhirJudge.errors("{\"resourceType\":\"Patient\",\"gender\":\"fem\"}"))
        .isNotEmpty()
        .allMatch(error -> error.startsWith("Patient.gender: "));
  }

  @Test
  void findsAMissingElement() {
    assertThat(FhirJudge.errors("{\"resourceType\":\"OperationOutcome\"}"))
        .anyMatch(error -> error.contains("OperationOutcome.issue"));
  }

  @Test
  void findsWhatIsNoElement() {
    assertThat(FhirJudge.errors("{\"resourceType\":\"Patient\",\"ward\":\"7\"}"))
        .anyMatch(error -> error.contains("ward"));
  }
}
