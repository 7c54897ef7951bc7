package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TracingAgentTest {

  private static final String FILE = "otel.javaagent.configuration-file";
  private static final String ALL = "otel.instrumentation.common.default-enabled";
  private static final String OFF = ALL + "=false\n";
  private static final Path SHIPPED = Path.of("src", "main", "otel", "otel.properties");

  @TempDir Path directory;

  @Test
  void isNotInTheProcessOfTheTests() {
    assertThat(TracingAgent.faults()).isEmpty();
  }

  @Test
  void mayRunWithTheSettingsThatComeWithTheGateway() {
    assertThat(faults(Map.of(FILE, SHIPPED.toString()), Map.of())).isEmpty();
    assertThat(faults(Map.of(), Map.of("OTEL_JAVAAGENT_CONFIGURATION_FILE", SHIPPED.toString())))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {ALL, "otel.instrumentation.common.default.enabled"})
  void mayRunWithItsInstrumentationsTurnedOffInAnyWay(String name) {
    assertThat(faults(Map.of(name, "false"), Map.of())).isEmpty();
    assertThat(faults(Map.of(), Map.of("OTEL_INSTRUMENTATION_COMMON_DEFAULT_ENABLED", "FALSE")))
        .isEmpty();
  }

  @Test
  void mayNotRunAsItComes() {
    assertThat(faults(Map.of(), Map.of()))
        .singleElement()
        .asString()
        .startsWith(ALL + ": ")
        .contains(FILE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "", "no", "0", "falsey"})
  void mayNotRunWithAnythingButFalse(String value) {
    assertThat(faults(Map.of(ALL, value), Map.of())).hasSize(1);
  }

  @Test
  void mayNotRunWithWhatOverrulesItsFile() throws IOException {
    Map<String, String> file = Map.of(FILE, write(OFF));
    assertThat(faults(file, Map.of())).isEmpty();
    assertThat(faults(file, Map.of("OTEL_INSTRUMENTATION_COMMON_DEFAULT_ENABLED", "true")))
        .hasSize(1);
    assertThat(faults(Map.of(FILE, write(OFF), ALL, "true"), Map.of())).hasSize(1);
    assertThat(
            faults(
                Map.of(ALL, "true"),
                Map.of("OTEL_INSTRUMENTATION_COMMON_DEFAULT_ENABLED", "false")))
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "otel.instrumentation.netty.enabled, true",
    "otel.instrumentation.vertx-http-client.enabled, yes",
    "otel.instrumentation.jaxrs.enabled, ''",
    "otel.config.file, otel.yaml",
    "otel.experimental.config.file, otel.yaml",
    "otel.javaagent.extensions, more.jar"
  })
  void mayNotRunWithMoreTurnedOn(String name, String value) throws IOException {
    String normal = name.replace('-', '.');
    String environment = name.toUpperCase(java.util.Locale.ROOT).replaceAll("[-.]", "_");
    List<List<String>> all =
        List.of(
            faults(Map.of(FILE, write(OFF + name + "=" + value)), Map.of()),
            faults(Map.of(ALL, "false", name, value), Map.of()),
            faults(Map.of(ALL, "false"), Map.of(environment, value)));
    assertThat(all)
        .allSatisfy(
            faults -> assertThat(faults).singleElement().asString().startsWith(normal + ": "));
  }

  @Test
  void mayRunWithWhatIsTurnedOffByName() {
    assertThat(
            faults(Map.of(ALL, "false", "otel.instrumentation.netty.enabled", "false"), Map.of()))
        .isEmpty();
  }

  @Test
  void mayNotRunWithAFileThatCannotBeRead() throws IOException {
    assertThat(faults(Map.of(FILE, "nowhere.properties", ALL, "false"), Map.of()))
        .singleElement()
        .asString()
        .startsWith(FILE + ": `nowhere.properties`");
    assertThat(faults(Map.of(FILE, write("a=\\uzzzz"), ALL, "false"), Map.of())).hasSize(1);
  }

  private String write(String text) throws IOException {
    return Files.writeString(directory.resolve("agent.properties"), text).toString();
  }

  private static List<String> faults(Map<String, String> properties, Map<String, String> env) {
    return TracingAgent.faults(properties, env);
  }
}
