package dev.ermine.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ermine.region.Finding.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificates of these tests are valid for a day. */
class KeyFindingsTest {

  @TempDir Path certs;

  @Test
  void warnsOfCertificatesAndAnchorsThatEndWithinNinetyDays() {
    assertThat(findings(RegionsFileTest.GOOD, Instant.now()))
        .extracting(Finding::severity, Finding::path)
        .containsExactlyInAnyOrder(
            tuple(Severity.WARNING, "regions.hwe.asks.certificates"),
            tuple(Severity.WARNING, "regions.london.asks.certificates"),
            tuple(Severity.WARNING, "regions.london.answers.anchors"));
  }

  @Test
  void tellsThoseThatHaveEndedOrNotBegun() {
    Duration far = Duration.ofDays(10);

    assertThat(findings(RegionsFileTest.GOOD, Instant.now().plus(far)))
        .hasSize(3)
        .allSatisfy(it -> assertThat(it.severity()).isEqualTo(Severity.ERROR))
        .allSatisfy(it -> assertThat(it.message()).contains("expired at"));
    assertThat(findings(RegionsFileTest.GOOD, Instant.now().minus(far)))
        .hasSize(3)
        .allSatisfy(it -> assertThat(it.message()).contains("not valid before"));
  }

  @Test
  void warnsOfRsaKeysBelow3072Bits() {
    TestCerts.write(RegionsFileTest.GOOD, certs);
    TestCerts.write(certs, "london-ca.crt", TestCerts.pem(TestCerts.rsa(2048)));

    assertThat(readAndFind(RegionsFileTest.GOOD, Instant.now()))
        .filteredOn(it -> it.message().contains("RSA of 2048 bits"))
        .extracting(Finding::path)
        .containsExactly("regions.london.answers.anchors");
  }

  /** Two certificates, so the file has no fault; one key, so its holder is both. */
  @Test
  void tellsAKeyThatTwoRegionsHold() {
    TestCerts.write(RegionsFileTest.GOOD, certs);
    TestCerts.write(certs, "london-client.crt", TestCerts.pem(TestCerts.ec("hwe.jwks.json")));

    assertThat(readAndFind(RegionsFileTest.GOOD, Instant.now()))
        .filteredOn(it -> it.severity() == Severity.ERROR)
        .singleElement()
        .satisfies(it -> assertThat(it.path()).isEqualTo("regions.london.asks.certificates"))
        .satisfies(it -> assertThat(it.message()).contains("holds a key of `hwe` too"));
  }

  @Test
  void tellsARegionWhoseKeysAreAllRevoked() {
    String revoked =
        RegionsFileTest.GOOD.replace("hwe.jwks.json, use: active", "hwe.jwks.json, use: revoked");

    assertThat(findings(revoked, Instant.now()))
        .filteredOn(it -> it.severity() == Severity.ERROR)
        .singleElement()
        .satisfies(it -> assertThat(it.path()).isEqualTo("regions.hwe.asks.keys"));
  }

  @Test
  void looksAtTheAnchorsOfAddressesThatAreAsked() {
    String asked =
        RegionsFileTest.GOOD
            .replace(
                "keys: [{ jwks: hwe.jwks.json, use: active }]",
                "published: { url: https://hwe.example.nhs.uk/jwks.json, anchors: [hwe-ca.crt] }")
            .replace(
                "algorithm: ES256 }",
                "algorithm: ES256, endpoint: { url: https://auth.example.nhs.uk/token,"
                    + " client-id: ermine, anchors: [auth-ca.crt] } }");

    assertThat(findings(asked, Instant.now()))
        .extracting(Finding::severity, Finding::path)
        .contains(
            tuple(Severity.WARNING, "regions.hwe.asks.published.anchors"),
            tuple(Severity.WARNING, "regions.london.answers.token.endpoint.anchors"))
        .doesNotContain(tuple(Severity.ERROR, "regions.hwe.asks.keys"));
    assertThat(findings(asked.replace(", anchors: [auth-ca.crt]", ""), Instant.now()))
        .extracting(Finding::path)
        .as("the region's own are told once")
        .doesNotContain("regions.london.answers.token.endpoint.anchors");
  }

  @Test
  void looksAtTheAnchorsOfDemographics() {
    assertThat(findings(RegionsFileTest.IDENTIFIED, Instant.now()))
        .extracting(Finding::severity, Finding::path)
        .contains(tuple(Severity.WARNING, "demographics.anchors"))
        .hasSize(4);
  }

  private List<Finding> findings(String yaml, Instant now) {
    TestCerts.write(yaml, certs);
    return readAndFind(yaml, now);
  }

  private List<Finding> readAndFind(String yaml, Instant now) {
    TestCerts.write(certs, "regions.yaml", yaml);
    return switch (RegionsFile.read(certs.resolve("regions.yaml"), certs, Stage.PRODUCTION)) {
      case Reading.Loaded(Regions regions) -> KeyFindings.of(regions, now);
      case Reading.Faulty faulty -> throw new AssertionError(faulty.faults().toString());
    };
  }
}
