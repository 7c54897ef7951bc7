package dev.ermine.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Slice;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrantedTokenTest {

  @ParameterizedTest
  @CsvSource({
    "'', 60",
    "'\"expires_in\":10', 10",
    "'\"expires_in\":300', 300",
    "'\"expires_in\":3600', 3600",
    "'\"expires_in\":\"599\"', 599",
    "'\"expires_in\":86400', 3600",
    "'\"expires_in\":123456789012345678901234567890', 3600",
  })
  void isGrantedForAsLongAsItSaysAndNeverLongerThanAnHour(String life, long seconds) {
    String more = life.isEmpty() ? "" : "," + life;
    assertThat(read("{\"access_token\":\"abc\",\"token_type\":\"bearer\"" + more + "}"))
        .contains(new GrantedToken("abc", Duration.ofSeconds(seconds)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing",
        "[]",
        "{}",
        "{\"access_token\":\"abc\"}",
        "{\"access_token\":\"abc\",\"token_type\":\"DPoP\"}",
        "{\"access_token\":\"abc\",\"token_type\":7}",
        "{\"token_type\":\"Bearer\"}",
        "{\"access_token\":\"\",\"token_type\":\"Bearer\"}",
        "{\"access_token\":7,\"token_type\":\"Bearer\"}",
        "{\"access_token\":\"a b\",\"token_type\":\"Bearer\"}",
        "{\"access_token\":\"a\\r\\nX: y\",\"token_type\":\"Bearer\"}",
        "{\"access_token\":\"ü\",\"token_type\":\"Bearer\"}",
        "{\"access_token\":\"abc\",\"access_token\":\"abd\",\"token_type\":\"Bearer\"}",
        "{\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"expires_in\":9}",
        "{\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"expires_in\":0}",
        "{\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"expires_in\":-300}",
        "{\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"expires_in\":\"9\"}",
        "{\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"expires_in\":\"5m\"}",
        "{\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"expires_in\":\"\"}",
        "{\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"expires_in\":true}",
        "{\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"expires_in\":300.5}",
        "{\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"expires_in\":1e300}",
        "{\"access_token\":\"abc\",\"token_type\":\"Bearer\"} {}",
      })
  void isNoneWhereTheAnswerIsAnythingElse(String json) {
    assertThat(read(json)).isEmpty();
  }

  @Test
  void isOfEightKilobytesAtMost() {
    assertThat(read(granting("a".repeat(8192)))).isPresent();
    assertThat(read(granting("a".repeat(8193)))).isEmpty();
  }

  @Test
  void readsTheErrorOfARefusal() {
    assertThat(error("{\"error\":\"invalid_client\"}")).contains("invalid_client");
    assertThat(error("{\"error\":7}")).isEmpty();
    assertThat(error("{\"error\":\"a\\nb\"}")).isEmpty();
    assertThat(error("<html>")).isEmpty();
  }

  @Test
  void neverShowsItself() {
    assertThat(read(granting("secret-canary")).orElseThrow().toString()).doesNotContain("canary");
  }

  private static String granting(String token) {
    return "{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\"}";
  }

  private static Optional<GrantedToken> read(String json) {
    return GrantedToken.read(Slice.of(json));
  }

  private static Optional<String> error(String json) {
    return GrantedToken.error(Slice.of(json));
  }
}
