package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.Canaries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged gateway, started on bad ground. */
class StartupIT {

  @TempDir Path directory;

  @Test
  void refusesToStartAndNamesEveryPropertyThatIsWrong() throws Exception {
    Files.writeString(directory.resolve("regions.yaml"), "version: 1\nregions: []\n");
    String said =
        failedStart(
            "-Dermine.base-url=http://gateway.example/",
            "-Dermine.certs=nowhere",
            "-Dermine.audit.file=nowhere/audit.ndjson");
    assertThat(said)
        .contains(
            "ermine.base-url: ",
            "ermine.certs: ",
            "ermine.regions: regions.yaml:",
            "ermine.signing-key: ",
            "ermine.page-keys: ",
            "ermine.client-certificate: ",
            "ermine.server-certificate: ",
            "ermine.audit.file: ")
        .doesNotContain("\tat ", "Listening");
  }

  @Test
  void refusesToStartWithoutBaseUrl() throws Exception {
    assertThat(failedStart()).contains("ermine.base-url");
  }

  @Test
  void refusesDevelopmentKeysInProductionAndNamesEachFile() throws Exception {
    DevPki.in(directory.resolve("certs"));
    Files.copy(Path.of("regions.yaml"), directory.resolve("regions.yaml"));
    String said = failedStart("-Dermine.base-url=https://localhost");
    assertThat(said.lines().filter(line -> line.contains(" was made for development")))
        .anyMatch(line -> isOf("ermine.signing-key", "certs/gateway-signing.jwks.json", line))
        .anyMatch(line -> isOf("ermine.page-keys", "certs/page-keys.jwks.json", line))
        .anyMatch(line -> isOf("ermine.client-certificate", "certs/gateway-client.crt", line))
        .anyMatch(line -> isOf("ermine.server-certificate", "certs/gateway-server.crt", line))
        .anyMatch(line -> isOf("ermine.regions", "hwe-client.crt", line))
        .anyMatch(line -> isOf("ermine.regions", "hwe.jwks.json", line))
        .anyMatch(line -> isOf("ermine.regions", "london-ca.crt", line))
        .allMatch(line -> line.contains("`-Dquarkus.profile=sandbox`"));
  }

  private static boolean isOf(String property, String file, String line) {
    return line.startsWith("  " + property + ": ") && line.contains("`" + file + "`");
  }

  @Test
  void theSandboxDiffersInNothingElse() throws IOException {
    assertThat(Files.readAllLines(Path.of("src/main/resources/application.properties")))
        .noneMatch(line -> line.startsWith("%"));
  }

  @Test
  @DisplayName("D9: a list of revoked certificates that nobody would check is refused, not ignored")
  void refusesSettingsThatWouldBeIgnored() throws Exception {
    Path list = Files.createFile(directory.resolve("revoked.crl"));
    assertThat(
            failedStart(
                "-Dermine.base-url=https://localhost",
                "-Dquarkus.tls.certificate-revocation-list=" + list,
                "-Dquarkus.http.ssl.client-auth=none"))
        .contains(
            "quarkus.tls.certificate-revocation-list: has no say",
            "quarkus.http.ssl.client-auth: has no say",
            "revoke one, in `ermine.regions`");
  }

  private String failedStart(String... properties) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dquarkus.http.ssl-port=0");
    command.add("-Dquarkus.management.port=0");
    command.addAll(List.of(properties));
    command.add("-jar");
    command.add(Path.of(System.getProperty("ermine.jar")).toAbsolutePath().toString());
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
      assertThat(process.exitValue()).isEqualTo(3);
      String said = Files.readString(log, StandardCharsets.UTF_8);
      assertThat(Canaries.in("log", said)).isEmpty();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }
}
