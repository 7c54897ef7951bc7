package dev.ermine.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceIdTest {

  @ParameterizedTest
  @ValueSource(strings = {"1", "a.b-C", "...", "0e9f4a3c-9a44-4c43-9ad6-4d8b7a2f1c11"})
  void acceptsTheIdsOfFhir(String id) {
    assertThat(ResourceId.isValid(id)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a_b", "a b", "é", "1\n", "%2e", "a?b", "१"})
  void refusesWhatIsNoIdOrLeadsElsewhere(String id) {
    assertThat(ResourceId.isValid(id)).isFalse();
  }

  @Test
  void endsAt64Characters() {
    assertThat(ResourceId.isValid("a".repeat(64))).isTrue();
    assertThat(ResourceId.isValid("a".repeat(65))).isFalse();
  }
}
