package dev.ermine.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.handlers.ConsoleHandler;
import org.jspecify.annotations.Nullable;

/**
 * The log: one JSON object a line, whoever speaks. Its message is constant where it is ours; what
 * varies are fields, given as {@link Map.Entry} parameters of the call.
 *
 * <p>Of an exception it has classes and places, never the message: that may quote what a stranger
 * or a peer sent, and so a patient.
 */
final class JsonLines extends ExtFormatter {

  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  /** What tracing agents put beside a record, as they name it, and as it is written. */
  private static final Map<String, String> TRACING =
      Map.of("trace_id", "traceId", "span_id", "spanId");

  private static final int MOST_CAUSES = 6;
  private static final int MOST_PLACES = 16;

  /** Makes it the only log of this process, on standard output, from now on. */
  static void begin() {
    Logger root = LogContext.getLogContext().getLogger("");
    root.setLevel(Level.WARNING);
    root.setHandlers(
        new Handler[] {new ConsoleHandler(ConsoleHandler.Target.SYSTEM_OUT, new JsonLines())});
  }

  @Override
  public String format(ExtLogRecord record) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("time", TIME.format(record.getInstant()));
      json.writeStringField("level", level(record.getLevel()));
      json.writeStringField("logger", record.getLoggerName());
      json.writeStringField("message", message(record));
      writeFields(record, json);
      writeTrace(record, json);
      writeFailure(record.getThrown(), json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string takes whatever is written", e);
    }
    return line.append('\n').toString();
  }

  /** One scale, whichever logging library speaks. */
  private static String level(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (value >= Level.WARNING.intValue()) {
      return "WARN";
    }
    return value >= Level.INFO.intValue() ? "INFO" : "DEBUG";
  }

  /** Without what it quotes of the exception. */
  private String message(ExtLogRecord record) {
    String message = String.valueOf(formatMessage(record));
    for (Throwable cause : causes(record.getThrown())) {
      String quoted = cause.getMessage();
      if (quoted != null && !quoted.isBlank()) {
        message = message.replace(quoted, "…");
      }
    }
    return message;
  }

  private static void writeFields(ExtLogRecord record, JsonGenerator json) throws IOException {
    @Nullable Object @Nullable [] parameters = record.getParameters();
    if (parameters == null) {
      return;
    }
    for (Object parameter : parameters) {
      if (parameter instanceof Map.Entry<?, ?> field) {
        json.writeFieldName(String.valueOf(field.getKey()));
        switch (field.getValue()) {
          case Integer number -> json.writeNumber(number);
          case Long number -> json.writeNumber(number);
          case Object other -> json.writeString(other.toString());
        }
      }
    }
  }

  private static void writeTrace(ExtLogRecord record, JsonGenerator json) throws IOException {
    for (Map.Entry<String, String> known : TRACING.entrySet()) {
      String value = record.getMdc(known.getKey());
      if (value != null) {
        json.writeStringField(known.getValue(), value);
      }
    }
  }

  private static void writeFailure(@Nullable Throwable failure, JsonGenerator json)
      throws IOException {
    if (failure == null) {
      return;
    }
    json.writeArrayFieldStart("failure");
    for (Throwable cause : causes(failure)) {
      json.writeStartObject();
      json.writeStringField("class", cause.getClass().getName());
      json.writeArrayFieldStart("at");
      StackTraceElement[] places = cause.getStackTrace();
      for (int i = 0; i < Math.min(places.length, MOST_PLACES); i++) {
        json.writeString(places[i].toString());
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** The exception and what caused it, as far as it goes; a circle ends, too. */
  private static List<Throwable> causes(@Nullable Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    @Nullable Throwable cause = failure;
    while (cause != null && causes.size() < MOST_CAUSES) {
      causes.add(cause);
      cause = cause.getCause();
    }
    return causes;
  }
}
