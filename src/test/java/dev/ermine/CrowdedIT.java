package dev.ermine;

import static dev.ermine.sandbox.Stories.ADA_OKAFOR;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.Sandbox;
import dev.ermine.testing.Answer;
import dev.ermine.testing.Asker;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.GatewayProcess;
import dev.ermine.testing.Scrape;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole gateway in the heap of its image, with regions that send more than it can hold: it
 * holds what it can, says so of the rest, and small answers are whole beside it.
 */
class CrowdedIT {

  private static final int LARGE = 8;
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String ALLERGIES = "/fhir/AllergyIntolerance/_search";

  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\n";
  private static final String BEGIN =
      "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[";
  private static final String TINY = "{\"resource\":{\"resourceType\":\"Basic\"}},".repeat(400);
  private static final String PADDING = "x".repeat(1_000_000);

  private static final byte[] TEN_MEGABYTES =
      whole(IntStream.range(0, 10).mapToObj(CrowdedIT::large).collect(Collectors.joining(",")))
          .getBytes(US_ASCII);

  /** How many ask at once. */
  private static final int CROWD = Integer.getInteger("ermine.crowd", 20);

  @TempDir static Path directory;
  private static Sandbox sandbox;
  private static EvilPeer evil;
  private static GatewayProcess gateway;
  private static Asker doctor;

  @BeforeAll
  static void open() throws IOException {
    DevPki pki = DevPki.in(directory.resolve("certs"));
    sandbox = Sandbox.start(pki);
    evil = new EvilPeer(pki.tls("london-server", "gateway-ca"), CrowdedIT::serve);
    gateway =
        GatewayProcess.start(
            pki,
            regions(),
            directory,
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:MaxDirectMemorySize=256m"));
    doctor = gateway.asker("hwe");
    Answer.of(200, ask("london"));
  }

  @AfterAll
  static void close() throws IOException {
    if (gateway != null) {
      gateway.close();
      assertThat(gateway.output()).doesNotContain("OutOfMemory");
    }
    if (evil != null) {
      evil.close();
    }
    if (sandbox != null) {
      sandbox.close();
    }
  }

  @Test
  void leavesSmallAnswersWholeBesideALargeOne() throws Exception {
    List<Answer> small = new ArrayList<>();
    Future<HttpResponse<byte[]>> large;
    try (ExecutorService beside = Executors.newSingleThreadExecutor()) {
      large = beside.submit(() -> ask(regions("large")));
      while (!large.isDone() || small.isEmpty()) {
        small.add(Answer.of(200, ask("london, greater-manchester")));
      }
    }
    assertThat(small)
        .allSatisfy(answer -> assertThat(answer.header("Ermine-Account")).contains("answered=2"));
    Map<String, List<String>> said = Answer.of(200, large.get()).statuses();
    List<String> ofLarge = List.of(regions("large").split(", "));
    assertThat(ofLarge)
        .allSatisfy(id -> assertThat(said.get(id)).containsAnyOf("answered", "throttled"));
    assertThat(ofLarge.stream().filter(id -> said.get(id).equals(List.of("answered"))))
        .as("regions of ten megabytes that there was room for")
        .hasSizeGreaterThan(LARGE / 2);
    assertGivenBack();
  }

  @Test
  void outlastsManyEndlessAnswersAtOnce() throws Exception {
    assertGivenBack();
    double before = heap();
    List<Future<HttpResponse<byte[]>>> crowd = new ArrayList<>();
    try (ExecutorService askers = Executors.newFixedThreadPool(CROWD)) {
      for (int i = 0; i < CROWD; i++) {
        crowd.add(askers.submit(() -> ask("london, greater-manchester, endless, tiny")));
      }
    }
    for (Future<HttpResponse<byte[]>> one : crowd) {
      Map<String, List<String>> said = Answer.of(200, one.get()).statuses();
      assertThat(said).containsEntry("london", List.of("answered"));
      assertThat(said).containsEntry("greater-manchester", List.of("empty"));
      assertThat(said.get("endless")).containsAnyOf("failing", "throttled", "timed-out");
      assertThat(said.get("tiny")).containsAnyOf("failing", "throttled", "timed-out");
    }
    assertGivenBack();
    assertThat(heap()).as("heap after all").isLessThan(before + 20_000_000);
  }

  private static HttpResponse<byte[]> ask(String regions) {
    HttpRequest.Builder request =
        doctor
            .request(ALLERGIES)
            .header("Ermine-Regions", regions)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    "patient.identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C"
                        + ADA_OKAFOR));
    return doctor.send(request);
  }

  private static void assertGivenBack() throws InterruptedException {
    await(() -> metric("ermine_memory_held_bytes") == 0 && metric("ermine_requests_inside") == 0);
  }

  /** Once all that may be has been collected. */
  private static double heap() throws Exception {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    String pid = String.valueOf(gateway.process().pid());
    assertThat(new ProcessBuilder(jcmd.toString(), pid, "GC.run").start().waitFor()).isZero();
    return heapOf(scrape());
  }

  private static double heapOf(Scrape metrics) {
    return metrics
        .of("jvm_memory_used_bytes")
        .filter(pool -> pool.labels().containsValue("heap"))
        .mapToDouble(pool -> metrics.value(pool.name(), labels(pool)))
        .sum();
  }

  private static String[] labels(Scrape.Series series) {
    return series.labels().entrySet().stream()
        .flatMap(label -> Stream.of(label.getKey(), label.getValue()))
        .toArray(String[]::new);
  }

  /** Without the mark of its end, which OpenMetrics has. */
  private static Scrape scrape() {
    return new Scrape(gateway.told("/q/metrics").replace("# EOF\n", ""));
  }

  private static double metric(String name) {
    return scrape().sum(name);
  }

  private static void await(BooleanSupplier met) throws InterruptedException {
    Instant end = Instant.now().plus(SOON);
    while (!met.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(100);
    }
  }

  /** The region is the first segment of the path. */
  private static void serve(EvilPeer.Line line) throws IOException {
    for (EvilPeer.Request request = line.next(); request != null; request = line.next()) {
      String target = request.target();
      if (target.contains("/Patient")) {
        line.write(
            whole(
                entry(
                    "{'resourceType':'Patient','id':'p','identifier':[{'system':"
                        + "'https://fhir.nhs.uk/Id/nhs-number','value':'"
                        + ADA_OKAFOR
                        + "'}]}")));
      } else if (target.startsWith("/large")) {
        line.write(TEN_MEGABYTES);
      } else {
        line.write(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + chunk(BEGIN));
        String part = chunk(target.startsWith("/tiny") ? TINY : " ".repeat(16_000));
        for (int sent = 0; sent < 100_000_000; sent += part.length()) {
          line.write(part);
        }
      }
    }
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private static String large(int number) {
    return entry(
        "{'resourceType':'AllergyIntolerance','id':'a"
            + number
            + "','patient':{'reference':'Patient/p'},'note':[{'text':'"
            + PADDING
            + "'}]}");
  }

  private static String entry(String resource) {
    return "{\"resource\":" + resource.replace('\'', '"') + "}";
  }

  private static String whole(String entries) {
    String body = BEGIN + entries + "]}";
    return HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private static String regions(String kind) {
    return IntStream.range(0, LARGE).mapToObj(i -> kind + i).collect(Collectors.joining(", "));
  }

  private static String regions() throws IOException {
    List<String> ids = new ArrayList<>(List.of("endless", "tiny"));
    ids.addAll(List.of(regions("large").split(", ")));
    String text =
        GatewayProcess.regions(sandbox)
            .replaceAll("budget: 1[25]00ms", "connect: 25s\n      budget: 25s")
            .replace("deadline: 3s", "deadline: 30s")
            .replace("rate: 50/s", "rate: 500/s");
    int end = text.indexOf("denials:\n");
    return text.substring(0, end)
        + ids.stream().map(CrowdedIT::region).collect(Collectors.joining())
        + text.substring(end)
        + ids.stream().map(CrowdedIT::agreement).collect(Collectors.joining());
  }

  private static String region(String id) {
    String base = evil.base().toString().replace("/fhir", "/" + id);
    return """
      %1$s:
        name: Crowd %1$s
        organisation: { ods: QMJ, name: Crowd }
        status: active
        answers:
          base: %2$s
          anchors: [london-ca.crt]
          token: { audience: %2$s, algorithm: ES256, use: query }
          lookup: two-step
          search: post
          connect: %4$s
          budget: %4$s
          limits: { bytes: %3$s, rate: 500/s }
          types: [Patient, AllergyIntolerance]
    """
        .formatted(
            id,
            base,
            id.startsWith("large") ? "12MB" : "8MB",
            id.startsWith("large") ? "25s" : "5s");
  }

  private static String agreement(String id) {
    return """
      - id: DSA-%1$s
        releases: %1$s
        to: [hwe]
        purposes: [TREAT]
        roles: [R8000]
        types: [Patient, AllergyIntolerance]
        relationship: required
        valid: { from: 2021-12-01, until: 2099-11-30 }
    """
        .formatted(id);
  }
}
