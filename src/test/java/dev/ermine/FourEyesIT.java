package dev.ermine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.region.Approval.Kind;
import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.Answer;
import dev.ermine.testing.Asker;
import dev.ermine.testing.GatewayProcess;
import dev.ermine.testing.Officers;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged gateway where two officers have to sign. No region listens: all are unreachable. */
class FourEyesIT {

  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String PATIENT = "9000000009";

  @TempDir static Path directory;
  private static Instant end;
  private static DevPki pki;
  private static Officers officers;
  private static Path regions;
  private static Path suspensions;
  private static GatewayProcess gateway;
  private static Asker doctor;

  @BeforeAll
  static void start() throws Exception {
    end = Instant.now().plus(Duration.ofDays(7)).truncatedTo(ChronoUnit.SECONDS);
    pki = DevPki.in(directory.resolve("certs"));
    officers = new Officers(directory, "alice", "bob");
    regions = directory.resolve("regions.yaml");
    suspensions = directory.resolve("suspensions.yaml");
    String first = version(1);
    officers.sign(Kind.REGIONS, regions, first, "alice", "bob");
    Map<String, String> properties = new LinkedHashMap<>(officers.properties());
    properties.put("ermine.trust.signatures", "2");
    properties.put("ermine.trust.suspensions", suspensions.toString());
    gateway = GatewayProcess.start(pki, first, directory, properties);
    doctor = gateway.asker("hwe");
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  @Test
  void nobodyWidensTrustAlone() throws Exception {
    assertThat(readiness().path("signedBy").asText()).isEqualTo("alice, bob");
    assertThat(statuses()).containsEntry("london", List.of("unreachable"));

    officers.sign(Kind.REGIONS, regions, version(2), "alice");
    JsonNode refused = await(FourEyesIT::readiness, told -> told.has("refused"));
    assertThat(refused.path("refused").asText()).contains("1 of the 2 officers");
    assertThat(refused.path("serial").asInt()).isEqualTo(1);

    officers.sign(Kind.REGIONS, regions, version(2), "bob", "alice");
    await(FourEyesIT::readiness, told -> told.path("serial").asInt() == 2);

    Instant act = Instant.now();
    suspend(1, "  london: Under review.", "bob");
    await(FourEyesIT::statuses, told -> List.of("suspended").equals(told.get("london")));
    assertThat(Duration.between(act, Instant.now())).isLessThan(Duration.ofSeconds(3));

    suspend(2, "  wessex: Under review.", "bob");
    JsonNode lift = await(FourEyesIT::readiness, told -> told.has("refused"));
    assertThat(lift.path("refused").asText()).contains("suspensions.yaml.jws: ", "1 of the 2");
    assertThat(lift.path("suspensionsSerial").asInt()).isEqualTo(1);
    assertThat(statuses()).containsEntry("london", List.of("suspended"));

    suspend(2, "  london: Under review.\n  hwe: Under review.", "alice");
    HttpResponse<byte[]> told = await(FourEyesIT::answered, answer -> answer.statusCode() == 403);
    JsonNode now = readiness();
    assertThat(now.path("suspensionsSignedBy").asText()).isEqualTo("alice");
    assertThat(now.path("valid").asText()).isEqualTo("until " + end);
    assertThat(gateway.auditOf(told).getLast().findValuesAsText("valueString"))
        .as("a refusal says on which version of trust")
        .contains(now.path("hash").asText());
    assertThat(gateway.told("/q/metrics"))
        .contains("ermine_regions_suspensions_serial 2.0", "ermine_regions_expires_seconds ");
    assertThat(gateway.log())
        .anyMatch(line -> isInForce(line, "regions.yaml is in force", 2, "alice, bob"))
        .anyMatch(line -> isInForce(line, "suspensions.yaml is in force", 1, "bob"))
        .anyMatch(line -> line.path("message").asText().startsWith("regions.yaml ends soon"));
  }

  private static boolean isInForce(JsonNode line, String message, int serial, String signedBy) {
    return line.path("message").asText().equals(message)
        && line.path("serial").asInt() == serial
        && line.path("signedBy").asText().equals(signedBy);
  }

  private static void suspend(int serial, String regions, String officer) {
    String text = "version: 1\nserial: " + serial + "\nsuspended:\n" + regions + "\n";
    officers.sign(Kind.SUSPENSIONS, suspensions, text, officer);
  }

  private static String version(int serial) throws Exception {
    String text = Files.readString(Path.of("regions.yaml"));
    return Officers.bound(
        text.replace("serial: 1 ", "serial: " + serial + " "),
        pki.directory(),
        end.minus(Duration.ofDays(30)),
        end);
  }

  private static Map<String, List<String>> statuses() {
    return Answer.of(502, doctor.search("Condition", PATIENT)).statuses();
  }

  private static JsonNode readiness() throws Exception {
    return new ObjectMapper()
        .readTree(gateway.told("/q/health/ready"))
        .path("checks")
        .valueStream()
        .filter(check -> check.path("name").asText().equals("regions.yaml"))
        .findFirst()
        .orElseThrow()
        .path("data");
  }

  /** An answer that is on its way when trust in its asker ends is cut; the next one says why. */
  private static HttpResponse<byte[]> answered() {
    try {
      return doctor.search("Condition", PATIENT);
    } catch (UncheckedIOException cut) {
      return doctor.search("Condition", PATIENT);
    }
  }

  private static <T> T await(Callable<T> look, Predicate<T> good) throws Exception {
    Instant latest = Instant.now().plus(SOON);
    T seen = look.call();
    while (!good.test(seen)) {
      assertThat(Instant.now()).as("still %s", seen).isBefore(latest);
      Thread.sleep(100);
      seen = look.call();
    }
    return seen;
  }
}
