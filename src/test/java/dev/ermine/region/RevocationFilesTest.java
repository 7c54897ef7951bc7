package dev.ermine.region;

import static dev.ermine.region.RegionsFileTest.GOOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.Change.Effect;
import dev.ermine.region.Finding.Severity;
import dev.ermine.testing.Authority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a region says that its certificates may be revoked, and what is told of its lists. */
class RevocationFilesTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final String LISTS = "revocation: { issuers: [issuer.crt], crls: [hwe.crl] }";
  private static final String RESPONDER =
      "revocation: { issuers: [issuer.crt], ocsp: 'http://ocsp.example.nhs.uk' }";

  @TempDir Path certs;

  private final Authority issuer = new Authority("issuer", NOW);

  @BeforeEach
  void writeFiles() throws IOException, CertificateEncodingException {
    TestCerts.write(GOOD, certs);
    write("issuer.crt", pem(issuer));
    list(NOW.plus(DAY));
  }

  @Test
  void readsAListInDerAndInPem() throws IOException {
    assertThat(revocation(asking(LISTS)).crls()).hasSize(1);
    write("hwe.crl", Authority.pem("X509 CRL", encoded(NOW.plus(DAY))));
    assertThat(revocation(asking(LISTS)).crls().getFirst().list().getNextUpdate().toInstant())
        .isEqualTo(NOW.plus(DAY));
  }

  @Test
  void readsTheResponderThatItNames() {
    assertThat(revocation(asking(RESPONDER)).ocsp())
        .hasToString("Optional[http://ocsp.example.nhs.uk]");
  }

  @Test
  void takesTheAnchorsOfAServerForIssuers() throws Exception {
    write("london-ca.crt", pem(issuer));
    Region.Revocation revocation =
        loaded(answering("revocation: { crls: [hwe.crl] }"))
            .region(new RegionId("london"))
            .flatMap(Region::answers)
            .flatMap(Region.Answers::revocation)
            .orElseThrow();
    assertThat(revocation.issuers()).containsExactly(issuer.certificate());
  }

  @Test
  void refusesAListThatNoneOfTheIssuersSigned() throws IOException {
    write("hwe.crl", new Authority("issuer", NOW).encodedList(NOW, Optional.of(NOW), false));
    assertThat(faults(asking(LISTS)))
        .containsExactly(
            "regions.hwe.asks.revocation.crls[0]: `hwe.crl` holds a list that none of the issuers"
                + " signed");
    write("hwe.crl", new Authority("other", NOW).encodedList(NOW, Optional.of(NOW), false));
    assertThat(faults(asking(LISTS))).hasSize(1);
    byte[] signed = encoded(NOW.plus(DAY));
    signed[signed.length - 1] ^= 1;
    write("hwe.crl", signed);
    assertThat(faults(asking(LISTS))).hasSize(1);
  }

  @Test
  void refusesAListWithoutAnEndAndOneOfPartAlone() throws IOException {
    write("hwe.crl", issuer.encodedList(NOW, Optional.empty(), false));
    assertThat(faults(asking(LISTS)))
        .singleElement()
        .asString()
        .contains("does not say when the next one comes");
    write("hwe.crl", issuer.encodedList(NOW, Optional.of(NOW.plus(DAY)), true));
    assertThat(faults(asking(LISTS))).singleElement().asString().contains("give whole ones");
    write("hwe.crl", "no list");
    assertThat(faults(asking(LISTS))).singleElement().asString().contains("holds no X.509 CRL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "revocation: { issuers: [issuer.crt] }",
        "revocation: { issuers: [issuer.crt], crls: [hwe.crl], ocsp: 'http://ocsp.example' }"
      })
  void wantsOneWayToKnow(String revocation) {
    assertThat(faults(asking(revocation)))
        .containsExactly("regions.hwe.asks.revocation: needs either `crls` or `ocsp`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/ocsp",
        "http://user@ocsp.example",
        "http://ocsp.example/?a=b",
        "http://[fd00:ec2::254]/"
      })
  void refusesAResponderThatMayNotBeCalled(String responder) {
    String revocation = "revocation: { issuers: [issuer.crt], ocsp: '%s' }".formatted(responder);
    assertThat(faults(asking(revocation)))
        .isNotEmpty()
        .allMatch(fault -> fault.startsWith("regions.hwe.asks.revocation.ocsp: "));
  }

  @Test
  void warnsTwoWeeksBeforeAListEndsAndErrsWhenItHas() throws IOException {
    list(NOW.plus(DAY.multipliedBy(15)));
    assertThat(findings(asking(LISTS))).isEmpty();
    list(NOW.plus(DAY.multipliedBy(13)));
    assertThat(findings(asking(LISTS)))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.severity()).isEqualTo(Severity.WARNING);
              assertThat(it.message()).startsWith("list `hwe.crl` ends at 2026-12-04T12:00:00Z");
            });
    list(NOW);
    assertThat(findings(asking(LISTS)))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.severity()).isEqualTo(Severity.ERROR);
              assertThat(it.message()).contains("ended at");
            });
  }

  @Test
  void tellsThatRevocationIsTakenOutAsAWidening() {
    assertThat(changes(asking(LISTS), asking("")))
        .anyMatch(
            change ->
                change.effect() == Effect.WIDENS
                    && change.path().equals("regions.hwe.asks.revocation"));
    assertThat(changes(asking(""), asking(LISTS)))
        .anyMatch(
            change ->
                change.effect() == Effect.NARROWS
                    && change.path().equals("regions.hwe.asks.revocation"));
  }

  @Test
  void tellsThatAnotherResponderIsAskedOrAListComesInItsPlace() {
    assertThat(changes(asking(RESPONDER), asking(RESPONDER.replace("ocsp.", "other."))))
        .extracting(Change::path)
        .contains("regions.hwe.asks.revocation.ocsp");
    assertThat(changes(asking(RESPONDER), asking(LISTS)))
        .extracting(Change::path)
        .contains("regions.hwe.asks.revocation.ocsp", "regions.hwe.asks.revocation.crls");
  }

  private static String asking(String revocation) {
    return GOOD.replace(
        "certificates: [{ file: hwe-client.crt }]",
        "certificates: [{ file: hwe-client.crt }]\n      " + revocation);
  }

  private static String answering(String revocation) {
    return GOOD.replace("budget: 1500ms", "budget: 1500ms\n      " + revocation);
  }

  private void list(Instant end) throws IOException {
    write("hwe.crl", encoded(end));
  }

  private byte[] encoded(Instant end) {
    return issuer.encodedList(NOW.minus(DAY), Optional.of(end), false);
  }

  private static String pem(Authority authority) throws CertificateEncodingException {
    return Authority.pem("CERTIFICATE", authority.certificate().getEncoded());
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(certs.resolve(name), text);
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(certs.resolve(name), bytes);
  }

  private Region.Revocation revocation(String yaml) {
    return loaded(yaml)
        .region(new RegionId("hwe"))
        .flatMap(Region::asks)
        .flatMap(Region.Asks::revocation)
        .orElseThrow();
  }

  private List<Finding> findings(String yaml) {
    return KeyFindings.of(loaded(yaml), NOW).stream()
        .filter(finding -> finding.path().contains("crls"))
        .toList();
  }

  private List<Change> changes(String before, String after) {
    return DeclarationChanges.between(loaded(before), loaded(after));
  }

  private Regions loaded(String yaml) {
    return RegionsFileTest.loaded(read(yaml));
  }

  /** Without the lines of the file. */
  private List<String> faults(String yaml) {
    return RegionsFileTest.faulty(read(yaml)).stream()
        .map(fault -> fault.replaceFirst("regions.yaml:\\d+ ", ""))
        .toList();
  }

  private Reading read(String yaml) {
    TestCerts.write(certs, "regions.yaml", yaml);
    return RegionsFile.read(certs.resolve("regions.yaml"), certs, Stage.PRODUCTION);
  }
}
