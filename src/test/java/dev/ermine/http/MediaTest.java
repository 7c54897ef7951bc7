package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/fhir+json",
        "application/json",
        "*/*",
        "application/*",
        "text/json",
        "application/fhir+xml;q=1.0, application/fhir+json;q=0.9",
        "APPLICATION/FHIR+JSON",
        "application/fhir+json; fhirVersion=4.0",
        "text/html, */*;q=0.1",
        ""
      })
  void takesAcceptsThatHaveJson(String accept) {
    assertThat(Media.acceptsFhirJson(List.of(accept))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/fhir+xml",
        "text/html",
        "application/fhir+json;q=0",
        "*/*;q=0.000",
        "application/fhir+json; fhirVersion=5.0",
        "text/*",
        "json!"
      })
  void takesNoOther(String accept) {
    assertThat(Media.acceptsFhirJson(List.of(accept))).isFalse();
  }

  @Test
  void takesNoAcceptAsAny() {
    assertThat(Media.acceptsFhirJson(List.of())).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "application/x-www-form-urlencoded ! true",
        "application/x-www-form-urlencoded; charset=UTF-8 ! true",
        "Application/X-WWW-Form-Urlencoded;charset=\"utf-8\" ! true",
        "application/x-www-form-urlencoded; charset=iso-8859-1 ! false",
        "application/x-www-form-urlencoded; boundary=x ! false",
        "application/json ! false",
        "application/fhir+xml ! false",
        "text/plain ! false"
      })
  void takesFormsInUtf8Alone(String contentType, boolean taken) {
    assertThat(Media.isForm(contentType)).isEqualTo(taken);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "application/fhir+json ! true",
        "application/fhir+json; charset=UTF-8 ! true",
        "application/fhir+json; fhirVersion=4.0; charset=utf-8 ! true",
        "application/json ! true",
        "application/fhir+json; charset=iso-8859-1 ! false",
        "application/fhir+json; fhirVersion=3.0 ! false",
        "application/fhir+xml ! false",
        "text/json ! false"
      })
  void takesResourcesInJsonAndUtf8Alone(String contentType, boolean taken) {
    assertThat(Media.isFhirJsonBody(contentType)).isEqualTo(taken);
  }

  @Test
  void fhirIsAskedForByName() {
    assertThat(Media.namesFhirJson(List.of("text/html, application/fhir+json;q=0.5"))).isTrue();
    assertThat(Media.namesFhirJson(List.of("*/*"))).isFalse();
    assertThat(Media.namesFhirJson(List.of("application/fhir+json;q=0"))).isFalse();
    assertThat(Media.namesFhirJson(List.of())).isFalse();
  }
}
