package dev.ermine;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.http.RawTls;
import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.PeerRegion;
import dev.ermine.sandbox.Sandbox;
import dev.ermine.sandbox.Stories;
import dev.ermine.testing.Answer;
import dev.ermine.testing.Asker;
import dev.ermine.testing.Audited;
import dev.ermine.testing.GatewayProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged gateway when it is told to stop. */
class DrainIT {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String METADATA = "GET /fhir/metadata HTTP/1.1\r\nHost: localhost\r\n\r\n";

  /** By SIGTERM, as the JVM says it. */
  private static final int TERMINATED = 143;

  @TempDir static Path shared;
  private static DevPki pki;
  private static Sandbox sandbox;

  @TempDir Path directory;

  @BeforeAll
  static void open() {
    pki = DevPki.in(shared.resolve("certs"));
    sandbox = Sandbox.start(pki);
    sandbox
        .server(PeerRegion.WESSEX)
        .stubFor(any(anyUrl()).willReturn(aResponse().withFixedDelay(15_000)));
  }

  @AfterAll
  static void close() {
    if (sandbox != null) {
      sandbox.close();
    }
  }

  @Test
  @DisplayName("D11: is not ready at once, serves on for a while, and finishes what it let in")
  void sendsCallersElsewhereAndFinishesWhatItLetIn() throws Exception {
    try (GatewayProcess gateway = start("3s", "7s");
        RawTls idle = new RawTls(pki.tls("hwe-client", "gateway-ca"), gateway.base().getPort())) {
      Asker doctor = gateway.asker("hwe");
      Answer before = Answer.of(200, quick(doctor));
      assertThat(before.response().headers().firstValue("Connection")).isEmpty();
      assertThat(idle.send(METADATA).readAnswer()).startsWith("HTTP/1.1 200 ");
      var slow = CompletableFuture.supplyAsync(() -> slow(gateway.asker("hwe"), "slow"));
      await(() -> !phases(gateway, "slow").isEmpty());

      gateway.process().destroy();
      await(() -> readiness(gateway) == 503);
      Answer during = Answer.of(200, quick(doctor));
      assertThat(during.header("Connection")).isEqualTo("close");
      assertThat(during.statuses()).isEqualTo(before.statuses());
      HttpResponse<byte[]> refused = doctor.get("/fhir/Patient/1");
      assertThat(refused.statusCode()).isEqualTo(404);
      assertThat(refused.headers().firstValue("Connection")).contains("close");

      await(() -> gateway.output().contains("nobody is let in any more"));
      assertThat(slow).isNotDone();
      assertThat(idle.send(METADATA).readToEnd())
          .startsWith("HTTP/1.1 503 ")
          .containsIgnoringCase("retry-after: 1\r\n")
          .containsIgnoringCase("connection: close\r\n")
          .contains("\"OperationOutcome\"")
          .doesNotEndWith("SILENCE");

      Answer finished = Answer.of(200, slow.get(SOON.toSeconds(), TimeUnit.SECONDS));
      assertThat(finished.header("Connection")).isEqualTo("close");
      assertThat(finished.statuses()).containsEntry("london", List.of("answered"));
      assertThat(phases(gateway, "slow")).containsExactly("intent", "outcome");
      assertEndedWell(gateway);
    }
  }

  @Test
  void auditsToTheEndWhoseCallerHasGone() throws Exception {
    try (GatewayProcess gateway = start("0s", "3s")) {
      try (HttpClient caller = caller()) {
        Asker doctor = gateway.asker("hwe");
        var answer = caller.sendAsync(slowQuery(doctor, "gone").build(), BodyHandlers.discarding());
        await(() -> !phases(gateway, "gone").isEmpty());
        caller.shutdownNow();
        assertThat(answer).failsWithin(SOON);
      }
      assertThat(phases(gateway, "gone")).containsExactly("intent");
      gateway.process().destroy();
      assertEndedWell(gateway);
      assertThat(phases(gateway, "gone")).containsExactly("intent", "outcome");
    }
  }

  @Test
  void writesALongAnswerToItsEnd() throws Exception {
    try (GatewayProcess gateway = start("0s", "3s");
        RawTls reader = new RawTls(pki.tls("hwe-client", "gateway-ca"), gateway.base().getPort())) {
      Asker doctor = gateway.asker("hwe");
      String form =
          Asker.encode(Map.of("patient.identifier", Asker.NHS_NUMBER + Stories.LONG_RECORD));
      reader.send(
          "POST /fhir/Observation/_search HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: long\r\n"
              + "Authorization: Bearer "
              + doctor.token()
              + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
              + form.length()
              + "\r\n\r\n"
              + form);
      await(() -> phases(gateway, "long").contains("outcome"));
      gateway.process().destroy();
      String answer = reader.readToEnd();
      assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("}");
      assertThat(answer.length()).isGreaterThan(500_000);
      assertEndedWell(gateway);
    }
  }

  /**
   * @param delay how long it serves on
   * @param slow how long Wessex is waited for
   */
  private GatewayProcess start(String delay, String slow) throws IOException {
    String regions =
        GatewayProcess.regions(sandbox)
            .replace("deadline: 3s", "deadline: 14s")
            .replace("budget: 1500ms", "connect: 12s\n      budget: 12s")
            .replace("budget: 1200ms", "budget: " + slow);
    GatewayProcess gateway =
        GatewayProcess.start(pki, regions, directory, Map.of("ermine.drain-delay", delay));
    quick(gateway.asker("hwe"));
    return gateway;
  }

  private static HttpClient caller() {
    return HttpClient.newBuilder().sslContext(pki.tls("hwe-client", "gateway-ca")).build();
  }

  private static HttpResponse<byte[]> quick(Asker doctor) {
    return doctor.send(query(doctor, Stories.UNKNOWN, "london"));
  }

  private static HttpResponse<byte[]> slow(Asker doctor, String id) {
    return doctor.send(slowQuery(doctor, id));
  }

  /** One that waits for Wessex, in vain. */
  private static HttpRequest.Builder slowQuery(Asker doctor, String id) {
    return query(doctor, Stories.ADA_OKAFOR, "london, wessex").header("X-Request-Id", id);
  }

  private static HttpRequest.Builder query(Asker doctor, String patient, String regions) {
    String form = Asker.encode(Map.of("patient.identifier", Asker.NHS_NUMBER + patient));
    return doctor
        .request("/fhir/AllergyIntolerance/_search")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Ermine-Regions", regions)
        .POST(BodyPublishers.ofString(form));
  }

  private static int readiness(GatewayProcess gateway) {
    try (var http = HttpClient.newHttpClient()) {
      var ready = HttpRequest.newBuilder(URI.create(gateway.management() + "/q/health/ready"));
      return http.send(ready.build(), BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static List<String> phases(GatewayProcess gateway, String id) {
    return Audited.in(gateway.audit()).phases().getOrDefault(id, List.of());
  }

  private static void assertEndedWell(GatewayProcess gateway) throws InterruptedException {
    Process process = gateway.process();
    assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).as("it ends").isTrue();
    assertThat(process.exitValue()).isEqualTo(TERMINATED);
    assertThat(gateway.output())
        .contains("every request is answered")
        .doesNotContain(" ERROR ", " WARN ");
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    Instant end = Instant.now().plus(SOON);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
