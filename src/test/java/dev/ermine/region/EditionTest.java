package dev.ermine.region;

import static dev.ermine.region.RegionsFileTest.GOOD;
import static dev.ermine.region.RegionsFileTest.faulty;
import static dev.ermine.region.RegionsFileTest.loaded;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a version of {@code regions.yaml} says of itself. */
class EditionTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir Path certs;

  @BeforeEach
  void writeFiles() {
    TestCerts.write(GOOD, certs);
  }

  @Test
  void saysWhenItIsInForce() {
    Edition edition =
        edition("valid: { from: 2026-11-22T09:00:00Z, until: 2027-06-01T09:00:00+01:00 }\n");
    assertThat(edition.valid())
        .contains(
            new Period(
                Instant.parse("2026-11-22T09:00:00Z"), Instant.parse("2027-06-01T08:00:00Z")));
    assertThat(edition("").valid()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "valid: { from: 2026-11-22T09:00:00Z, until: 2026-11-22T09:00:00Z } | valid.until: is not after `from`",
        "valid: { from: 2026-02-30T09:00:00Z, until: 2026-11-22T09:00:00Z } | valid.from: is no instant of the calendar",
        "valid: { from: 2026-11-22, until: 2026-11-22T09:00:00Z } | valid.from: write an instant such as",
        "valid: { from: 2026-11-22T09:00:00, until: 2026-11-22T09:00:00Z } | valid.from: write an instant such as",
        "valid: { from: 2026-11-22T09:00:00Z } | valid.until: is missing",
        "allow-mass-change: true | allow-mass-change: write a whole number",
        "allow-mass-change: 41 | allow-mass-change: is for another version than this one's `serial`; take it out, or say `42`",
        "files: { ../../etc/passwd: ab } | files.…: write a file name",
        "files: { hwe.jwks.json: ab } | files.hwe.jwks.json: write a SHA-256 in hex",
        "files: {} | files: must not be empty"
      })
  void tellsTermsThatCannotBe(String line, String fault) {
    assertThat(faulty(RegionsFileTest.read(GOOD + line + "\n", certs)))
        .anyMatch(told -> told.startsWith("regions.yaml:38 " + fault));
  }

  @Test
  void bindsTheFilesThatItNamesAndNoOther() {
    String files = files();
    assertThat(edition(files).bindsFiles()).isTrue();
    assertThat(told(files.replaceFirst("(?m)^  hwe-client.*\n", "")))
        .containsExactly(
            "regions.yaml:38 files.hwe-client.crt: is missing, but named in this file; `./ermine"
                + " trust files` prints all");
    assertThat(told(files + "  other.crt: " + "0".repeat(64) + "\n"))
        .singleElement()
        .asString()
        .contains("files.other.crt: is not named in this file; take it out");
    TestCerts.write(certs, "london-ca.crt", TestCerts.file("another.crt"));
    assertThat(told(files))
        .singleElement()
        .asString()
        .matches(
            "regions.yaml:\\d+ files.london-ca.crt: is not the SHA-256 of that file, which is `[0-9a-f]{64}`.*");
  }

  @Test
  void namesEveryFileWhoseHashItNeeds() {
    RegionsFileTest.read(GOOD + "files: { none.crt: no }\n", certs);
    RegionsFile.Listing listing = RegionsFile.files(certs.resolve("regions.yaml"), certs);
    assertThat(listing.faults()).isEmpty();
    assertThat(listing.hashes())
        .containsOnlyKeys(
            "hwe-client.crt",
            "hwe.jwks.json",
            "london-ca.crt",
            "london-client.crt",
            "london.jwks.json");
    RegionsFileTest.read(GOOD.replace("serial: 42", "serial: x"), certs);
    assertThat(RegionsFile.files(certs.resolve("regions.yaml"), certs).faults()).hasSize(1);
  }

  @Test
  void officersLookAtWhatEndsOrCannotBeSigned() {
    assertThat(findings("")).containsExactly("WARNING files", "WARNING valid");
    String files = files();
    assertThat(findings(valid("2026-11-01", "2027-11-01") + files)).isEmpty();
    assertThat(findings(valid("2026-11-01", "2027-01-01") + files))
        .containsExactly("WARNING valid.until");
    assertThat(findings(valid("2026-12-01", "2027-11-01") + files))
        .containsExactly("WARNING valid.from");
    assertThat(findings(valid("2026-10-01", "2026-11-01") + files))
        .containsExactly("ERROR valid.until");
  }

  @Test
  void aChangeOfTermsIsTold() {
    Regions before =
        loaded(RegionsFileTest.read(GOOD + valid("2026-11-01", "2027-11-01") + files(), certs));
    Regions after = loaded(RegionsFileTest.read(GOOD + valid("2026-11-01", "2028-11-01"), certs));
    assertThat(DeclarationChanges.between(before, after))
        .extracting(change -> change.effect() + " " + change.path())
        .contains("WIDENS files", "CHANGES valid.until")
        .doesNotContain("CHANGES valid.from");
  }

  @Test
  void aMassChangeIsTold() {
    Regions before = loaded(RegionsFileTest.read(GOOD, certs));
    String text =
        GOOD.replace("status: active", "status: retired").replace("serial: 42", "serial: 43");
    assertThat(DeclarationChanges.between(before, loaded(RegionsFileTest.read(text, certs))))
        .contains(
            new Change(
                Change.Effect.NARROWS,
                "regions",
                "takes out 2 of 2 regions and leaves none that may ask; needs `allow-mass-change:"
                    + " 43`, if it is meant"));
    Regions meant = loaded(RegionsFileTest.read(text + "allow-mass-change: 43\n", certs));
    assertThat(DeclarationChanges.between(before, meant))
        .noneMatch(change -> change.path().equals("regions"));
  }

  private List<String> findings(String terms) {
    return EditionFindings.of(loaded(RegionsFileTest.read(GOOD + terms, certs)), NOW).stream()
        .map(finding -> finding.severity() + " " + finding.path())
        .sorted()
        .toList();
  }

  private static String valid(String from, String until) {
    return "valid: { from: %sT00:00:00Z, until: %sT00:00:00Z }\n".formatted(from, until);
  }

  private String files() {
    TestCerts.write(certs, "regions.yaml", GOOD);
    return RegionsFile.files(certs.resolve("regions.yaml"), certs).hashes().entrySet().stream()
        .map(entry -> "  " + entry.getKey() + ": " + entry.getValue() + "\n")
        .collect(Collectors.joining("", "files:\n", ""));
  }

  private Edition edition(String terms) {
    return loaded(RegionsFileTest.read(GOOD + terms, certs)).edition();
  }

  private List<String> told(String terms) {
    return faulty(RegionsFileTest.read(GOOD + terms, certs));
  }
}
