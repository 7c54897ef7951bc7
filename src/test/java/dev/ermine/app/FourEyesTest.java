package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.Stage;
import dev.ermine.testing.Officers;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many have to sign, and who may, as the gateway's own configuration says. */
class FourEyesTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir static Path directory;
  private static Officers officers;

  @BeforeAll
  static void makeKeys() {
    officers = new Officers(directory, "alice", "bob");
  }

  @Test
  void twoSignInProductionAndNobodyInTheSandbox() {
    assertThat(read(Stage.PRODUCTION, officers.properties()).faults()).isEmpty();
    assertThat(read(Stage.PRODUCTION, officers.properties()).control().signatures()).isEqualTo(2);
    assertThat(read(Stage.SANDBOX, Map.of()).faults()).isEmpty();
    assertThat(read(Stage.SANDBOX, Map.of()).control().signed()).isFalse();
  }

  @Test
  void whateverIsSetHolds() {
    assertThat(read(Stage.SANDBOX, with("ermine.trust.signatures", "1")).control().signatures())
        .isEqualTo(1);
    assertThat(read(Stage.SANDBOX, with("ermine.trust.least-serial", "7")).control().leastSerial())
        .isEqualTo(7);
    assertThat(
            read(Stage.SANDBOX, with("ermine.trust.least-suspensions-serial", "9"))
                .control()
                .leastSuspensionsSerial())
        .hasValue(9);
  }

  @Test
  void theEnvironmentNamesOfficersToo() {
    Map<String, String> environment =
        Map.of(
            "ERMINE_BASE_URL",
            "https://gateway.example",
            "ERMINE_DRAIN_DELAY",
            "PT5S",
            "ERMINE_OFFICERS_ALICE_KEY",
            officers.publicKey("alice").toString(),
            "ERMINE_OFFICERS_BOB_KEY",
            officers.publicKey("bob").toString());
    GatewayConfig config =
        new SmallRyeConfigBuilder()
            .withMapping(GatewayConfig.class)
            .withSources(new EnvConfigSource(environment, 300))
            .build()
            .getConfigMapping(GatewayConfig.class);
    assertThat(config.officers()).containsOnlyKeys("alice", "bob");
    assertThat(FourEyes.read(config, Stage.PRODUCTION, () -> NOON).faults()).isEmpty();
  }

  @Test
  void neverFewerThanTwoInProduction() {
    FourEyes.Reading one = read(Stage.PRODUCTION, with("ermine.trust.signatures", "1"));
    assertThat(one.faults())
        .singleElement()
        .asString()
        .startsWith("ermine.trust.signatures: is `1`; in production no officer");
    assertThat(one.control().signatures()).isEqualTo(2);
    assertThat(read(Stage.SANDBOX, with("ermine.trust.signatures", "-1")).faults()).hasSize(1);
  }

  @Test
  void tellsWhenTooFewCanSign() {
    assertThat(read(Stage.PRODUCTION, Map.of()).faults())
        .containsExactly(
            "ermine.officers: `2` have to sign, and of those named here only none can; give each a"
                + " `key`");
    assertThat(read(Stage.PRODUCTION, with("ermine.officers.bob.until", "2026-11-21")).faults())
        .singleElement()
        .asString()
        .contains("only [alice] can");
    assertThat(read(Stage.PRODUCTION, with("ermine.officers.bob.revoked", "2026-11-22")).faults())
        .hasSize(1);
    assertThat(read(Stage.PRODUCTION, with("ermine.officers.bob.from", "2026-11-23")).faults())
        .hasSize(1);
  }

  @Test
  void tellsEveryFaultByItsProperty() throws IOException {
    Path leaked = directory.resolve("leaked.json");
    Files.copy(officers.privateKey("alice"), leaked);
    Map<String, String> properties = officers.properties();
    properties.put("ermine.officers.carol.key", officers.publicKey("alice").toString());
    properties.put("ermine.officers.dave.key", leaked.toString());
    properties.put("ermine.officers.erin.key", "nowhere.json");
    properties.put("ermine.officers.Frank.key", officers.publicKey("bob").toString());
    List<String> faults = read(Stage.PRODUCTION, properties).faults();
    assertThat(faults)
        .anyMatch(fault -> fault.startsWith("ermine.officers.carol.key: is the key of `alice`"))
        .anyMatch(
            fault ->
                fault.startsWith("ermine.officers.dave.key: `" + leaked + "` holds a private key"))
        .anyMatch(
            fault ->
                fault.matches("ermine\\.officers\\.erin\\.key: `.*nowhere.json` cannot be read.*"))
        .anyMatch(fault -> fault.contains("`Frank` is not"));
  }

  @Test
  void refusesKeysOfDevelopmentInProduction() throws IOException {
    Path made = directory.resolve("made.json");
    Files.writeString(
        made,
        Files.readString(officers.publicKey("bob")).replace("\"bob\"", "\"development-bob\""));
    Map<String, String> properties = with("ermine.officers.bob.key", made.toString());
    assertThat(read(Stage.PRODUCTION, properties).faults())
        .singleElement()
        .asString()
        .contains("ermine.officers.bob.key: ", Stage.FAULT);
    assertThat(read(Stage.SANDBOX, properties).faults()).isEmpty();
  }

  @Test
  void warnsWhenAKeyIsAboutToEnd() {
    assertThat(read(Stage.PRODUCTION, with("ermine.officers.bob.until", "2026-12-01")).warnings())
        .singleElement()
        .asString()
        .startsWith(
            "ermine.officers.bob.until: what `bob` has signed counts no more after 2026-12-01");
    assertThat(read(Stage.PRODUCTION, with("ermine.officers.bob.until", "2027-12-01")).warnings())
        .isEmpty();
  }

  private static Map<String, String> with(String property, String value) {
    Map<String, String> properties = new LinkedHashMap<>(officers.properties());
    properties.put(property, value);
    return properties;
  }

  private static FourEyes.Reading read(Stage stage, Map<String, String> properties) {
    Map<String, String> all = new LinkedHashMap<>(properties);
    all.put("ermine.base-url", "https://gateway.example");
    all.put("ermine.drain-delay", "PT5S"); // `5s` is Quarkus's own spelling
    GatewayConfig config =
        new SmallRyeConfigBuilder()
            .withMapping(GatewayConfig.class)
            .withDefaultValues(all)
            .build()
            .getConfigMapping(GatewayConfig.class);
    return FourEyes.read(config, stage, () -> NOON);
  }
}
