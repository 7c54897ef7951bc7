package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.Traceparent;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmittedTest {

  private static final byte[] NOTHING = {};

  @ParameterizedTest
  @DisplayName("A21: the scheme may be written in any case")
  @ValueSource(strings = {"Bearer", "bearer", "BEARER", "bEaReR"})
  void readsTheTokenOfABearer(String scheme) {
    assertThat(bearer(scheme + " a.b.c")).contains("a.b.c");
  }

  @ParameterizedTest
  @DisplayName("A21: what is no bearer token is none")
  @ValueSource(
      strings = {"Basic a.b.c", "Bearer", "Bearer ", "Bearer  a.b.c", "Bearer a.b.c d", "a.b.c"})
  void readsNoTokenOfAnythingElse(String authorization) {
    assertThat(bearer(authorization)).isEmpty();
  }

  private static Optional<String> bearer(String authorization) {
    return new Admitted(
            "r-1",
            Traceparent.parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .orElseThrow(),
            "192.0.2.1",
            Optional.empty(),
            Address.SYSTEM_SEARCH,
            List.of(),
            MultiMap.caseInsensitiveMultiMap().add("Authorization", authorization),
            NOTHING,
            NOTHING,
            new Stay(new Memory(1_000).open()))
        .credentials()
        .bearer();
  }
}
