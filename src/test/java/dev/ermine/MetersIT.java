package dev.ermine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.merge.Status;
import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.Sandbox;
import dev.ermine.sandbox.Stories;
import dev.ermine.testing.Answer;
import dev.ermine.testing.Asker;
import dev.ermine.testing.GatewayProcess;
import dev.ermine.testing.Scrape;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of the packaged gateway: metrics, health, log. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MetersIT {

  private static final Duration SOON = Duration.ofSeconds(15);
  private static final int ODD = 500;
  private static final int MOST_TO_OPEN = 20;
  private static final String LATE = "https://ermine.dev/rel/late-arrivals";

  @TempDir static Path directory;
  private static Sandbox sandbox;
  private static GatewayProcess gateway;
  private static Asker doctor;
  private static HttpClient http;
  private static HttpClient anyone;
  private static final List<Answer> answers = new ArrayList<>();
  private static Scrape first;
  private static Scrape after;

  @BeforeAll
  static void open() throws Exception {
    DevPki pki = DevPki.in(directory.resolve("certs"));
    sandbox = Sandbox.start(pki);
    Path trail = Files.createDirectory(directory.resolve("trail"));
    gateway =
        GatewayProcess.start(
            pki,
            GatewayProcess.regions(sandbox)
                .replace("deadline: 3s", "deadline: 12s")
                .replace("budget: 1500ms", "connect: 8s\n      budget: 8s")
                .replace("budget: 1200ms", "budget: 2500ms"),
            directory,
            Map.of(
                "ermine.audit.file",
                trail.resolve("audit.ndjson").toString(),
                // Quarkus warns of it before it has set up logging.
                "quarkus.http.nothing-like-it",
                "true"));
    doctor = gateway.asker("hwe");
    http = HttpClient.newHttpClient();
    anyone = HttpClient.newBuilder().sslContext(pki.anonymousTls("gateway-ca")).build();
    first = scrape();
    ask();
    after = await(MetersIT::scrape, seen -> seen.value("ermine_queries_in_flight") == 0);
  }

  @AfterAll
  static void close() {
    if (gateway != null) {
      gateway.close();
    }
    sandbox.close();
    http.close();
    anyone.close();
  }

  /** Four searches of seven regions, a read of one, a replay, a stranger, and what is public. */
  private static void ask() throws Exception {
    answers.add(Answer.of(200, doctor.search("Encounter", Stories.RESTRICTED)));
    answers.add(Answer.of(200, doctor.search("Encounter", Stories.REGION_DOWN)));
    answers.add(Answer.of(200, doctor.search("/fhir/_search", ada("Encounter,Condition"))));
    String once = doctor.token();
    answers.add(Answer.of(200, withToken(once)));
    Answer.of(401, withToken(once));
    Answer.of(404, doctor.read("/regions/london/fhir/Condition/none", Stories.ADA_OKAFOR));
    assertThat(byAnyone("/fhir/Encounter")).isEqualTo(401);
    assertThat(byAnyone("/fhir/metadata")).isEqualTo(200);
  }

  @Test
  @Order(1)
  void hasCountedNothingAtFirst() {
    assertThat(first.sum("ermine_account_total")).isZero();
    assertThat(first.sum("ermine_refusals_total")).isZero();
    assertThat(first.sum("ermine_audit_commit_seconds_count")).isZero();
    assertThat(first.of("ermine_account_total").count()).isEqualTo(7L * Status.values().length);
    assertThat(first.of("ermine_build_info").count()).isEqualTo(1);
  }

  @Test
  @Order(2)
  void countsEachRequestAsItEnded() {
    assertThat(requests(after, "search-type", "answered")).isEqualTo(3);
    assertThat(requests(after, "search-type", "refused")).isEqualTo(1);
    assertThat(requests(after, "search-system", "answered")).isEqualTo(1);
    assertThat(requests(after, "read", "not-found")).isEqualTo(1);
    assertThat(requests(after, "none", "refused")).isEqualTo(1);
    String answered = "ermine_requests_answered_seconds_";
    assertThat(after.value(answered + "count", "interaction", "search-type")).isEqualTo(3);
    assertThat(after.value(answered + "bucket", "interaction", "search-system", "le", "2.0"))
        .as("it waited for Wessex")
        .isZero();
  }

  @Test
  @Order(2)
  void countsEachRegionAsTheAnswersAccountForIt() {
    Map<List<String>, Double> told = new HashMap<>();
    told.put(List.of("london", "empty"), 1.0); // the read
    for (Answer answer : answers) {
      answer
          .statuses()
          .forEach(
              (region, statuses) -> {
                String status = statuses.size() == 1 ? statuses.getFirst() : "part-answered";
                told.merge(List.of(region, status), 1.0, Double::sum);
              });
    }
    assertThat(told).containsKey(List.of("thames-valley-surrey", "failing"));
    assertThat(told).containsKey(List.of("wessex", "timed-out"));
    assertThat(after.of("ermine_account_total"))
        .allSatisfy(
            series -> {
              String region = series.labels().get("region");
              String status = series.labels().get("status");
              assertThat(account(after, region, status))
                  .as("%s %s", region, status)
                  .isEqualTo(told.getOrDefault(List.of(region, status), 0.0));
            });
    String asked = "ermine_region_asked_seconds_count";
    assertThat(after.value(asked, "region", "london")).isEqualTo(5);
    assertThat(after.value(asked, "region", "wessex")).isEqualTo(4);
  }

  @Test
  @Order(2)
  void countsRefusalsByReason() {
    assertThat(after.value("ermine_refusals_total", "reason", "TOKEN_REPLAYED")).isEqualTo(1);
    assertThat(after.value("ermine_refusals_total", "reason", "NO_CERTIFICATE")).isEqualTo(1);
    assertThat(after.sum("ermine_refusals_total")).isEqualTo(2);
  }

  @Test
  @Order(2)
  void countsAnIntentAndAnOutcomeForEachQueryAndEachRefusal() throws IOException {
    assertThat(after.value("ermine_audit_commit_seconds_count")).isEqualTo(2 * 5 + 2);
    assertThat(Files.readAllLines(directory.resolve("trail").resolve("audit.ndjson")))
        .hasSize(2 * 5 + 2);
    assertThat(after.value("ermine_audit_failures_total")).isZero();
    assertThat(after.value("ermine_audit_available")).isEqualTo(1);
  }

  @Test
  @Order(2)
  void tellsOfConnectionsThatAreKeptAndNotInUse() {
    assertThat(after.value("ermine_connections_open", "region", "london")).isPositive();
    assertThat(after.sum("ermine_connections_in_use")).isZero();
    assertThat(after.sum("ermine_connections_waiting")).isZero();
  }

  @Test
  @Order(3)
  void tellsTheVersionOfRegionsAndTheEndsOfCertificates() throws Exception {
    Scrape scrape = scrape();
    double now = Instant.now().getEpochSecond();
    assertThat(scrape.value("ermine_regions_serial")).isEqualTo(1);
    assertThat(scrape.value("ermine_regions_refused")).isZero();
    assertThat(scrape.value("ermine_regions_in_force_since_seconds")).isBetween(now - 120, now);
    assertThat(scrape.value("ermine_regions_last_success_seconds")).isBetween(now - 10, now);
    for (String[] owned :
        new String[][] {
          {"gateway", "server"}, {"gateway", "client"}, {"hwe", "asks"}, {"london", "answers"}
        }) {
      assertThat(
              scrape.value(
                  "ermine_certificate_not_after_seconds", "owner", owned[0], "use", owned[1]))
          .as(owned[0] + " " + owned[1])
          .isGreaterThan(now);
    }
  }

  @Test
  @Order(4)
  void tellsOfEachRegionAndIsReadyThoughOneIsDown() throws Exception {
    doctor.search("Encounter", Stories.REGION_DOWN);
    JsonNode ready = health("ready", 200);
    assertThat(check(ready, "regions").path("thames-valley-surrey").asText())
        .startsWith("active; failing: answered with status 503 20")
        .contains("; answered 20", "; anchors good until 20");
    assertThat(check(ready, "regions").path("london").asText()).startsWith("active; answered 20");
    assertThat(check(ready, "regions").path("hwe").asText())
        .startsWith("active; client certificates good until 20");
    assertThat(check(ready, "regions.yaml").path("serial").asInt()).isEqualTo(1);
    assertThat(check(ready, "keys").path("server certificate").asText()).startsWith("good until ");
  }

  /** To operators in words, to askers as a region that is missing, by whatever way they ask. */
  @Test
  @Order(5)
  void tellsOfARegionThatIsSpared() throws Exception {
    for (int i = 0; i < 2 * MOST_TO_OPEN && spared(scrape()) == 0; i++) {
      doctor.send(ofThames());
    }
    assertThat(spared(scrape())).as("its breaker is open").isEqualTo(2);
    assertThat(check(health("ready", 200), "regions").path("thames-valley-surrey").asText())
        .containsPattern("; breaker open, it is asked again in [1-5] s; anchors good until 20");

    Answer required =
        Answer.of(504, doctor.send(ofThames().header("Ermine-Require", "thames-valley-surrey")));
    assertSpared(required);
    Answer whole = Answer.of(200, doctor.send(ofThames()));
    assertSpared(whole);
    assertThat(whole.header("Ermine-Account")).endsWith("asked=2, answered=1, all-answered=?0");
    Answer late = Answer.of(200, doctor.get(path(whole.link(LATE).orElseThrow())));
    assertSpared(late);
    assertThat(late.matches()).as("London was heard already").isEmpty();
    assertThat(late.link(LATE)).as("it may be asked for again").isPresent();
  }

  private static void assertSpared(Answer answer) {
    assertThat(answer.account())
        .filteredOn(line -> line.region().equals("thames-valley-surrey"))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.status()).isEqualTo("unreachable");
              assertThat(line.text())
                  .containsPattern("failed again and again; it is asked again in [1-5] s");
            });
  }

  private static double spared(Scrape scrape) {
    return scrape.value("ermine_region_breaker", "region", "thames-valley-surrey");
  }

  /** Of London, and of Thames Valley, which is down. */
  private static HttpRequest.Builder ofThames() {
    return doctor
        .request("/fhir/Encounter/_search")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Ermine-Regions", "thames-valley-surrey, london")
        .POST(
            BodyPublishers.ofString(
                Asker.encode(
                    Map.of("patient.identifier", Asker.NHS_NUMBER + Stories.REGION_DOWN))));
  }

  private static String path(String url) {
    return url.substring(gateway.base().toString().length());
  }

  @Test
  @Order(6)
  void makesNoSeriesOfWhatAStrangerSends() throws Exception {
    long seed = RandomGenerator.getDefault().nextLong();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Set<Scrape.Series> before = ours(scrape());
    List<Callable<Integer>> odd = Stream.generate(() -> odd(random)).limit(ODD).toList();
    try (ExecutorService strangers = Executors.newFixedThreadPool(16)) {
      for (Future<Integer> status : strangers.invokeAll(odd)) {
        assertThat(status.get()).as("seed %d", seed).isGreaterThanOrEqualTo(400);
      }
    }
    Scrape scrape = scrape();
    assertThat(ours(scrape)).as("seed %d", seed).isEqualTo(before);
    assertThat(scrape.series().stream().map(Scrape.Series::name))
        .as("seed %d: the platform measures itself and no request", seed)
        .allMatch(name -> name.matches("(ermine|jvm|netty|process|system)_.*"));
    assertThat(requests(scrape, "none", "refused") + requests(scrape, "none", "malformed"))
        .isGreaterThan(ODD / 3.0);
  }

  @Test
  @Order(7)
  void dropsTheSeriesOfARegionThatIsGone() throws Exception {
    String good = Files.readString(gateway.regions());
    assertThat(scrape().text()).contains("\"wessex\"");
    write(good.replace("serial: 1", "serial: x"));
    Scrape refused = await(MetersIT::scrape, seen -> seen.value("ermine_regions_refused") == 1);
    assertThat(refused.value("ermine_regions_reloads_total", "result", "refused")).isEqualTo(1);
    write(without("wessex", good));
    Scrape gone =
        await(
            MetersIT::scrape,
            seen ->
                seen.value("ermine_regions_serial") == 2 && !seen.text().contains("\"wessex\""));
    assertThat(gone.text()).contains("\"london\"");
    assertThat(gone.value("ermine_regions_refused")).isZero();
    assertThat(gone.value("ermine_regions_reloads_total", "result", "loaded")).isEqualTo(1);
    assertThat(account(gone, "london", "answered")).as("the others count on").isPositive();
  }

  @Test
  @Order(8)
  void isNotReadyButAliveWithoutAudit() throws Exception {
    Path trail = directory.resolve("trail");
    Path moved = Files.move(trail, directory.resolve("moved"));
    Files.createFile(trail);
    JsonNode down = health("ready", 503);
    assertThat(check(down, "audit").path("fault").asText()).contains("could not be written");
    assertThat(health("live", 200).path("status").asText()).isEqualTo("UP");
    assertThat(doctor.search("Encounter", Stories.RESTRICTED).statusCode()).isEqualTo(503);
    Scrape scrape = scrape();
    assertThat(scrape.value("ermine_audit_available")).isZero();
    assertThat(scrape.value("ermine_audit_failures_total")).isEqualTo(1);
    Files.delete(trail);
    Files.move(moved, trail);
    assertThat(health("ready", 200).path("status").asText()).isEqualTo("UP");
  }

  @Test
  @Order(9)
  void saysItAllInJsonAndNothingOfPatients() {
    gateway.close();
    List<JsonNode> log = gateway.log();
    assertThat(log)
        .allSatisfy(
            line -> {
              assertThat(line.fieldNames())
                  .toIterable()
                  .startsWith("time", "level", "logger", "message");
              assertThat(Instant.parse(line.path("time").asText())).isBefore(Instant.now());
              assertThat(line.path("level").asText()).isIn("ERROR", "WARN", "INFO");
            });
    assertThat(log)
        .extracting(line -> line.path("message").asText())
        .anyMatch(message -> message.contains("quarkus.http.nothing-like-it"))
        .contains(
            "audit records can be kept",
            "regions.yaml is refused, and its last good version stays in force",
            "regions.yaml is in force",
            "audit records cannot be kept")
        .noneMatch(message -> message.contains("health down"));
    assertThat(log)
        .filteredOn(line -> line.path("message").asText().equals("a request failed"))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.path("requestId").asText()).isNotBlank();
              assertThat(line.path("failure").findValuesAsText("class"))
                  .contains("dev.ermine.audit.AuditUnavailableException");
              assertThat(line.toString()).doesNotContain("see to its disk");
            });
    assertThat(gateway.output())
        .doesNotContainPattern("90000000\\d\\d|eyJ|Okafor|Jones|10019")
        .contains("stopped in");
  }

  /** Without the paragraphs that name a region: itself, and the agreements it is in. */
  private static String without(String region, String text) {
    return Arrays.stream(text.split("\n\n"))
        .filter(paragraph -> !paragraph.startsWith("  " + region + ":"))
        .filter(paragraph -> !paragraph.contains("releases: " + region))
        .filter(paragraph -> !paragraph.contains("to: [" + region + "]"))
        .collect(Collectors.joining("\n\n"))
        .replace("serial: 1", "serial: 2");
  }

  /** As an editor does: beside it, then in its place. */
  private static void write(String text) throws IOException {
    Path edited = Files.writeString(directory.resolve("edited.yaml"), text);
    Files.move(edited, gateway.regions(), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Something that nobody has asked before, by somebody with a certificate or without. */
  private static Callable<Integer> odd(RandomGenerator random) {
    String path =
        switch (random.nextInt(6)) {
          case 0 -> "/fhir/" + word(random) + "?" + word(random) + "=" + word(random);
          case 1 -> "/regions/" + word(random) + "/fhir/" + word(random) + "/" + word(random);
          case 2 -> "/fhir/" + word(random) + "/_search";
          case 3 -> "/" + word(random) + "/" + word(random);
          case 4 -> "/fhir/Observation/" + word(random);
          default -> "/fhir/%2e/" + word(random);
        };
    String method = random.nextInt(12) == 0 ? word(random).toUpperCase(Locale.ROOT) : "GET";
    HttpRequest.Builder odd =
        HttpRequest.newBuilder(URI.create(gateway.base() + path))
            .header("X-Request-Id", word(random))
            .header("Ermine-Regions", word(random))
            .header("User-Agent", word(random))
            .method(method, BodyPublishers.noBody());
    if (random.nextBoolean()) {
      odd.header("Authorization", "Bearer " + word(random));
      return () -> doctor.send(odd).statusCode();
    }
    return () -> anyone.send(odd.build(), BodyHandlers.discarding()).statusCode();
  }

  private static String word(RandomGenerator random) {
    return random
        .ints(1 + random.nextInt(12), 'a', 'z' + 1)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  private static Map<String, String> ada(String types) {
    return Map.of("_type", types, "patient.identifier", Asker.NHS_NUMBER + Stories.ADA_OKAFOR);
  }

  private static HttpResponse<byte[]> withToken(String token) {
    return doctor.send(
        HttpRequest.newBuilder(URI.create(gateway.base() + "/fhir/Encounter/_search"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    Asker.encode(
                        Map.of("patient.identifier", Asker.NHS_NUMBER + Stories.UNKNOWN)))));
  }

  private static int byAnyone(String path) throws Exception {
    return anyone
        .send(
            HttpRequest.newBuilder(URI.create(gateway.base() + path)).build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  private static double requests(Scrape scrape, String interaction, String outcome) {
    return scrape.value("ermine_requests_total", "interaction", interaction, "outcome", outcome);
  }

  private static double account(Scrape scrape, String region, String status) {
    return scrape.value("ermine_account_total", "region", region, "status", status);
  }

  private static Set<Scrape.Series> ours(Scrape scrape) {
    return scrape.series().stream()
        .filter(series -> series.name().startsWith("ermine_"))
        .collect(Collectors.toSet());
  }

  private static Scrape scrape() throws Exception {
    HttpResponse<String> scrape = management("/q/metrics");
    assertThat(scrape.statusCode()).isEqualTo(200);
    return new Scrape(scrape.body());
  }

  /** Its body as soon as it has that status. */
  private static JsonNode health(String kind, int status) throws Exception {
    HttpResponse<String> health =
        await(() -> management("/q/health/" + kind), seen -> seen.statusCode() == status);
    return new ObjectMapper().readTree(health.body());
  }

  private static JsonNode check(JsonNode health, String name) {
    return health
        .path("checks")
        .valueStream()
        .filter(check -> check.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow()
        .path("data");
  }

  private static HttpResponse<String> management(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(gateway.management() + path))
            .header("Accept", "text/plain;version=0.0.4, application/json")
            .build(),
        BodyHandlers.ofString());
  }

  private static <T> T await(Callable<T> look, Predicate<T> good) throws Exception {
    Instant end = Instant.now().plus(SOON);
    T seen = look.call();
    while (!good.test(seen)) {
      assertThat(Instant.now()).as("still %s", seen).isBefore(end);
      Thread.sleep(250);
      seen = look.call();
    }
    return seen;
  }
}
