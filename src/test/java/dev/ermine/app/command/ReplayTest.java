package dev.ermine.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.audit.AuditEventWriter;
import dev.ermine.audit.AuditRecord;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.region.RegionId;
import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.Canaries;
import dev.ermine.testing.Given;
import dev.ermine.trust.Requester;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Past queries in audit files: explained, replayed, pseudonymised. */
class ReplayTest {

  private static final RegionId LONDON = new RegionId("london");
  private static final RegionId WESSEX = new RegionId("wessex");
  private static final AuditEventWriter WRITER =
      new AuditEventWriter(Given.gateway(), URI.create("https://gateway.example"));

  @TempDir static Path directory;
  private static Path audit;

  private record Ran(int exit, String out, String err) {}

  /** Three queries that London answers, one of them by a role that no agreement has; a torn end. */
  @BeforeAll
  static void writeFiles() throws IOException {
    DevPki.in(directory);
    Files.copy(Path.of("regions.yaml"), directory.resolve("regions.yaml"));
    audit = directory.resolve("audit.ndjson");
    try (OutputStream out = Files.newOutputStream(audit)) {
      for (int i = 0; i < 3; i++) {
        write(out, intent("r-" + i, List.of("Flag", "AllergyIntolerance")));
        write(out, outcome("r-" + i));
      }
      write(out, refusal("r-refused", "NO_AGREEMENT", List.of("Flag")));
      write(out, refusal("r-replayed", "TOKEN_REPLAYED", List.of()));
      out.write("{\"no\":\"event\"}\n{\"resourceType\":\"Audit".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void write(OutputStream out, AuditRecord record) throws IOException {
    out.write(WRITER.write(record));
    out.write('\n');
  }

  private static AuditRecord.Query query(String id, List<String> types) {
    return new AuditRecord.Query(
        id,
        "192.0.2.1",
        Given.requester("thumbprint", Optional.of(Given.ADA)),
        Given.ADA,
        AuditRecord.Interaction.SEARCH_SYSTEM,
        "?_type=Flag,AllergyIntolerance&name=Okafor",
        types,
        "a".repeat(64));
  }

  private static AuditRecord intent(String id, List<String> types) {
    return new AuditRecord.Intent(
        Given.NOON,
        query(id, types),
        Map.of(LONDON, List.of("DSA-2021-LCR-HWE")),
        Map.of(WESSEX, List.of("left-out-by-asker")));
  }

  private static AuditRecord outcome(String id) {
    return new AuditRecord.Outcome(
        Given.NOON.plusSeconds(1),
        query(id, List.of("Flag", "AllergyIntolerance")),
        200,
        Map.of(LONDON, "answered"),
        List.of("london/Flag/9000000009-okafor"));
  }

  private static AuditRecord refusal(String id, String reason, List<String> types) {
    Requester asker = Given.requester("thumbprint");
    return new AuditRecord.Refusal(
        Given.NOON,
        id,
        "192.0.2.1",
        reason,
        403,
        Optional.of(asker.region()),
        Optional.of(asker),
        "search",
        types,
        "hash");
  }

  @Test
  void explainsAPastRequestInWords() {
    Ran ran = explain("r-refused");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out())
        .contains("refusal of hwe at search: NO_AGREEMENT (403): no agreement permitted");
    assertThat(Canaries.in("out", ran.out())).isEmpty();
    Ran answered = explain("r-1");
    assertThat(answered.exit()).isZero();
    assertThat(answered.out())
        .contains("intent of hwe", "asked london: DSA-2021-LCR-HWE", "not asked wessex")
        .contains("left-out-by-asker: the asker had left the region out.")
        .contains("answered 200", "london answered");
    assertThat(Canaries.in("out", answered.out())).isEmpty();
  }

  @Test
  void knowsOnlyTheRequestsOfTheFile() {
    assertThat(explain("r-").exit()).isEqualTo(1);
    assertThat(explain("r-").err()).contains("no request of that id");
    assertThat(explain("r-").out()).isEmpty();
  }

  @Test
  void replaysPastQueries() throws IOException {
    Path narrower = narrower();
    Ran ran = diff(narrower);

    assertThat(ran.out())
        .contains("replay: breaks 1 region and 4 of 4 queries; opens something for 0")
        .contains("replay: closes Flag of london to hwe for 4")
        .contains("replay: 4 other events were left alone, 2 lines could not be read");
    assertThat(ran.exit()).isEqualTo(1);
  }

  @Test
  void replaysInJson() throws IOException {
    Ran ran = diff(narrower(), "--json");
    JsonNode replay = new ObjectMapper().readTree(ran.out()).path("replay");

    assertThat(replay.path("queries").asInt()).isEqualTo(4);
    assertThat(replay.at("/closes/0/type").asText()).isEqualTo("Flag");
    assertThat(replay.at("/closes/0/queries").asInt()).isEqualTo(4);
    assertThat(replay.path("opens").isEmpty()).isTrue();
  }

  @Test
  void decidesEachQueryAtItsOwnInstantUnlessToldWhen() {
    Path file = directory.resolve("regions.yaml");
    Ran ended = diff(file, "--at", "2040-01-01");

    assertThat(ended.out()).contains("replay: breaks 0 regions and 0 of 4 queries");
    assertThat(diff(file).out()).contains("no decision differs");
    assertThat(diff(file).exit()).isZero();
  }

  @Test
  void leavesNobodyInAPseudonymisedFile() throws IOException {
    Ran ran = run(List.of("pseudonymise", audit.toString()));

    assertThat(ran.exit()).isZero();
    assertThat(ran.out().lines()).hasSize(8);
    assertThat(ran.err()).contains("2 lines were left out");
    assertThat(Canaries.in("out", ran.out())).isEmpty();
    assertThat(ran.out())
        .doesNotContain("r-1", "Jones", "111222333444", "10019", "jti-", "okafor", "directcare")
        .doesNotContain("192.0.2.1", "Princess", "query\"");
    Path without = Files.writeString(directory.resolve("without.ndjson"), ran.out());
    Path narrower = narrower();
    assertThat(diff(narrower, without).out())
        .contains(
            "replay: breaks 1 region and 4 of 4 queries", "closes Flag of london to hwe for 4");
  }

  @Test
  void givesTheSamePseudonymsUnderTheSameKeyAlone() throws IOException {
    Path key = Files.write(directory.resolve("pseudonym.key"), new byte[32]);
    List<String> kept = List.of("pseudonymise", audit.toString(), "--key", key.toString());

    assertThat(run(kept).out()).isEqualTo(run(kept).out());
    assertThat(run(List.of("pseudonymise", audit.toString())).out()).isNotEqualTo(run(kept).out());
    Path poor = Files.write(directory.resolve("poor.key"), new byte[31]);
    Ran refused = run(List.of("pseudonymise", audit.toString(), "--key", poor.toString()));
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.out()).isEmpty();
  }

  /** The bound is generous: equal questions are decided once, so it is the reading that counts. */
  @Test
  void replaysAWeekInSeconds() throws IOException {
    Path week = directory.resolve("week.ndjson");
    List<byte[]> lines = new ArrayList<>();
    for (int i = 0; i < 18_900; i++) {
      lines.add(WRITER.write(intent("w-" + i, List.of("Flag", "AllergyIntolerance"))));
    }
    try (OutputStream out = Files.newOutputStream(week, StandardOpenOption.CREATE)) {
      for (byte[] line : lines) {
        out.write(line);
        out.write('\n');
      }
    }
    Instant began = Instant.now();
    Ran ran = diff(narrower(), week);

    assertThat(ran.out()).contains("18,900 of 18,900 queries");
    assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(60));
  }

  /** The number is a test's own. */
  @Test
  void isAboutSomebody() {
    assertThat(NhsNumber.parse(Given.ADA.value())).isPresent();
    assertThat(Canaries.in("audit", audit())).isNotEmpty();
  }

  private static String audit() {
    try {
      return Files.readString(audit);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** With London's agreement releasing no Flag. */
  private static Path narrower() throws IOException {
    String text = Files.readString(directory.resolve("regions.yaml"));
    int agreement = text.indexOf("id: DSA-2021-LCR-HWE");
    int flag = text.indexOf("Flag", agreement);
    assertThat(text.substring(agreement, flag)).doesNotContain("- id:");
    String changed = text.substring(0, flag) + text.substring(flag + "Flag, ".length());
    return Files.writeString(Files.createTempFile(directory, "regions", ".yaml"), changed);
  }

  private static Ran explain(String id) {
    return run(List.of("explain", "--request", id, "--audit", audit.toString()));
  }

  private static Ran diff(Path now, String... more) {
    return diff(now, audit, more);
  }

  private static Ran diff(Path now, Path past, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("diff", directory.resolve("regions.yaml").toString(), now.toString()));
    words.addAll(List.of("--replay", past.toString()));
    words.addAll(List.of("--certs", directory.toString()));
    words.addAll(List.of(more));
    return execute(words);
  }

  private static Ran run(List<String> words) {
    List<String> all = new ArrayList<>(words);
    all.addAll(
        List.of(
            "--regions",
            directory.resolve("regions.yaml").toString(),
            "--certs",
            directory.toString()));
    return execute(all);
  }

  private static Ran execute(List<String> words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    int exit =
        TrustCommand.run(
            () -> Given.NOON, out, new PrintWriter(err, true), words.toArray(String[]::new));
    return new Ran(exit, out.toString(StandardCharsets.UTF_8), err.toString());
  }
}
