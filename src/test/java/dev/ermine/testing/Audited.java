package dev.ermine.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an audit file holds, read while its gateway may be writing: what stands after the last end
 * of a line is not there yet.
 *
 * @param events in the file's order
 * @param torn lines that are no JSON: cut short by the end of a process, and answered to nobody
 */
public record Audited(List<JsonNode> events, List<String> torn) {

  private static final ObjectMapper JSON = new ObjectMapper();

  public static Audited in(Path file) {
    var audited = new Audited(new ArrayList<>(), new ArrayList<>());
    lines(file).forEach(audited::add);
    return audited;
  }

  private static Stream<String> lines(Path file) {
    try {
      String text = Files.readString(file);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String line) {
    try {
      events.add(JSON.readTree(line));
    } catch (JsonProcessingException e) {
      torn.add(line);
    }
  }

  /** The events of the request with that id. */
  public List<JsonNode> eventsOf(String requestId) {
    return events.stream().filter(event -> requestId.equals(requestId(event))).toList();
  }

  /** What became of each request, by its id: {@code intent}, {@code outcome}, {@code refusal}. */
  public Map<String, List<String>> phases() {
    var phases = new LinkedHashMap<String, List<String>>();
    for (JsonNode event : events) {
      phases.computeIfAbsent(requestId(event), id -> new ArrayList<>()).add(phase(event));
    }
    return phases;
  }

  private static String requestId(JsonNode event) {
    return transaction(event).at("/what/identifier/value").asText();
  }

  private static String phase(JsonNode event) {
    Optional<JsonNode> phase =
        transaction(event)
            .path("detail")
            .valueStream()
            .filter(detail -> detail.path("type").asText().equals("phase"))
            .findFirst();
    return phase.orElseThrow().path("valueString").asText();
  }

  private static JsonNode transaction(JsonNode event) {
    return event
        .path("entity")
        .valueStream()
        .filter(entity -> entity.at("/type/code").asText().equals("XrequestId"))
        .findFirst()
        .orElseThrow();
  }
}
