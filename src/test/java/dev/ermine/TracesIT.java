package dev.ermine;

import static dev.ermine.sandbox.PeerRegion.LANCASHIRE_SOUTH_CUMBRIA;
import static dev.ermine.sandbox.Stories.ADA_OKAFOR;
import static dev.ermine.sandbox.Stories.REGION_DOWN;
import static dev.ermine.testing.SpanReceiver.attributes;
import static dev.ermine.testing.SpanReceiver.hex;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import dev.ermine.federation.Traceparent;
import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.PeerRegion;
import dev.ermine.sandbox.Sandbox;
import dev.ermine.testing.Answer;
import dev.ermine.testing.Asker;
import dev.ermine.testing.GatewayProcess;
import dev.ermine.testing.SpanReceiver;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged gateway with OpenTelemetry's Java agent beside it, as the README says, and all that
 * the agent sends of it.
 */
class TracesIT {

  private static final Path AGENT = Path.of("target", "otel", "opentelemetry-javaagent.jar");
  private static final Path SETTINGS = Path.of("src", "main", "otel", "otel.properties");

  /** All that a span may say of anything. */
  private static final Set<String> ATTRIBUTES =
      Set.of(
          "http.route",
          "http.request.method",
          "http.response.status_code",
          "ermine.region",
          "ermine.status",
          "error.type");

  @TempDir static Path directory;
  private static SpanReceiver receiver;
  private static DevPki pki;
  private static Sandbox sandbox;
  private static GatewayProcess gateway;
  private static Asker doctor;

  @BeforeAll
  static void start() throws Exception {
    receiver = new SpanReceiver();
    pki = DevPki.in(directory.resolve("certs"));
    sandbox = Sandbox.start(pki);
    String regions =
        GatewayProcess.regions(sandbox)
            .replace("budget: 1500ms", "connect: 8s\n      budget: 8s")
            .replace("deadline: 3s", "deadline: 12s");
    gateway =
        GatewayProcess.start(
            pki,
            regions,
            directory,
            List.of(
                "-XX:TieredStopAtLevel=1",
                "-javaagent:" + AGENT,
                "-Dotel.javaagent.configuration-file=" + SETTINGS,
                "-Dotel.exporter.otlp.endpoint=" + receiver.endpoint(),
                "-Dotel.bsp.schedule.delay=200"));
    doctor = gateway.asker("hwe");
    assertThat(doctor.search("AllergyIntolerance", REGION_DOWN).statusCode()).isEqualTo(200);
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
    if (sandbox != null) {
      sandbox.close();
    }
    receiver.close();
  }

  @Test
  void tellsOfARequestOfEachRegionAndOfEachExchange() {
    Traceparent asker = place();
    HttpResponse<byte[]> response =
        doctor.send(
            search("AllergyIntolerance", REGION_DOWN).header("traceparent", asker.header()));
    assertThat(response.statusCode()).isEqualTo(200);
    Set<PeerRegion> asked = EnumSet.complementOf(EnumSet.of(LANCASHIRE_SOUTH_CUMBRIA));
    List<Span> spans = spans(asker, asked.size());

    Span request = only(spans, SpanKind.SPAN_KIND_SERVER);
    assertThat(request.getName()).isEqualTo("/fhir/{type}/_search");
    assertThat(hex(request.getParentSpanId())).isEqualTo(asker.parentId());
    assertThat(attributes(request))
        .isEqualTo(
            Map.of(
                "http.route", "/fhir/{type}/_search",
                "http.request.method", "POST",
                "http.response.status_code", "200"));
    assertThat(placeOf(response))
        .isEqualTo(
            new Traceparent(asker.traceId(), hex(request.getSpanId()), true, asker.random()));
    for (PeerRegion region : asked) {
      Span ofRegion = askedOf(spans, region);
      assertThat(ofRegion.getParentSpanId()).isEqualTo(request.getSpanId());
      assertThat(exchangesUnder(ofRegion, spans))
          .as("each exchange's id is what %s was told", region.id())
          .isNotEmpty()
          .isEqualTo(placesToldTo(region, asker));
    }
    assertThat(placesToldTo(LANCASHIRE_SOUTH_CUMBRIA, asker)).as("it is not asked").isEmpty();
  }

  @Test
  void tellsOfARegionThatFails() {
    Traceparent asker = place();
    doctor.send(
        search("AllergyIntolerance", REGION_DOWN)
            .header("traceparent", asker.header())
            .header("Ermine-Regions", "thames-valley-surrey, london"));
    List<Span> spans = spans(asker, 2);
    Span down = askedOf(spans, PeerRegion.THAMES_VALLEY_SURREY);
    assertThat(attributes(down)).containsEntry("ermine.status", "failing");
    assertThat(down.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
    assertThat(spans)
        .filteredOn(span -> span.getParentSpanId().equals(down.getSpanId()))
        .isNotEmpty()
        .allSatisfy(
            exchange -> {
              assertThat(attributes(exchange))
                  .containsEntry("http.response.status_code", "503")
                  .containsEntry("error.type", "503");
              assertThat(exchange.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
            });
    Span up = askedOf(spans, PeerRegion.LONDON);
    assertThat(attributes(up)).doesNotContainKey("error.type");
    assertThat(up.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
  }

  @Test
  void tellsOfARegionThatIsTooSlow() {
    Traceparent asker = place();
    doctor.send(
        search("AllergyIntolerance", ADA_OKAFOR)
            .header("traceparent", asker.header())
            .header("Ermine-Regions", "wessex")
            .header("Ermine-Deadline", "2000"));
    List<Span> spans = spans(asker, 1);
    Span slow = askedOf(spans, PeerRegion.WESSEX);
    assertThat(attributes(slow)).containsEntry("ermine.status", "timed-out");
    assertThat(only(spans, SpanKind.SPAN_KIND_CLIENT))
        .satisfies(
            exchange -> assertThat(attributes(exchange)).containsEntry("error.type", "timed-out"));
    assertThat(only(spans, SpanKind.SPAN_KIND_SERVER).getStatus().getCode())
        .as("504 is ours to answer for")
        .isEqualTo(StatusCode.STATUS_CODE_ERROR);
  }

  @Test
  void beginsATraceWhereTheAskerNamesNone() {
    assertRecordsATraceOfItsOwn();
  }

  private static void assertRecordsATraceOfItsOwn() {
    Traceparent answered = placeOf(doctor.get("/fhir/metadata"));
    Span request = only(spans(answered, 0), SpanKind.SPAN_KIND_SERVER);
    assertThat(hex(request.getSpanId())).isEqualTo(answered.parentId());
    assertThat(request.getParentSpanId().isEmpty()).as("no parent was made up").isTrue();
    assertThat(answered.sampled()).isTrue();
  }

  @Test
  void leavesOutWhatTheAskerDoesNotRecord() {
    Traceparent unrecorded = new Traceparent(place().traceId(), place().parentId(), false, true);
    Traceparent answered =
        placeOf(
            doctor.send(
                doctor.request("/fhir/metadata").header("traceparent", unrecorded.header())));
    assertThat(answered)
        .isEqualTo(new Traceparent(unrecorded.traceId(), answered.parentId(), false, true))
        .isNotEqualTo(unrecorded);
    assertRecordsATraceOfItsOwn();
    assertThat(receiver.spans())
        .noneMatch(span -> hex(span.getTraceId()).equals(unrecorded.traceId()));
  }

  /** Numbers in addresses, in a name, in refusals, in what peers are asked by GET. */
  @Test
  void tellsNothingOfAPatientAnAskerOrAnAddress() throws Exception {
    String token = doctor.token();
    String number = Asker.encode(Map.of("patient.identifier", Asker.NHS_NUMBER + ADA_OKAFOR));
    HttpResponse<byte[]> byGet =
        doctor.send(
            doctor
                .request("/fhir/AllergyIntolerance?" + number)
                .setHeader("Authorization", "Bearer " + token)
                .header("Ermine-Regions", "london, yorkshire-humber")
                .header("tracestate", "asker=" + ADA_OKAFOR));
    Answer answer = Answer.of(200, byGet);
    JsonNode allergy = answer.entries("london").getFirst();
    HttpResponse<byte[]> read = doctor.read(allergy.path("fullUrl").asText(), ADA_OKAFOR);
    HttpResponse<byte[]> document =
        doctor.read("/regions/lancashire-south-cumbria/fhir/Binary/lg-1-scan", ADA_OKAFOR);
    assertThat(List.of(read.statusCode(), document.statusCode())).containsOnly(200);
    HttpResponse<byte[]> used =
        doctor.send(
            doctor.request("/fhir/Flag?" + number).setHeader("Authorization", "Bearer " + token));
    assertThat(used.statusCode()).isEqualTo(401);
    HttpResponse<byte[]> nowhere = doctor.get("/" + ADA_OKAFOR + "?" + number);
    HttpResponse<byte[]> bad = doctor.get("/fhir/Patient;" + ADA_OKAFOR + "?" + number);
    HttpResponse<byte[]> merged = doctor.get("/fhir/Patient/" + ADA_OKAFOR);
    HttpResponse<byte[]> method =
        doctor.send(
            doctor
                .request("/fhir/Patient/" + ADA_OKAFOR)
                .method("X" + ADA_OKAFOR, HttpRequest.BodyPublishers.noBody()));
    HttpResponse<byte[]> stranger = asStranger("/fhir/Patient/" + ADA_OKAFOR);
    for (HttpResponse<byte[]> each :
        List.of(byGet, read, document, used, nowhere, bad, merged, method, stranger)) {
      Traceparent place = placeOf(each);
      assertThat(receiver.await(place.traceId(), spans -> hasEnded(spans, place)))
          .as("nothing of a request that said nothing is not told")
          .isNotEmpty();
    }
    assertThat(receiver.paths()).containsOnly("/v1/traces");
    assertThat(receiver.spans()).allSatisfy(TracesIT::assertSaysWhatItMay);
    assertThat(receiver.resources())
        .allSatisfy(
            process ->
                assertThat(process.getAttributesList())
                    .noneMatch(each -> each.getKey().startsWith("process.command")));
    for (String text : List.of(receiver.text(), gateway.output())) {
      assertThat(text)
          .doesNotContain(ADA_OKAFOR, REGION_DOWN, "nhs-number", "patient.identifier")
          .doesNotContain("Okafor", "Jones", "Bearer")
          .doesNotContain(token.split("\\."))
          .doesNotContain(allergy.at("/resource/id").asText(), "lg-1-scan");
    }
    assertThat(receiver.text())
        .doesNotContain(gateway.base().toString())
        .doesNotContain(
            Arrays.stream(PeerRegion.values())
                .map(region -> sandbox.base(region).toString())
                .toArray(String[]::new));
  }

  private static void assertSaysWhatItMay(Span span) {
    assertThat(attributes(span).keySet()).isSubsetOf(ATTRIBUTES);
    assertThat(attributes(span).values())
        .allMatch(
            value ->
                value.matches("[0-9]{3}|[a-z]+(-[a-z]+)*|GET|POST|_OTHER")
                    || value.matches("(/[a-z.-]+|/_search|/\\{[a-z]+})+"));
    assertThat(span.getEventsList()).isEmpty();
    assertThat(span.getLinksList()).isEmpty();
    assertThat(span.getTraceState()).isEmpty();
    assertThat(span.getStatus().getMessage()).isEmpty();
  }

  private static HttpResponse<byte[]> asStranger(String path) throws Exception {
    try (HttpClient stranger =
        HttpClient.newBuilder().sslContext(pki.anonymousTls("gateway-ca")).build()) {
      return stranger.send(
          HttpRequest.newBuilder(URI.create(gateway.base() + path)).build(),
          BodyHandlers.ofByteArray());
    }
  }

  /** As it comes, the agent would record addresses. */
  @Test
  void refusesToStartWithAnAgentThatRecordsMore() throws Exception {
    Path log = directory.resolve("refused.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-javaagent:" + AGENT,
                "-Dotel.traces.exporter=none",
                "-Dotel.metrics.exporter=none",
                "-Dotel.logs.exporter=none",
                "-Dquarkus.http.ssl-port=0",
                "-Dquarkus.management.port=0",
                "-Dermine.base-url=https://gateway.example",
                "-Dermine.certs=" + directory,
                "-jar",
                System.getProperty("ermine.jar", "target/quarkus-app/quarkus-run.jar"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("it ends").isTrue();
      assertThat(process.exitValue()).isEqualTo(3);
      assertThat(Files.readString(log))
          .contains(
              "the gateway cannot start:",
              "otel.instrumentation.common.default-enabled: not `false`",
              "otel.javaagent.configuration-file")
          .doesNotContain("Listening");
    } finally {
      process.destroyForcibly();
    }
  }

  private static HttpRequest.Builder search(String type, String nhsNumber) {
    return doctor
        .request("/fhir/" + type + "/_search")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                Asker.encode(Map.of("patient.identifier", Asker.NHS_NUMBER + nhsNumber))));
  }

  /** An asker's place in a trace that the asker records. */
  private static Traceparent place() {
    Traceparent fresh = Traceparent.fresh();
    return new Traceparent(fresh.traceId(), fresh.parentId(), true, true);
  }

  private static Traceparent placeOf(HttpResponse<?> response) {
    List<String> places = response.headers().allValues("traceparent");
    assertThat(places).hasSize(1);
    return Traceparent.parse(places.getFirst()).orElseThrow();
  }

  /** The spans of a trace in which so many regions were asked, all of them ended. */
  private static List<Span> spans(Traceparent trace, int regions) {
    return receiver.await(
        trace.traceId(),
        spans ->
            count(spans, SpanKind.SPAN_KIND_SERVER) == 1
                && count(spans, SpanKind.SPAN_KIND_INTERNAL) == regions
                && regionsOfExchanges(spans).size() == regions);
  }

  private static boolean hasEnded(List<Span> spans, Traceparent place) {
    return spans.stream().anyMatch(span -> hex(span.getSpanId()).equals(place.parentId()));
  }

  private static long count(List<Span> spans, SpanKind kind) {
    return spans.stream().filter(span -> span.getKind() == kind).count();
  }

  private static Set<String> regionsOfExchanges(List<Span> spans) {
    return spans.stream()
        .filter(span -> span.getKind() == SpanKind.SPAN_KIND_CLIENT)
        .map(span -> attributes(span).get("ermine.region"))
        .collect(Collectors.toSet());
  }

  private static Span only(List<Span> spans, SpanKind kind) {
    List<Span> found = spans.stream().filter(span -> span.getKind() == kind).toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private static Span askedOf(List<Span> spans, PeerRegion region) {
    List<Span> found =
        spans.stream().filter(span -> span.getName().equals("ask " + region.id())).toList();
    assertThat(found).as("asked once").hasSize(1);
    return found.getFirst();
  }

  private static Set<String> exchangesUnder(Span asked, List<Span> spans) {
    return spans.stream()
        .filter(span -> span.getParentSpanId().equals(asked.getSpanId()))
        .peek(span -> assertThat(span.getKind()).isEqualTo(SpanKind.SPAN_KIND_CLIENT))
        .map(span -> hex(span.getSpanId()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The parents that a region was told of, in this trace; each once. */
  private static Set<String> placesToldTo(PeerRegion region, Traceparent trace) {
    Set<String> places = new TreeSet<>();
    for (ServeEvent event : sandbox.questions(region)) {
      Traceparent told =
          Traceparent.parse(event.getRequest().getHeader("traceparent")).orElseThrow();
      assertThat(event.getRequest().containsHeader("tracestate")).isFalse();
      if (told.traceId().equals(trace.traceId())) {
        assertThat(places.add(told.parentId())).as("a place of its own").isTrue();
        assertThat(told.sampled()).isTrue();
      }
    }
    return places;
  }
}
