package dev.ermine.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The events in an audit file, read from its beginning to its end, one at a time. */
public final class PastEvents {

  static final JsonMapper JSON =
      JsonMapper.builder(JsonFactory.builder().build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private PastEvents() {}

  /**
   * What a reading came to.
   *
   * @param events that were told
   * @param unreadable lines that are no event of this gateway, or not whole
   */
  public record Read(long events, long unreadable) {}

  /** Tells each event of the file. */
  public static Read read(Path file, Consumer<PastEvent> each) throws IOException {
    long[] counts = new long[2];
    long unread =
        Lines.read(
            file,
            line -> {
              Optional<PastEvent> event = event(line);
              event.ifPresent(each);
              counts[event.isPresent() ? 0 : 1]++;
            });
    return new Read(counts[0], counts[1] + unread);
  }

  /** The events of the request of that id, in the file's order. */
  public static List<PastEvent> of(Path file, String requestId) throws IOException {
    String wanted = asBytes(requestId);
    List<PastEvent> events = new ArrayList<>();
    Lines.read(
        file,
        line -> {
          // Most lines are of other requests, and need not be parsed to know it.
          if (contains(line, wanted)) {
            event(line).filter(it -> it.requestId().equals(requestId)).ifPresent(events::add);
          }
        });
    return events;
  }

  private static String asBytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /**
   * Whether these bytes stand in the line. As characters of one byte each, for the JVM searches
   * those in great strides.
   */
  static boolean contains(byte[] line, String wanted) {
    return new String(line, StandardCharsets.ISO_8859_1).contains(wanted);
  }

  static Optional<PastEvent> event(byte[] line) {
    return tree(line).flatMap(EventReader::read);
  }

  /** The JSON that a line is; empty where it is none, as after a crash. */
  static Optional<JsonNode> tree(byte[] line) {
    try {
      return Optional.of(JSON.readTree(line));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException("bytes in memory can be read", impossible);
    }
  }
}
