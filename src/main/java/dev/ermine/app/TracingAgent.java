package dev.ermine.app;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/**
 * OpenTelemetry's Java agent, where the process has it: it may record the gateway's own spans and
 * nothing else. What it would make of HTTP by itself holds URLs, and the URL of a search by GET
 * holds an NHS number.
 *
 * <p>Settings are read as the agent reads them: from its file, over that from the environment, over
 * that from system properties, and {@code .}, {@code -} and {@code _} alike.
 *
 * @see <a href="https://opentelemetry.io/docs/zero-code/java/agent/disable/">OpenTelemetry:
 *     suppressing specific instrumentation</a>
 */
final class TracingAgent {

  private static final String FILE = "otel.javaagent.configuration.file";
  private static final String ALL = "otel.instrumentation.common.default.enabled";
  private static final String OWN = "otel.instrumentation.opentelemetry.api.enabled";

  /** With these the settings are others, or there is more to set than is known here. */
  private static final Set<String> BEYOND =
      Set.of(
          "otel.config.file",
          "otel.experimental.config.file",
          "otel.javaagent.extensions",
          "otel.javaagent.experimental.extensions");

  private final Map<String, String> settings = new HashMap<>();
  private final List<String> faults = new ArrayList<>();

  private TracingAgent() {}

  /** Why the agent of this process, if it has one, may not watch the gateway. */
  static List<String> faults() {
    Map<String, String> properties = new HashMap<>();
    System.getProperties()
        .stringPropertyNames()
        .forEach(name -> properties.put(name, System.getProperty(name)));
    return isHere() ? faults(properties, System.getenv()) : List.of();
  }

  /** However it came here, its jar is searched by the boot loader. */
  private static boolean isHere() {
    try {
      Class.forName("io.opentelemetry.javaagent.OpenTelemetryAgent", false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Why an agent with these settings may not. */
  static List<String> faults(Map<String, String> properties, Map<String, String> environment) {
    TracingAgent agent = new TracingAgent();
    agent.read(properties, environment);
    agent.judge();
    return List.copyOf(agent.faults);
  }

  private void read(Map<String, String> properties, Map<String, String> environment) {
    add(environment);
    add(properties);
    String file = settings.getOrDefault(FILE, "");
    if (!file.isEmpty()) {
      add(fileOf(file));
      add(environment);
      add(properties);
    }
  }

  private void add(Map<String, String> more) {
    more.forEach(
        (name, value) ->
            settings.put(name.toLowerCase(Locale.ROOT).replaceAll("[-_]", "."), value.strip()));
  }

  private Map<String, String> fileOf(String name) {
    Properties read = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(name), StandardCharsets.UTF_8)) {
      read.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      faults.add(
          "otel.javaagent.configuration-file: `%s` cannot be read; say where the agent's settings are"
              .formatted(name));
    }
    Map<String, String> settings = new HashMap<>();
    read.stringPropertyNames().forEach(key -> settings.put(key, read.getProperty(key)));
    return settings;
  }

  private void judge() {
    if (!isFalse(settings.getOrDefault(ALL, ""))) {
      faults.add(
          "otel.instrumentation.common.default-enabled: not `false`, and the OpenTelemetry agent is"
              + " here, which would then record URLs with NHS numbers; set"
              + " `otel.javaagent.configuration-file` to the settings that come with the gateway");
    }
    Stream.concat(
            settings.keySet().stream().filter(this::turnsAnotherOn),
            BEYOND.stream().filter(name -> !settings.getOrDefault(name, "").isEmpty()))
        .sorted()
        .forEach(
            name ->
                faults.add(
                    name + ": the OpenTelemetry agent may record more with it; leave it out"));
  }

  private boolean turnsAnotherOn(String name) {
    return name.startsWith("otel.instrumentation.")
        && name.endsWith(".enabled")
        && !name.equals(ALL)
        && !name.equals(OWN)
        && !isFalse(settings.getOrDefault(name, ""));
  }

  private static boolean isFalse(String value) {
    return value.equalsIgnoreCase("false");
  }
}
