package dev.ermine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.Sandbox;
import dev.ermine.testing.Answer;
import dev.ermine.testing.Asker;
import dev.ermine.testing.Canaries;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Request;
import dev.ermine.testing.GatewayProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Emergency access to London's records before the packaged gateway, while the privacy officers'
 * webhooks fail at first.
 */
class BreakGlassIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADA = "9000000009";
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir static Path directory;
  private static final AtomicInteger FAILURES = new AtomicInteger(1);
  private static DevPki pki;
  private static Sandbox sandbox;
  private static EvilPeer office;
  private static GatewayProcess gateway;

  @BeforeAll
  static void start() throws Exception {
    pki = DevPki.in(directory.resolve("certs"));
    sandbox = Sandbox.start(pki);
    office =
        new EvilPeer(
            pki.tls("london-server", "gateway-ca"), EvilPeer.Script.answering(BreakGlassIT::take));
    gateway = GatewayProcess.start(pki, regions(), directory, Map.of());
    gateway.asker("hwe").search("Flag", "9000000017");
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    office.close();
    sandbox.close();
  }

  private static String take(Request request) {
    String status = FAILURES.getAndDecrement() > 0 ? "503 Not now" : "204 Taken";
    return "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n";
  }

  /** London's glass may be broken by doctors; both it and Herts have a privacy office. */
  private static String regions() throws Exception {
    String webhook = office.base().toString().replace("/fhir", "/notices/");
    return GatewayProcess.regions(sandbox)
        .replace("deadline: 3s", "deadline: 12s")
        .replace("budget: 1500ms", "connect: 8s\n      budget: 8s")
        .replaceFirst("(?m)^    asks:$", office("hwe", webhook) + "    asks:")
        .replaceFirst("(?s)(  london:\n.*?)(    asks:)", "$1" + office("london", webhook) + "$2")
        .replaceFirst(
            "(?m)(- id: DSA-2021-LCR-HWE\n.*\n.*\n    purposes: )\\[TREAT, ETREAT]",
            "$1[TREAT, ETREAT, BTG]\n"
                + "    break-glass: { roles: [R8000], step-up: { acr: [AAL3_ANY] } }");
  }

  private static String office(String region, String webhook) {
    return "    privacy-office: { webhook: '%s%s', anchors: [london-ca.crt] }\n"
        .formatted(webhook, region);
  }

  @Test
  void brokenGlassIsAuditedAndBothPrivacyOfficesAreToldUntilTheyTakeItIn() throws Exception {
    HttpResponse<byte[]> response = breaker().search("AllergyIntolerance", ADA);
    Answer answer = Answer.of(200, response);
    assertThat(answer.statuses()).containsEntry("london", List.of("answered"));
    assertThat(answer.statuses()).containsEntry("wessex", List.of("not-asked"));

    List<JsonNode> events = gateway.auditOf(response);
    assertThat(events).extracting(BreakGlassIT::subtype).containsSubsequence("110127");
    JsonNode broken = events.get(1);
    assertThat(subtype(broken)).isEqualTo("110127");
    assertThat(broken.toString()).contains("unconscious on arrival", ADA, "AAL3_ANY");

    String id = response.headers().firstValue("X-Request-Id").orElseThrow();
    await(() -> gateway.auditOf(id).stream().filter(BreakGlassIT::isNotice).count() == 2);
    assertThat(office.requests())
        .as("the one that failed came again")
        .hasSize(3)
        .extracting(Request::target)
        .contains("/notices/hwe", "/notices/london");
    for (Request request : office.requests()) {
      JsonNode notice = JSON.readTree(request.body());
      assertThat(notice.path("event").asText()).isEqualTo(id);
      assertThat(notice.at("/asking/organisation").asText()).isEqualTo("RQW");
      assertThat(notice.at("/releasing/0/agreements/0").asText()).isEqualTo("DSA-2021-LCR-HWE");
      assertThat(Canaries.in("notice", request.body())).isEmpty();
      assertThat(request.body()).doesNotContain("unconscious", "10019", "111222333444");
    }
    assertThat(gateway.told("/q/metrics")).contains("ermine_notices_outstanding 0.0");
    assertThat(gateway.log().toString()).doesNotContain("unconscious");
  }

  @Test
  void nobodyBreaksTheGlassWithoutStepUpOrForTheirOwnRecord() throws Exception {
    assertRefused(breaker().with("acr", null), "DSA-2021-LCR-HWE#step-up");
    assertRefused(
        breaker().with("auth_time", Instant.now().minusSeconds(1000).getEpochSecond()),
        "DSA-2021-LCR-HWE#step-up");
    assertRefused(
        breaker()
            .with(
                "requesting_practitioner",
                Map.of(
                    "resourceType",
                    "Practitioner",
                    "id",
                    "10019",
                    "identifier",
                    List.of(Map.of("system", NhsNumber.SYSTEM, "value", ADA)))),
        "DSA-2021-LCR-HWE#own-record");
  }

  private static void assertRefused(Asker asker, String rule) {
    HttpResponse<byte[]> refused = asker.search("AllergyIntolerance", ADA);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains(rule);
    assertThat(gateway.auditOf(refused)).extracting(BreakGlassIT::subtype).doesNotContain("110127");
  }

  /** A doctor who has just proven who they are, about one patient. */
  private static Asker breaker() {
    return gateway
        .asker("hwe")
        .with("purpose_of_use", List.of("BTG"))
        .with("break_glass_reason", "unconscious on arrival")
        .with("acr", "AAL3_ANY")
        .with("auth_time", Instant.now().getEpochSecond())
        .about(ADA);
  }

  private static String subtype(JsonNode event) {
    return event.at("/subtype/0/code").asText();
  }

  private static boolean isNotice(JsonNode event) {
    return event.at("/type/code").asText().equals("transmit");
  }

  private static void await(Callable<Boolean> done) throws Exception {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (!done.call()) {
      assertThat(System.nanoTime()).as("still not there").isLessThan(deadline);
      Thread.sleep(100);
    }
  }
}
