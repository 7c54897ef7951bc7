package dev.ermine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.sandbox.PeerRegion;
import dev.ermine.sandbox.Stories;
import dev.ermine.testing.Answer;
import dev.ermine.testing.House;
import dev.ermine.testing.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An officer's edits of {@code regions.yaml} under the running gateway. */
class ReloadIT {

  private static final Duration SOON = Duration.ofSeconds(15);

  @TempDir static Path directory;
  private static House house;
  private static String good;

  @BeforeAll
  static void open() throws IOException {
    house = House.open(directory);
    good = Files.readString(house.gateway().regions());
  }

  @AfterAll
  static void close() {
    if (house != null) {
      house.close();
    }
  }

  @AfterEach
  void undo() throws Exception {
    write(good);
    awaitStatus("london", "answered");
  }

  @Test
  void asksNoMoreOnceAnAgreementIsGone() throws Exception {
    write(
        good.replace(
            "    releases: london\n    to: [hwe]", "    releases: london\n    to: [wessex]"));
    Answer answer = awaitStatus("london", "not-asked");
    assertThat(answer.entries("london")).isEmpty();
    assertThat(answer.account().getFirst().rules()).contains("default-deny");
  }

  @Test
  void keepsTheLastGoodVersionWhenAnEditIsFaulty() throws Exception {
    assertThat(search().statuses()).containsEntry("london", List.of("answered"));
    String faulty = good.replace("status: active  ", "status: activ  ");
    assertThat(faulty).isNotEqualTo(good);
    write(faulty);
    JsonNode ready = await(this::readiness, told -> told.has("refused"));
    assertThat(ready.path("refused").asText())
        .matches("(?s)regions\\.yaml:\\d+.*")
        .contains(" regions.london.status: ");
    assertThat(house.gateway().log())
        .anyMatch(
            line ->
                says(line, "regions.yaml is refused, and its last good version stays in force")
                    && line.path("serial").asInt() == 1)
        .anyMatch(
            line ->
                says(line, "regions.yaml has a fault")
                    && line.path("fault").equals(ready.path("refused")));
    assertThat(search().statuses()).containsEntry("london", List.of("answered"));
    write(good);
    await(this::readiness, told -> !told.has("refused"));
  }

  @Test
  void asksNoMoreOnceARegionIsSuspended() throws Exception {
    write(suspended("london"));
    Answer answer = awaitStatus("london", "suspended");
    assertThat(answer.entries("london")).isEmpty();
    assertThat(answer.account().getFirst().text()).contains("An incident is being looked into.");
    assertThat(answer.header("Ermine-Account")).endsWith("all-answered=?0");
  }

  @Test
  void hearsNoMoreOnceTheAskerIsSuspended() throws Exception {
    write(suspended("hwe"));
    Answer answer = await(this::search, refused -> refused.status() == 403);
    assertThat(answer.resource().path("resourceType").asText()).isEqualTo("OperationOutcome");
    assertThat(answer.outcome().path("issue")).hasSize(1);
  }

  @Test
  void tellsWhereNobodyListens() throws Exception {
    String base = house.sandbox().base(PeerRegion.LONDON).toString();
    write(good.replace("base: " + base, "base: https://localhost:" + Ports.free() + "/fhir"));
    Answer answer = awaitStatus("london", "unreachable");
    assertThat(answer.sentence()).contains("London Care Record could not be reached");
    assertThat(answer.statuses()).containsEntry("greater-manchester", List.of("not-matched"));
  }

  private static boolean says(JsonNode line, String message) {
    return line.path("message").asText().equals(message);
  }

  private static String suspended(String region) {
    String entry = "  " + region + ":\n";
    int start = good.indexOf(entry);
    int status = good.indexOf("status: active", start);
    return good.substring(0, status)
        + "status: suspended\n    public: An incident is being looked into."
        + good.substring(good.indexOf('\n', status));
  }

  /** As an editor does: beside it, then in its place. */
  private static void write(String text) throws IOException {
    Path edited = Files.writeString(directory.resolve("edited.yaml"), text);
    Files.move(
        edited,
        house.gateway().regions(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private Answer search() {
    return Answer.of(house.doctor().search("Encounter", Stories.RESTRICTED));
  }

  private Answer awaitStatus(String region, String status) throws Exception {
    return await(this::search, answer -> List.of(status).equals(answer.statuses().get(region)));
  }

  private JsonNode readiness() throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var ready =
          http.send(
              HttpRequest.newBuilder(URI.create(house.gateway().management() + "/q/health/ready"))
                  .build(),
              BodyHandlers.ofString());
      assertThat(ready.statusCode()).isEqualTo(200);
      JsonNode told = new ObjectMapper().readTree(ready.body());
      assertThat(told.path("status").asText()).isEqualTo("UP");
      return told.path("checks")
          .valueStream()
          .filter(check -> check.path("name").asText().equals("regions.yaml"))
          .findFirst()
          .orElseThrow()
          .path("data");
    }
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
