package dev.ermine;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static dev.ermine.sandbox.Stories.ADA_OKAFOR;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.PeerRegion;
import dev.ermine.sandbox.Sandbox;
import dev.ermine.testing.Asker;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilRegions;
import dev.ermine.testing.GatewayProcess;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The whole gateway, in a small heap, with one hostile region among healthy ones: that region is
 * accounted for as what it is, and the others' answer is the one that they give without it.
 *
 * <p>Shows of the defects of the stack that Ermine has none: D1 a drip outlasts a timeout, D2 an
 * abandoned exchange runs on, D3 a body without bound fills the heap, D4 both bounded, D5 a peer's
 * header breaks the answer, D12 JSON that can be read in two ways, D14 bytes after an answer.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HostilePeersIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HEALTHY =
      "greater-manchester, yorkshire-humber, lancashire-south-cumbria, thames-valley-surrey";
  private static final String ALLERGIES = "AllergyIntolerance";
  private static final String DOCUMENTS = "DocumentReference";
  private static final int FEW = 6;
  private static final String FHIR_JSON = "application/fhir+json";
  private static final Duration DEADLINE = Duration.ofSeconds(12);
  private static final Duration MARGIN = Duration.ofSeconds(8);

  private static final Map<String, List<JsonNode>> HEALTHY_ALONE = new HashMap<>();

  @TempDir static Path directory;
  private static Sandbox sandbox;
  private static EvilRegions evil;
  private static EvilPeer elsewhere;
  private static GatewayProcess gateway;
  private static Asker doctor;

  private final List<StubMapping> stubs = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    DevPki pki = DevPki.in(directory.resolve("certs"));
    sandbox = Sandbox.start(pki);
    evil = EvilRegions.start(pki);
    elsewhere = new EvilPeer(pki.tls("london-server", "gateway-ca"), EvilPeer.Line::next);
    gateway =
        GatewayProcess.start(
            pki, evil.in(regions()), directory, List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"));
    doctor = gateway.asker("hwe");
    ask(ALLERGIES, "london, " + HEALTHY);
  }

  private static String regions() throws IOException {
    return GatewayProcess.regions(sandbox)
        .replaceAll("budget: 1[25]00ms", "budget: 10s")
        .replace("deadline: 3s", "deadline: 12s");
  }

  @AfterAll
  static void stop() throws IOException {
    if (gateway != null) {
      gateway.close();
      assertThat(gateway.output()).doesNotContain("OutOfMemory");
    }
    if (evil != null) {
      evil.close();
      elsewhere.close();
    }
    if (sandbox != null) {
      sandbox.close();
    }
  }

  @AfterEach
  void mendLondon() {
    stubs.forEach(stub -> sandbox.server(PeerRegion.LONDON).removeStub(stub));
    sandbox.server(PeerRegion.LONDON).resetRequests();
  }

  /** What London does in place of what it does well, and what is then said of it. */
  record Hostility(String name, String type, List<MappingBuilder> does, String status) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Hostility> hostilities() {
    String allergy = "{'resourceType':'AllergyIntolerance','id':'a'%s}";
    String mine = "'patient':{'reference':'Patient/lcr-4471'}";
    String document =
        "{'resourceType':'DocumentReference','id':'d','status':'current',"
            + "'subject':{'reference':'Patient/lcr-4471'},"
            + "'content':[{'attachment':{'url':'https://elsewhere.example/scan'}}]}";
    String good = allergy.formatted("," + mine);
    return Stream.of(
        always("an HTML login page", "failing", ok("<html>log in</html>", "text/html")),
        always("HTML that says it is FHIR", "failing", ok("<html>log in</html>", FHIR_JSON)),
        always("truncated JSON", "failing", ok("{\"resourceType\":\"Bundle\",\"ty", FHIR_JSON)),
        always("an outcome with 200", "failing", ok(outcome("NO_REASON"), FHIR_JSON)),
        always("50 MB", "failing", ok(" ".repeat(50_000_000), FHIR_JSON)),
        always("401", "refused", status(401)),
        always("403 for the patient", "withheld", because("NO_PATIENT_CONSENT")),
        always("403", "refused", because("ACCESS_DENIED")),
        always("500", "failing", status(500)),
        always("a redirect", "failing", status(302).withHeader("Location", elsewhere() + "/x")),
        allergies("another's entry", "quarantined", allergyOf("Patient/another", allergy)),
        allergies("an entry of nobody", "part-answered", set(allergy.formatted(""))),
        new Hostility(
            "a document elsewhere",
            DOCUMENTS,
            List.of(search(DOCUMENTS).willReturn(ok(set(document), FHIR_JSON))),
            "part-answered"),
        allergies(
            "duplicate keys (D12)",
            "failing",
            set(good).replace("\"type\"", "\"type\":\"batch\",\"type\"")),
        allergies("a second document (D12)", "failing", set(good) + "{}"),
        allergies(
            "a number beyond measure (D12)",
            "failing",
            set(allergy.formatted("," + mine + ",'extension':[{'valueDecimal':1e}]"))),
        allergies("deep nesting (D12)", "failing", "[".repeat(100_000)),
        allergies("a page elsewhere", "part-answered", set(good, elsewhere() + "/page")),
        paged("a page that is its own next", set(good, page("a")), set("", page("a"))),
        paged("pages that go round", set(good, page("b")), set("", page("a"))),
        // The last: for that long London is asked nothing.
        always("429", "throttled", status(429).withHeader("Retry-After", "1")));
  }

  @Order(1)
  @ParameterizedTest
  @MethodSource("hostilities")
  void accountsForHostileContent(Hostility hostility) {
    hostility.does().forEach(stub -> stubs.add(sandbox.server(PeerRegion.LONDON).stubFor(stub)));
    assertAccounted("london", hostility.type(), hostility.status());
    assertThat(elsewhere.lines()).as("nobody is called whom regions.yaml does not name").isEmpty();
  }

  /** A few at a time, which costs no more time than the slowest of them. */
  static Stream<List<EvilRegions.Kind>> few() {
    List<EvilRegions.Kind> kinds = List.of(EvilRegions.Kind.values());
    return IntStream.iterate(0, first -> first < kinds.size(), first -> first + FEW)
        .mapToObj(first -> kinds.subList(first, Math.min(first + FEW, kinds.size())));
  }

  @Order(2)
  @ParameterizedTest
  @MethodSource("few")
  void accountsForHostileConnections(List<EvilRegions.Kind> kinds) {
    List<String> ids = kinds.stream().map(EvilRegions.Kind::region).toList();
    JsonNode bundle = ask(ALLERGIES, String.join(", ", ids) + ", " + HEALTHY);
    for (EvilRegions.Kind kind : kinds) {
      assertThat(statuses(bundle, kind.region())).as(kind.region()).containsExactly(kind.status());
      if (kind.isUnknown()) {
        assertThat(evil.requests(kind)).as("nobody unproven is sent a token").isEmpty();
      }
    }
    assertThat(without(ids, bundle)).isEqualTo(healthyAlone(ALLERGIES));
  }

  /**
   * All of them at once: each is accounted for, and none costs the others' theirs. So many at once,
   * a handshake may take a slow machine longer than a region is given.
   */
  @Order(3)
  @Test
  void accountsForAllAtOnce() {
    JsonNode bundle = ask(ALLERGIES, evil.ids() + ", " + HEALTHY);
    for (EvilRegions.Kind kind : EvilRegions.Kind.values()) {
      assertThat(statuses(bundle, kind.region()))
          .as(kind.region())
          .hasSize(1)
          .containsAnyOf(kind.status(), "unreachable", "timed-out");
    }
    List<String> ids = Stream.of(EvilRegions.Kind.values()).map(EvilRegions.Kind::region).toList();
    assertThat(without(ids, bundle)).isEqualTo(healthyAlone(ALLERGIES));
  }

  /** In the small heap, and with connections to peers that misbehaved. */
  @Order(4)
  @Test
  void stillAnswersWhole() {
    JsonNode bundle = ask(ALLERGIES, "london, " + HEALTHY);
    assertThat(statuses(bundle, "london")).containsExactly("answered");
    assertThat(bundle.toString()).contains("/regions/london/fhir/AllergyIntolerance/alg-1");
    assertThat(gateway.process().isAlive()).isTrue();
  }

  private static void assertAccounted(String hostile, String type, String status) {
    JsonNode bundle = ask(type, hostile + ", " + HEALTHY);
    assertThat(statuses(bundle, hostile)).containsExactly(status);
    assertThat(without(List.of(hostile), bundle)).isEqualTo(healthyAlone(type));
  }

  /** What the healthy regions answer when nobody else is asked. */
  private static List<JsonNode> healthyAlone(String type) {
    return HEALTHY_ALONE.computeIfAbsent(
        type,
        any -> {
          List<JsonNode> alone = without(List.of(), ask(any, HEALTHY));
          assertThat(alone.toString()).as("they have something to lose").contains("/regions/");
          return alone;
        });
  }

  /** Asks within time; nothing that a peer wrote in a header comes through (D5). */
  private static JsonNode ask(String type, String regions) {
    Instant start = Instant.now();
    String form = Asker.encode(Map.of("patient.identifier", Asker.NHS_NUMBER + ADA_OKAFOR));
    HttpResponse<byte[]> response =
        doctor.send(
            doctor
                .request("/fhir/" + type + "/_search")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Ermine-Regions", regions)
                .POST(BodyPublishers.ofString(form)));
    assertThat(Duration.between(start, Instant.now())).isLessThan(DEADLINE.plus(MARGIN));
    String body = new String(response.body(), UTF_8);
    assertThat(response.statusCode()).as(body).isEqualTo(200);
    assertThat(response.headers().map()).doesNotContainKeys("set-cookie", "location", "x-evil");
    assertThat(response.headers().map().toString()).doesNotContain("evil=");
    return json(body);
  }

  private static List<String> statuses(JsonNode bundle, String region) {
    return issues(bundle).filter(issue -> isOf(issue, region)).map(HostilePeersIT::status).toList();
  }

  private static Stream<JsonNode> issues(JsonNode bundle) {
    return bundle
        .get("entry")
        .valueStream()
        .map(entry -> entry.get("resource"))
        .filter(resource -> resource.at("/resourceType").asText().equals("OperationOutcome"))
        .flatMap(outcome -> outcome.get("issue").valueStream());
  }

  private static boolean isOf(JsonNode issue, String region) {
    return coded(issue, "region").equals(region);
  }

  private static String status(JsonNode issue) {
    return coded(issue, "account");
  }

  private static String coded(JsonNode issue, String system) {
    return issue
        .at("/details/coding")
        .valueStream()
        .filter(coding -> coding.at("/system").asText().endsWith("/CodeSystem/" + system))
        .map(coding -> coding.at("/code").asText())
        .findFirst()
        .orElse("");
  }

  /**
   * What a Bundle holds apart from these regions, and apart from what is new with every answer: the
   * entries in order, then the other regions' lines of the account.
   */
  private static List<JsonNode> without(List<String> regions, JsonNode bundle) {
    Stream<JsonNode> entries =
        bundle
            .get("entry")
            .valueStream()
            .filter(
                entry -> !entry.at("/resource/resourceType").asText().equals("OperationOutcome"))
            .filter(
                entry ->
                    regions.stream()
                        .noneMatch(id -> entry.toString().contains("/regions/" + id + "/")))
            .map(HostilePeersIT::timeless);
    Stream<JsonNode> lines =
        issues(bundle)
            .skip(1)
            .filter(issue -> !coded(issue, "region").isEmpty())
            .filter(issue -> !status(issue).equals("not-asked"))
            .filter(issue -> regions.stream().noneMatch(id -> isOf(issue, id)));
    return Stream.concat(entries, lines).toList();
  }

  private static JsonNode timeless(JsonNode entry) {
    if (entry.at("/resource/resourceType").asText().equals("Provenance")) {
      ((ObjectNode) entry).remove("fullUrl");
      ((ObjectNode) entry.get("resource")).remove(List.of("id", "recorded", "occurredDateTime"));
    }
    return entry;
  }

  private static Hostility always(String name, String status, ResponseDefinitionBuilder answer) {
    return new Hostility(name, ALLERGIES, List.of(any(anyUrl()).willReturn(answer)), status);
  }

  private static Hostility allergies(String name, String status, String body) {
    return new Hostility(
        name, ALLERGIES, List.of(search(ALLERGIES).willReturn(ok(body, FHIR_JSON))), status);
  }

  private static Hostility paged(String name, String pageA, String pageB) {
    return new Hostility(
        name,
        ALLERGIES,
        List.of(
            search(ALLERGIES).willReturn(ok(pageA, FHIR_JSON)),
            pageOf("a").willReturn(ok(pageA, FHIR_JSON)),
            pageOf("b").willReturn(ok(pageB, FHIR_JSON))),
        "part-answered");
  }

  private static MappingBuilder search(String type) {
    return any(urlPathEqualTo("/fhir/" + type + "/_search"));
  }

  private static MappingBuilder pageOf(String page) {
    return any(urlPathEqualTo("/fhir")).withQueryParam("_page", equalTo(page));
  }

  private static String page(String page) {
    return sandbox.base(PeerRegion.LONDON) + "?_page=" + page;
  }

  private static String elsewhere() {
    return elsewhere.base().toString();
  }

  private static String allergyOf(String patient, String allergy) {
    return set(allergy.formatted(",'patient':{'reference':'" + patient + "'}"));
  }

  private static ResponseDefinitionBuilder status(int status) {
    return aResponse().withStatus(status);
  }

  private static ResponseDefinitionBuilder because(String code) {
    return status(403).withHeader("Content-Type", FHIR_JSON).withBody(outcome(code));
  }

  private static ResponseDefinitionBuilder ok(String body, String contentType) {
    return status(200).withHeader("Content-Type", contentType).withBody(body);
  }

  private static String outcome(String code) {
    return """
        {"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"forbidden",
        "details":{"coding":[{"code":"%s"}]}}]}
        """
        .formatted(code);
  }

  /** A searchset of one resource, or none, in apostrophes. */
  private static String set(String resource) {
    return EvilRegions.searchset(resource, "");
  }

  private static String set(String resource, String next) {
    return EvilRegions.searchset(
        resource, ",\"link\":[{\"relation\":\"next\",\"url\":\"" + next + "\"}]");
  }

  private static JsonNode json(String body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
