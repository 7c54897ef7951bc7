package dev.ermine.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The search for what nobody may read, on a made-up log. */
class CanariesTest {

  @Test
  void tellsThePlace() {
    String log = "all is well\nlondon was asked about 9000000009\nall is well";
    assertThat(Canaries.in("a.log", log))
        .containsExactly("a.log:2 holds an NHS number: london was asked about 9000000009");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9000000009",
        "nhs-number|9000000017,",
        "nhs-number%7C9000000017&",
        "id9000000084x",
        "900 000 0009",
        "900-000-0009",
        "900%20000%200009",
        "900+000+0009",
        "patient=9434765919;"
      })
  void findsNhsNumbers(String text) {
    assertFound("an NHS number", text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Okafor", "family=OKAFOR", "Ada", "João", "Dr Jones", "\"Lindqvist\""})
  void findsNames(String text) {
    assertFound("a name", text);
  }

  @Test
  void findsTokens() {
    byte[] header = "{\"alg\":\"ES256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8);
    assertFound("a token", "Bearer " + Base64.getUrlEncoder().encodeToString(header) + ".e30.AA");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN EC PRIVATE KEY-----",
        "{\"kty\":\"EC\",\"d\": \"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"}"
      })
  void findsPrivateKeys(String text) {
    assertFound("a private key", text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-22T02:00:00.123+0000 INFO  [de.er.ap.Stopping] stopping",
        "check digit wrong: 9000000008",
        "process_start_time_seconds 1.795312345678E9",
        "expires 1795312345, in 9000000009000 ms",
        "request 7f9434765919c4 failed",
        "Listening on: https://localhost:34567. Management interface on http://localhost:40001",
        "dev.ermine.Adapter at Jonesing.java:12",
        "-----BEGIN CERTIFICATE-----",
        "eyJ"
      })
  void isNotAlarmedByWhatIsHarmless(String text) {
    assertThat(Canaries.in("a.log", text)).isEmpty();
  }

  private static void assertFound(String kind, String text) {
    assertThat(Canaries.in("a.log", "said: " + text))
        .isEqualTo(List.of("a.log:1 holds " + kind + ": said: " + text));
  }
}
