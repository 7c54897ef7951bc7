package dev.ermine.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.PeerRegion;
import dev.ermine.sandbox.Sandbox;
import dev.ermine.sandbox.Stories;
import dev.ermine.testing.Answer;
import dev.ermine.testing.Asker;
import dev.ermine.testing.GatewayProcess;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged gateway with one place, which is taken. */
class GateIT {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int KNOCKS = Integer.getInteger("ermine.knocks", 200);
  private static final String BODY = "patient.identifier=x";
  private static final String SEARCH =
      "POST /fhir/AllergyIntolerance/_search HTTP/1.1\r\nHost: localhost\r\n"
          + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
          + BODY.length()
          + "\r\n\r\n"
          + BODY;
  private static final String METADATA = "GET /fhir/metadata HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @TempDir static Path directory;
  private static DevPki pki;
  private static Sandbox sandbox;
  private static GatewayProcess gateway;

  @BeforeAll
  static void open() throws Exception {
    pki = DevPki.in(directory.resolve("certs"));
    sandbox = Sandbox.start(pki);
    sandbox
        .server(PeerRegion.WESSEX)
        .stubFor(any(anyUrl()).willReturn(aResponse().withFixedDelay(15_000)));
    String regions =
        GatewayProcess.regions(sandbox)
            .replaceAll("budget: 1[25]00ms", "connect: 8s\n      budget: 8s")
            .replace("deadline: 3s", "deadline: 8s");
    gateway = GatewayProcess.start(pki, regions, directory, Map.of("ermine.limits.requests", "1"));
  }

  @AfterAll
  static void close() {
    if (gateway != null) {
      gateway.close();
    }
    if (sandbox != null) {
      sandbox.close();
    }
  }

  @Test
  void refusesEarlyKeepsTheConnectionAndFinishesWhatIsInside() throws Exception {
    try (RawTls connection =
        new RawTls(pki.tls("hwe-client", "gateway-ca"), gateway.base().getPort())) {
      assertThat(connection.send(SEARCH).readAnswer()).startsWith("HTTP/1.1 401 ");
      var inside = CompletableFuture.supplyAsync(() -> slow(gateway.asker("hwe")));
      await(() -> gateway.told("/q/metrics").contains("ermine_requests_inside 1.0"));
      await(() -> gateway.auditOf("inside").size() == 1);
      long audited = audited();
      long[] took = new long[KNOCKS];
      for (int i = 0; i < KNOCKS; i++) {
        long began = System.nanoTime();
        String refused = connection.send(SEARCH).readAnswer();
        took[i] = System.nanoTime() - began;
        assertThat(refused)
            .startsWith("HTTP/1.1 503 ")
            .containsIgnoringCase("retry-after: 1\r\n")
            .doesNotContainIgnoringCase("connection: close")
            .contains("\"OperationOutcome\"", "send it again");
      }
      tell(took);
      assertThat(connection.send(METADATA).readAnswer()).as("public").startsWith("HTTP/1.1 200 ");
      assertThat(gateway.told("/q/metrics"))
          .contains("ermine_requests_shed_total{asker=\"hwe\"} " + KNOCKS + ".0");
      assertThat(audited()).as("refused, and not audited").isEqualTo(audited);
      Answer answer = Answer.of(200, inside.get(SOON.toSeconds(), TimeUnit.SECONDS));
      assertThat(answer.statuses()).containsEntry("wessex", List.of("timed-out"));
      await(() -> gateway.told("/q/metrics").contains("ermine_requests_inside 0.0"));
      assertThat(connection.send(SEARCH).readAnswer()).startsWith("HTTP/1.1 401 ");
    }
  }

  private static long audited() throws IOException {
    try (Stream<String> lines = Files.lines(gateway.audit())) {
      return lines.count();
    }
  }

  private static void tell(long[] took) {
    long[] sorted = LongStream.of(took).sorted().toArray();
    System.out.printf(
        "%d refused: median %.2f ms, p99 %.2f ms%n",
        took.length, sorted[took.length / 2] / 1e6, sorted[took.length * 99 / 100] / 1e6);
  }

  private static HttpResponse<byte[]> slow(Asker doctor) {
    return doctor.send(
        doctor
            .request("/fhir/AllergyIntolerance/_search")
            .header("X-Request-Id", "inside")
            .header("Ermine-Regions", "london, wessex")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    "patient.identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C"
                        + Stories.ADA_OKAFOR)));
  }

  private static void await(BooleanSupplier met) throws InterruptedException {
    Instant end = Instant.now().plus(SOON);
    while (!met.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(50);
    }
  }
}
