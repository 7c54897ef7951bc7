package dev.ermine.region;

import static dev.ermine.region.RegionsFileTest.GOOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.LiveRegions.Opening;
import dev.ermine.region.LiveRegions.Refresh;
import dev.ermine.region.LiveRegions.TrustFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is brought to a running gateway as {@code regions.yaml} and is none. */
class HostileChangeTest {

  private static final String SECRET = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg";
  private static final String PEM =
      "-----BEGIN PRIVATE KEY-----\n" + SECRET + "\n-----END PRIVATE KEY-----\n";

  @TempDir Path directory;
  private LiveRegions live;

  /** What the file becomes, and what is told of it. */
  record Case(String name, String text, String told) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeEach
  void start() {
    TestCerts.write(GOOD, directory);
    TestCerts.write(directory, "regions.yaml", GOOD);
    TrustFiles files =
        new TrustFiles(
            directory.resolve("regions.yaml"), directory, directory.resolve("suspensions.yaml"));
    live =
        ((Opening.Opened)
                LiveRegions.open(files, Stage.PRODUCTION, ChangeControl.UNSIGNED, Instant::now))
            .live();
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "alias bomb",
            GOOD + "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
            "regions.yaml:38 a: anchors and aliases are not used here"),
        new Case(
            "script tag",
            GOOD.replace("serial: 42", "serial: !!javax.script.ScriptEngineManager [x]"),
            "regions.yaml:2 serial: tags are not used here"),
        new Case(
            "duplicate region",
            GOOD.replace("agreements:", "  hwe:\n    name: Another\nagreements:"),
            "regions.yaml:29 regions.hwe: stands twice, first in line 5"),
        new Case(
            "region of another's certificate",
            GOOD.replace("london-client.crt", "hwe-client.crt"),
            "holds a certificate of `hwe` too; each region has its own"),
        new Case(
            "unknown key",
            GOOD.replace("status: active", "status: active\n    trusted: true"),
            "regions.yaml:9 regions.hwe.trusted: is not known here"),
        new Case(
            "weak key",
            GOOD.replace("hwe.jwks.json", "weak.jwks.json"),
            "`weak.jwks.json` holds an RSA key of fewer than 2048 bits"),
        new Case("private key", GOOD + PEM, "regions.yaml:38: " + Secrets.FAULT),
        new Case(
            "NUL",
            GOOD.replace("serial: 42", "serial: 4\0002"),
            "regions.yaml:2: has a control character, such as NUL"),
        new Case("50 MB", GOOD + "#".repeat(50_000_000), "regions.yaml:1: is larger than 1 MiB"),
        new Case("BOM", "\uFEFF" + GOOD, "regions.yaml:1: begins with a byte order mark"),
        new Case(
            "tab",
            GOOD.replace("  hwe:", "\thwe:"),
            "regions.yaml:5: has a tab where only spaces may stand"));
  }

  @ParameterizedTest(name = "A54: {0}: is refused whole, and the last good version stays")
  @MethodSource("cases")
  void isRefusedWhole(Case hostile) throws IOException {
    TestCerts.write(
        directory,
        "weak.jwks.json",
        "{\"keys\":[" + TestCerts.jwk("weak", TestCerts.rsa(1024)) + "]}");
    Regions good = live.current();
    Files.writeString(directory.resolve("regions.yaml"), hostile.text());
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(live.current()).isSameAs(good);
    List<String> told = live.lastFaults().orElseThrow().stream().map(Fault::toString).toList();
    assertThat(told)
        .anyMatch(fault -> fault.contains(hostile.told()))
        .noneMatch(fault -> fault.contains(SECRET));
  }

  @Test
  @DisplayName("A54: NO is Norway and not false")
  void norwayIsText() throws IOException {
    Files.writeString(
        directory.resolve("regions.yaml"), GOOD.replace("HWE Shared Care Record", "NO"));
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(live.current().region("hwe").orElseThrow().name()).isEqualTo("NO");
    Files.writeString(
        directory.resolve("regions.yaml"),
        GOOD.replaceFirst("algorithm: ES256", "algorithm: ES256\n      timings: NO"));
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(live.lastFaults().orElseThrow())
        .containsExactly(new Fault(12, "regions.hwe.asks.timings", "write `true` or `false`"));
  }

  @Test
  @DisplayName("A54: suspensions are read as strictly")
  void suspensionsAreReadAsStrictly() throws IOException {
    Path file = directory.resolve("suspensions.yaml");
    for (String hostile :
        List.of(
            "",
            "version: 1\nserial: 1\n",
            "version: 1\nserial: 1\nsuspended: { hwe: &a x, london: *a }\n",
            "version: 1\nserial: 1\nsuspended: { hwe: x, hwe: y }\n",
            "version: 1\nserial: 1\nsuspended: { hwe: x }\nregions: {}\n",
            "version: 1\nserial: 1\nsuspended: { hwe: false }\n",
            "version: 1\nserial: 1\nsuspended: { HWE: x }\n",
            "version: 2\nserial: 1\nsuspended: { hwe: x }\n",
            "version: 1\nserial: 0\nsuspended: { hwe: x }\n",
            "version: 1\nserial: 1\nsuspended: { hwe: x }\n" + PEM)) {
      Files.writeString(file, hostile);
      live.refresh();
      assertThat(live.current().region("hwe").orElseThrow().active()).as(hostile).isTrue();
      assertThat(live.lastFaults().orElseThrow())
          .as(hostile)
          .isNotEmpty()
          .allMatch(fault -> fault.toString().startsWith("suspensions.yaml:"))
          .noneMatch(fault -> fault.toString().contains(SECRET));
    }
  }
}
