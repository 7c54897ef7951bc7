package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged gateway that takes three connections and no more. */
@DisplayName("D10: connections beyond the limit are refused, and no slot is lost")
class ConnectionLimitIT {

  private static final int LIMIT = 3;
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String PUBLIC = "GET /fhir/metadata HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @TempDir static Path directory;
  private static RunningGateway gateway;
  private static SSLContext region;
  private final List<RawTls> open = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    gateway =
        new RunningGateway(
            directory, Map.of("quarkus.http.limits.max-connections", String.valueOf(LIMIT)));
    region = gateway.pki().tls("hwe-client", "gateway-ca");
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  @AfterEach
  void closeAll() throws IOException {
    for (RawTls connection : open) {
      connection.close();
    }
  }

  @Test
  void refusesOneMoreAndServesTheEarlierOnes() throws Exception {
    fill();
    assertThat(isServed(connect())).as("one too many").isFalse();
    for (RawTls earlier : open.subList(0, LIMIT)) {
      assertThat(isServed(earlier)).isTrue();
    }
    open.getFirst().close();
    await(() -> isServed(connect()), "a slot that is free again");
    assertThat(isServed(connect())).as("one too many again").isFalse();
  }

  @Test
  void losesNoSlotToRequestsThatAreRefused() throws Exception {
    for (int i = 0; i < LIMIT + 1; i++) {
      await(this::isRefusedInTheMiddle, "a refusal, as long as a slot is free");
    }
    fill();
  }

  /** Its body is still coming when it is refused, so the gateway lingers before it closes. */
  private boolean isRefusedInTheMiddle() throws IOException {
    try (RawTls connection = connect()) {
      connection.send(
          "POST /fhir/Patient/_search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999\r\n\r\na=b");
      return connection.readAnswer().startsWith("HTTP/1.1 413 ");
    } catch (IOException refused) {
      return false;
    }
  }

  private void fill() throws Exception {
    for (int i = 0; i < LIMIT; i++) {
      await(() -> isServed(connect()), "slot " + i);
    }
    open.removeIf(connection -> !isServed(connection));
    assertThat(open).hasSize(LIMIT);
  }

  private RawTls connect() throws IOException {
    RawTls connection = new RawTls(region, gateway.port());
    open.add(connection);
    return connection;
  }

  private static boolean isServed(RawTls connection) {
    try {
      return connection.send(PUBLIC).readAnswer().startsWith("HTTP/1.1 200 ");
    } catch (IOException refused) {
      return false;
    }
  }

  @FunctionalInterface
  private interface Try {
    boolean succeeds() throws IOException;
  }

  private static void await(Try attempt, String what) throws Exception {
    Instant end = Instant.now().plus(SOON);
    while (!attempt.succeeds()) {
      assertThat(Instant.now()).as(what).isBefore(end);
      Thread.sleep(100);
    }
  }
}
