package dev.ermine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The few headers of a peer that are read, and how little of them is believed. */
class HeadersTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "7, 7",
    "60, 60",
    "61, 60",
    "315360000, 60",
    "' 5 ', 5",
    "'Sat, 21 Nov 2026 12:00:30 GMT', 30",
    "'Sat, 21 Nov 2026 11:00:00 GMT', 0",
    "'Fri, 21 Nov 2036 12:00:00 GMT', 60"
  })
  void waitsAMinuteAtMost(String header, long seconds) {
    assertThat(RetryAfter.parse(Optional.of(header), Asking.NOW))
        .contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-1", "1.5", "99999999999999999999", "Sat, 99 Nov 2026", "٣"})
  void takesNoHintFromGarbage(String header) {
    assertThat(RetryAfter.parse(Optional.of(header), Asking.NOW)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/fhir+json",
        "application/json",
        "Application/FHIR+JSON; charset=UTF-8",
        "application/fhir+json;fhirVersion=4.0; charset=\"utf-8\""
      })
  void takesFhirInJson(String type) {
    assertThat(MediaType.isFhirJson(Optional.of(type))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text/html",
        "application/fhir+xml",
        "application/json-seq",
        "application/fhir+json, text/html",
        "application/fhir+json; charset=latin1",
        "application/fhir+json; charset=utf-8; charset=utf-16",
        "application/fhir+json; x=\"a\" b"
      })
  void takesNothingElseForFhir(String type) {
    assertThat(MediaType.isFhirJson(Optional.of(type))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/pdf", "text/plain; charset=iso-8859-1", "image/jp2"})
  void passesATypeOn(String type) {
    assertThat(MediaType.wellFormed(type)).contains(type);
  }

  /** D5: the one header of a peer that shows; others are never copied. */
  @ParameterizedTest
  @ValueSource(strings = {"", "pdf", "text/html\tX", "a/b/c", "text/plain;", "text/<b>", "a b/c"})
  void passesNothingOnThatIsNoType(String type) {
    assertThat(MediaType.wellFormed(type)).isEmpty();
  }
}
