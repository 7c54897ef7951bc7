package dev.ermine.audit;

import static dev.ermine.audit.Records.intent;
import static dev.ermine.audit.Records.outcome;
import static dev.ermine.audit.Records.refusal;
import static dev.ermine.audit.Records.search;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ermine.audit.AuditRecord.Interaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AuditFileTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path directory;

  @Test
  void recordsAreInTheFileWhenCallsReturn() throws IOException {
    try (AuditFile audit = open()) {
      audit.intend(intent(search()));
      assertThat(events()).hasSize(1);
      audit.record(outcome(search(), 200, "london/Observation/1"));
      assertThat(events()).hasSize(2);
      audit.refuse(refusal(401, Optional.empty()));
      assertThat(events()).hasSize(3);
    }
    assertThat(events())
        .extracting(AuditFileTest::phase)
        .containsExactly("intent", "outcome", "refusal");
  }

  @Test
  void manyCallersShareTripsToTheDiskAndLoseNoLine() throws Exception {
    AtomicInteger trips = new AtomicInteger();
    int callers = 200;
    Disk disk = counting(new LineFile(file()), trips);
    try (AuditFile audit = new AuditFile(disk, Records.writer(), PATIENCE);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        String id = "r-" + i;
        calls.add(threads.submit(() -> audit.intend(intent(searchOf(id)))));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    }

    assertThat(events())
        .extracting(AuditFileTest::requestId)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, callers).mapToObj(i -> "r-" + i).toList());
    assertThat(trips.get()).isPositive().isLessThan(callers);
  }

  /** A disk that counts its trips, and takes a moment for each, as disks do. */
  private static Disk counting(LineFile file, AtomicInteger trips) {
    return new Disk() {
      @Override
      public void append(List<byte[]> lines) throws IOException {
        trips.incrementAndGet();
        FakeDisk.pause(Duration.ofMillis(2));
        file.append(lines);
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void createsTheFileForItsOwnerAlone() throws IOException {
    try (AuditFile audit = open()) {
      audit.intend(intent(search()));
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void goesOnWhereTheFileEnds() throws IOException {
    for (int i = 0; i < 3; i++) {
      try (AuditFile audit = open()) {
        audit.intend(intent(searchOf("r-" + i)));
      }
    }
    assertThat(events()).extracting(AuditFileTest::requestId).containsExactly("r-0", "r-1", "r-2");
  }

  @Test
  void startsOnNewLineAfterTornOne() throws IOException {
    Files.writeString(file(), "{\"whole\":1}\n{\"torn");
    try (AuditFile audit = open()) {
      audit.intend(intent(search()));
      audit.record(outcome(search(), 200));
    }

    List<String> lines = Files.readAllLines(file());
    assertThat(lines).hasSize(4).startsWith("{\"whole\":1}", "{\"torn");
    assertThat(phase(JSON.readTree(lines.get(2)))).isEqualTo("intent");
    assertThat(phase(JSON.readTree(lines.get(3)))).isEqualTo("outcome");
  }

  @Test
  void writesNewFileWhenItsOwnWasMovedAway() throws IOException {
    try (AuditFile audit = open()) {
      audit.intend(intent(searchOf("before")));
      Files.move(file(), directory.resolve("rotated"));
      audit.intend(intent(searchOf("after")));

      assertThat(events()).extracting(AuditFileTest::requestId).containsExactly("after");
      assertThat(events(directory.resolve("rotated")))
          .extracting(AuditFileTest::requestId)
          .containsExactly("before");
    }
  }

  @Test
  void writesNewFileWhenItsOwnWasReplaced() throws IOException {
    try (AuditFile audit = open()) {
      audit.intend(intent(searchOf("before")));
      Path other = directory.resolve("other");
      Files.createFile(other);
      Files.move(other, file(), StandardCopyOption.REPLACE_EXISTING);
      audit.intend(intent(searchOf("after")));

      assertThat(events()).extracting(AuditFileTest::requestId).containsExactly("after");
    }
  }

  @Test
  void failsWhileTheDirectoryIsGoneAndRecoversWhenItIsBack() throws IOException {
    Path inner = Files.createDirectory(directory.resolve("inner"));
    Path file = inner.resolve("audit.ndjson");
    try (AuditFile audit = new AuditFile(file, Records.writer(), PATIENCE)) {
      audit.intend(intent(searchOf("before")));
      assertThat(audit.fault()).isEmpty();

      Files.delete(file);
      Files.delete(inner);
      assertThatExceptionOfType(AuditUnavailableException.class)
          .isThrownBy(() -> audit.intend(intent(searchOf("lost"))))
          .withCauseInstanceOf(IOException.class);
      assertThat(audit.fault()).isPresent();

      Files.createDirectory(inner);
      assertThat(audit.fault()).isEmpty();
      audit.intend(intent(searchOf("after")));
      assertThat(events(file)).extracting(AuditFileTest::requestId).containsExactly("after");
    }
  }

  @Test
  void refusesWhatIsNoFile() {
    try (AuditFile audit = new AuditFile(directory, Records.writer(), PATIENCE)) {
      assertThatExceptionOfType(AuditUnavailableException.class)
          .isThrownBy(() -> audit.intend(intent(search())))
          .havingCause()
          .withMessageContaining("not a regular file");
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void refusesTheDeviceThatForgetsEverything() {
    try (AuditFile audit = new AuditFile(Path.of("/dev/null"), Records.writer(), PATIENCE)) {
      assertThat(audit.fault()).isPresent();
    }
  }

  @Test
  void showsThatItIsAvailableWithoutWritingAnything() throws IOException {
    try (AuditFile audit = open()) {
      assertThat(audit.fault()).isEmpty();
    }
    assertThat(Files.size(file())).isZero();
  }

  @Test
  void takesNoMoreOnceClosed() {
    AuditFile audit = open();
    audit.close();
    audit.close();

    assertThat(audit.fault()).isPresent();
    assertThatExceptionOfType(AuditUnavailableException.class)
        .isThrownBy(() -> audit.intend(intent(search())))
        .withMessageContaining("closed");
  }

  private AuditFile open() {
    return new AuditFile(file(), Records.writer(), PATIENCE);
  }

  private Path file() {
    return directory.resolve("audit.ndjson");
  }

  private static AuditRecord.Query searchOf(String requestId) {
    return Records.query(
        requestId, Interaction.SEARCH_TYPE, Records.requester(Optional.of("111222333444")));
  }

  private List<JsonNode> events() throws IOException {
    return events(file());
  }

  private static List<JsonNode> events(Path file) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      events.add(JSON.readTree(line));
    }
    return events;
  }

  private static String phase(JsonNode event) {
    return transaction(event).at("/detail/0/valueString").asText();
  }

  private static String requestId(JsonNode event) {
    return transaction(event).at("/what/identifier/value").asText();
  }

  private static JsonNode transaction(JsonNode event) {
    JsonNode entities = event.get("entity");
    return entities.get(entities.size() - 1);
  }
}
