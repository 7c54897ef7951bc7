package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ermine.region.Stage;
import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.TestPki;
import dev.ermine.testing.TestPki.Identity;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said at start-up of officers' certificates that cannot be used. */
class OfficerFilesTest {

  private static final TestPki PKI = new TestPki("officers' authority");
  private static final Identity ASH = PKI.issue("ash");
  private static final Identity BO = PKI.issue("bo");

  @TempDir static Path certs;

  @BeforeAll
  static void writeFiles() throws IOException {
    write("ash.crt", ASH.certificatePem());
    write("ash.key", ASH.keyPem());
    write("both.crt", ASH.certificatePem() + BO.certificatePem());
    write("text.crt", "hello");
    write("empty.crt", "");
  }

  @Test
  void findsNothingWrongWithAnOfficer() {
    assertThat(faults(officer("ash", "ash.crt", "viewer,explainer"))).isEmpty();
    assertThat(faults(Map.of())).isEmpty();
    assertThat(faults(Map.of("ermine.officers.ash.key", "ash.jwk.json"))).isEmpty();
  }

  @Test
  void saysWhichFileHoldsNoCertificateAlone() {
    assertThat(faults(officer("ash", "nowhere.crt", "viewer")))
        .containsExactly(
            "ash.certificate: `%s` cannot be read; say where the certificate is"
                .formatted(certs.resolve("nowhere.crt")));
    assertThat(faults(officer("ash", "both.crt", "viewer")))
        .containsExactly(
            "ash.certificate: `%s` does not hold one certificate in PEM, alone"
                .formatted(certs.resolve("both.crt")));
    for (String name : List.of("text.crt", "empty.crt", "ash.key")) {
      assertThat(faults(officer("ash", name, "viewer")))
          .singleElement()
          .asString()
          .startsWith("ash.certificate: `" + certs.resolve(name) + "` ");
    }
  }

  @Test
  void quotesNothingOfAKeyThatIsNoCertificate() {
    String base64 = ASH.keyPem().lines().skip(1).findFirst().orElseThrow();
    assertThat(faults(officer("ash", "ash.key", "viewer")).toString())
        .doesNotContain(base64.substring(0, 12));
  }

  @Test
  void wantsRolesAndACertificateTogether() {
    assertThat(faults(Map.of("ermine.officers.ash.certificate", "ash.crt")))
        .containsExactly("ash.roles: are missing; name `viewer`, `explainer` or both");
    assertThat(faults(Map.of("ermine.officers.ash.roles", "viewer")))
        .containsExactly(
            "ash.roles: are for who has a `certificate`; name it, or leave the roles out");
  }

  @Test
  void knowsNoOtherRoles() {
    assertThatThrownBy(() -> faults(officer("ash", "ash.crt", "viewer,admin")))
        .hasMessageContaining("ermine.officers.ash.roles")
        .hasMessageContaining("admin");
  }

  @Test
  void wantsIdsThatAreWords() {
    assertThat(faults(officer("Ash", "ash.crt", "viewer")))
        .containsExactly("`Ash`: is no officer's id; write lower-case words joined by hyphens");
  }

  @Test
  void refusesCertificatesOfDevelopmentInProduction() throws IOException {
    Path made = DevPki.in(certs.resolve("made")).file("hwe-client.crt");
    Map<String, String> officer = officer("ash", made.toString(), "viewer");
    assertThat(faults(officer)).containsExactly("ash.certificate: `" + made + "` " + Stage.FAULT);
    assertThat(faults(officer, Stage.SANDBOX)).isEmpty();
  }

  @Test
  void saysAllThatIsWrongAtOnce() {
    Map<String, String> properties = officer("ash", "nowhere.crt", "viewer");
    properties.putAll(officer("bo", "text.crt", "viewer"));
    assertThat(faults(properties))
        .hasSize(2)
        .satisfiesExactly(
            first -> assertThat(first).startsWith("ash.certificate: "),
            second -> assertThat(second).startsWith("bo.certificate: "));
  }

  private static void write(String name, String text) throws IOException {
    Files.writeString(certs.resolve(name), text);
  }

  private static Map<String, String> officer(String id, String certificate, String roles) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("ermine.officers." + id + ".certificate", certificate);
    properties.put("ermine.officers." + id + ".roles", roles);
    return properties;
  }

  private static List<String> faults(Map<String, String> properties) {
    return faults(properties, Stage.PRODUCTION);
  }

  private static List<String> faults(Map<String, String> properties, Stage stage) {
    Map<String, String> all = new LinkedHashMap<>(properties);
    all.put("ermine.base-url", "https://gateway.example");
    all.put("ermine.certs", certs.toString());
    all.put("ermine.drain-delay", "PT5S"); // `5s` is Quarkus's own spelling
    GatewayConfig config =
        new SmallRyeConfigBuilder()
            .withMapping(GatewayConfig.class)
            .withDefaultValues(all)
            .build()
            .getConfigMapping(GatewayConfig.class);
    OfficerFiles files = new OfficerFiles(config, stage);
    assertThat(files.read()).isNotNull();
    return files.faults();
  }
}
