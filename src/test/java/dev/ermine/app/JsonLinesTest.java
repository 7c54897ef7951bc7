package dev.ermine.app;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A line of the log. */
class JsonLinesTest {

  private static final String CANARY = "9000000009";

  private final JsonLines lines = new JsonLines();

  @Test
  void hasItsFixedFieldsInOrder() {
    JsonNode line = line(record(Level.INFO, "regions.yaml is in force"));
    assertThat(line.toString())
        .isEqualTo(
            "{\"time\":\"2026-11-21T12:00:00.500Z\",\"level\":\"INFO\",\"logger\":\"dev.ermine.Any\","
                + "\"message\":\"regions.yaml is in force\"}");
  }

  @Test
  void keepsTheMessageConstantAndWritesWhatVariesAsFields() {
    ExtLogRecord record = record(Level.INFO, "regions.yaml is in force");
    record.setParameters(
        new Object[] {entry("serial", 7), entry("hash", "ab\"cd"), entry("count", 8L)});
    JsonNode line = line(record);
    assertThat(line.get("message").asText()).isEqualTo("regions.yaml is in force");
    assertThat(line.get("serial").isInt()).isTrue();
    assertThat(line.get("hash").asText()).isEqualTo("ab\"cd");
    assertThat(line.get("count").asLong()).isEqualTo(8);
  }

  @Test
  void writesTheMessagesOfLibrariesAsTheyFormatThem() {
    ExtLogRecord record = record(Level.INFO, "Profile %s activated");
    record.setParameters(new Object[] {"prod"});
    assertThat(line(record).get("message").asText()).isEqualTo("Profile prod activated");
  }

  @Test
  void hasOfAnExceptionClassesAndPlacesAlone() {
    ExtLogRecord record = record(Level.SEVERE, "a request failed");
    record.setThrown(
        new IllegalStateException("of " + CANARY, new IOException("caused by " + CANARY)));
    JsonNode line = line(record);
    assertThat(line.get("failure").findValuesAsText("class"))
        .containsExactly("java.lang.IllegalStateException", "java.io.IOException");
    assertThat(line.at("/failure/0/at/0").asText())
        .contains("JsonLinesTest.hasOfAnExceptionClassesAndPlacesAlone(JsonLinesTest.java:");
    assertThat(line.toString()).doesNotContain(CANARY);
  }

  @Test
  void leavesOutWhatAMessageQuotesOfItsException() {
    IOException cause = new IOException("bad byte in " + CANARY);
    RuntimeException failure = new UncheckedIOException(cause);
    for (String message :
        List.of(
            "Unhandled: " + failure.getMessage(), String.valueOf(failure), cause.getMessage())) {
      ExtLogRecord record = new ExtLogRecord(Level.SEVERE, message, FormatStyle.NO_FORMAT, "x");
      record.setLoggerName("io.vertx.Any");
      record.setThrown(failure);
      assertThat(line(record).toString()).doesNotContain(CANARY);
    }
  }

  @Test
  void endsWithACircleOfCauses() {
    IllegalStateException first = new IllegalStateException("one");
    first.initCause(new IllegalArgumentException("other", first));
    ExtLogRecord record = record(Level.SEVERE, "a request failed");
    record.setThrown(first);
    assertThat(line(record).get("failure").size()).isBetween(2, 10);
  }

  @Test
  void isOneLineWhateverItSays() {
    String text = lines.format(record(Level.INFO, "one\n{\"level\":\"forged\"}\r\u2028two\u0000"));
    assertThat(text).endsWith("}\n");
    assertThat(text.lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "SEVERE, ERROR",
    "WARNING, WARN",
    "INFO, INFO",
    "CONFIG, DEBUG",
    "FINE, DEBUG",
    "FINEST, DEBUG"
  })
  void hasOneScaleOfLevels(String level, String written) {
    assertThat(line(record(Level.parse(level), "any")).get("level").asText()).isEqualTo(written);
  }

  @Test
  void takesOfTheContextTheTraceAlone() {
    ExtLogRecord record = record(Level.INFO, "any");
    record.setMdc(Map.of("trace_id", "0af7", "span_id", "b7ad", "patient", CANARY));
    JsonNode line = line(record);
    assertThat(line.get("traceId").asText()).isEqualTo("0af7");
    assertThat(line.get("spanId").asText()).isEqualTo("b7ad");
    assertThat(line.size()).isEqualTo(6);
  }

  private static ExtLogRecord record(Level level, String message) {
    ExtLogRecord record = new ExtLogRecord(level, message, FormatStyle.PRINTF, "x");
    record.setLoggerName("dev.ermine.Any");
    record.setInstant(Instant.parse("2026-11-21T12:00:00.5Z"));
    return record;
  }

  private JsonNode line(ExtLogRecord record) {
    try {
      return new ObjectMapper().readTree(lines.format(record));
    } catch (IOException e) {
      throw new AssertionError("a line is not JSON", e);
    }
  }
}
