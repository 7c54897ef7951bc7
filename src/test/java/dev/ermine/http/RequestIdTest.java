package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "8a1f-02.b_C", "12345678901", "123456789"})
  void keepsAPlainIdOfTheCaller(String id) {
    assertThat(RequestId.of(id)).isEqualTo(id);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "a\r\nSet-Cookie: x",
        "ä",
        "9000000009",
        "q-9000000009",
        "x9000000009y",
        "900-000-0009",
        "900.000.0009"
      })
  void makesAFreshOneOtherwise(String id) {
    assertThat(UUID.fromString(RequestId.of(id))).isNotNull();
  }

  @Test
  void makesAFreshOneForAnIdThatIsTooLong() {
    assertThat(RequestId.of("a".repeat(64))).hasSize(64);
    assertThat(RequestId.of("a".repeat(65))).hasSize(36);
  }
}
