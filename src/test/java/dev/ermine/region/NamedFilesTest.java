package dev.ermine.region;

import static dev.ermine.region.RegionsFileTest.GOOD;
import static dev.ermine.region.RegionsFileTest.faulty;
import static dev.ermine.region.RegionsFileTest.loaded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.Region.Algorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the files that regions.yaml names may hold, and the addresses that it may give. */
class NamedFilesTest {

  @TempDir Path certs;

  @BeforeEach
  void writeFiles() {
    TestCerts.write(GOOD, certs);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          nothing               | is not JSON, or says a member twice
          {"keys":[]}           | holds no keys; a JWK Set has them in `keys`
          []                    | holds no keys; a JWK Set has them in `keys`
          {"keys":[],"keys":[]} | is not JSON, or says a member twice
          {"keys":[]} {}        | is not JSON, or says a member twice
          {"keys":[{}]}         | holds a key without `kty` or `kid`
          {"keys":[1]}          | holds a key without `kty` or `kid`
          {"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"a"}]} | holds no key that fits `ES256`
          {"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"a"}]} | holds a private key; take it out, and replace that key: it is secret no longer
          """)
  void refusesAKeyFile(String jwks, String fault) {
    TestCerts.write(certs, "hwe.jwks.json", jwks);
    assertThat(faulty(read(GOOD)))
        .contains("regions.yaml:12 regions.hwe.asks.keys[0].jwks: `hwe.jwks.json` " + fault);
  }

  @Test
  void refusesDevelopmentKeysInProductionAlone() {
    keys("hwe.jwks.json", TestCerts.jwk("development-1", TestCerts.ec("1")));
    assertThat(faulty(read(GOOD)))
        .singleElement()
        .asString()
        .startsWith("regions.yaml:12 regions.hwe.asks.keys[0].jwks: `hwe.jwks.json` was made for")
        .contains("`-Dquarkus.profile=sandbox`");
    Path file = certs.resolve("regions.yaml");
    assertThat(loaded(RegionsFile.read(file, certs, Stage.SANDBOX)).regions()).hasSize(2);
  }

  @Test
  void refusesTwoKeysOfOneKid() {
    keys(
        "hwe.jwks.json",
        TestCerts.jwk("a", TestCerts.ec("1")),
        TestCerts.jwk("a", TestCerts.ec("2")));
    assertThat(faulty(read(GOOD)))
        .contains(
            "regions.yaml:12 regions.hwe.asks.keys[0].jwks: `hwe.jwks.json` holds two keys of the"
                + " same `kid`");
  }

  @Test
  void refusesOneKidInTwoFilesOfARegion() {
    keys("rolled.jwks.json", TestCerts.jwk("hwe.jwks.json", TestCerts.ec("rolled")));
    String rolled =
        "[{ jwks: hwe.jwks.json, use: retiring }, { jwks: rolled.jwks.json, use: active }]";
    assertThat(faulty(read(GOOD.replace("[{ jwks: hwe.jwks.json, use: active }]", rolled))))
        .containsExactly(
            "regions.yaml:12 regions.hwe.asks.keys[1].jwks: `rolled.jwks.json` holds a `kid` that"
                + " the region has already");
  }

  @Test
  void refusesTheKeyOfAnotherRegionUnderAnotherKid() {
    keys("hwe.jwks.json", TestCerts.jwk("mine", TestCerts.ec("london.jwks.json")));
    assertThat(faulty(read(GOOD)))
        .containsExactly(
            "regions.yaml:21 regions.london.asks.keys[0].jwks: holds a key of `hwe` too; each"
                + " region has its own");
  }

  @Test
  void acceptsTheSameKidForDifferentKeysOfTwoRegions() {
    keys("hwe.jwks.json", TestCerts.jwk("1", TestCerts.ec("hwe.jwks.json")));
    keys("london.jwks.json", TestCerts.jwk("1", TestCerts.ec("london.jwks.json")));
    assertThat(loaded(read(GOOD)).regions()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"PS256", "RS384"})
  void acceptsRsaOf2048BitsAndRefusesLess(Algorithm algorithm) {
    String yaml = GOOD.replaceFirst("ES256", algorithm.code());
    keys("hwe.jwks.json", TestCerts.jwk("a", TestCerts.rsa(2048)));
    assertThat(loaded(read(yaml)).regions()).hasSize(2);
    keys("hwe.jwks.json", TestCerts.jwk("a", TestCerts.rsa(1024)));
    assertThat(faulty(read(yaml)))
        .contains(
            "regions.yaml:12 regions.hwe.asks.keys[0].jwks: `hwe.jwks.json` holds an RSA key of"
                + " fewer than 2048 bits");
  }

  @Test
  void refusesAKeyForAnotherUse() {
    String key = TestCerts.jwk("a", TestCerts.ec("1")).replace("{", "{\"use\":\"enc\",");
    keys("hwe.jwks.json", key);
    assertThat(faulty(read(GOOD)))
        .singleElement()
        .asString()
        .endsWith("`hwe.jwks.json` holds no key that fits `ES256`");
  }

  @Test
  void readsEveryCertificateOfAFile() throws IOException {
    String two = "Subject: a note\n" + TestCerts.file("london-ca.crt") + TestCerts.file("next.crt");
    TestCerts.write(certs, "london-ca.crt", two);
    assertThat(loaded(read(GOOD)).region("london").orElseThrow().answers().orElseThrow().anchors())
        .hasSize(2);
    Files.delete(certs.resolve("london-ca.crt"));
    TestCerts.write(certs, "london-ca.crt", two.substring(0, two.length() - 40));
    assertThat(faulty(read(GOOD)))
        .containsExactly(
            "regions.yaml:25 regions.london.answers.anchors[0]: `london-ca.crt` holds something"
                + " besides whole certificates; leave only certificates in it");
  }

  @Test
  void refusesACertificateThatIsWeakOrNone() {
    TestCerts.write(certs, "hwe-client.crt", TestCerts.pem(TestCerts.rsa(1024)));
    TestCerts.write(certs, "london-client.crt", TestCerts.block("CERTIFICATE", new byte[99]));
    TestCerts.write(certs, "london-ca.crt", "");
    assertThat(faulty(read(GOOD)))
        .containsExactly(
            "regions.yaml:13 regions.hwe.asks.certificates[0].file: `hwe-client.crt` holds a"
                + " certificate whose key is not RSA of 2048 bits or more, nor EC of 256 or more",
            "regions.yaml:22 regions.london.asks.certificates[0].file: `london-client.crt` holds a"
                + " certificate that cannot be read",
            "regions.yaml:25 regions.london.answers.anchors[0]: `london-ca.crt` holds no"
                + " certificate in PEM (`-----BEGIN CERTIFICATE-----`)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https:///fhir",
        "https:opaque",
        "https://me:pw@host.nhs.uk/fhir",
        "https://host.nhs.uk/fhir?x=1",
        "https://host.nhs.uk/fhir#x",
        "https://host.nhs.uk/",
        "https://host.nhs.uk/fhir/../x",
        "https://host.nhs.uk//fhir",
        "https://host.nhs.uk/%2e%2e/fhir",
        "https://HOST.nhs.uk/fhir",
        "https://host.nhs.uk./fhir",
        "https://host.nhs.uk:0/fhir",
        "https://host.nhs.uk:65536/fhir",
        "https://host .nhs.uk/fhir",
        "https://169.254.169.254/fhir",
        "https://2852039166/fhir",
        "https://0xa9fea9fe/fhir",
        "https://169.254.43518/fhir",
        "https://0.0.0.0/fhir",
        "https://224.0.0.1/fhir",
        "https://[fe80::1]/fhir",
        "https://[::]/fhir",
        "https://[::ffff:169.254.169.254]/fhir",
        "https://[fd00:ec2::254]/fhir"
      })
  void refusesAnAddress(String address) {
    assertThat(BaseAddress.fault(address)).isPresent();
    String yaml = GOOD.replaceFirst("base: .*", "base: \"" + address + "\"");
    assertThat(faulty(read(yaml)))
        .singleElement()
        .asString()
        .startsWith("regions.yaml:24 regions.london.answers.base: ")
        .doesNotContain(address);
    String document = "budget: 1500ms\n      documents: [\"" + address + "\"]";
    assertThat(faulty(read(GOOD.replace("budget: 1500ms", document))))
        .singleElement()
        .asString()
        .startsWith("regions.yaml:28 regions.london.answers.documents[0]: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://record.london.example.nhs.uk/fhir",
        "https://localhost:8451/fhir",
        "https://127.0.0.1:8451/fhir",
        "https://10.0.0.7",
        "https://[2001:db8::1]:8443/r4",
        "https://1and1.example/fhir/r4"
      })
  void acceptsAnAddress(String address) {
    assertThat(loaded(read(GOOD.replaceFirst("base: .*", "base: \"" + address + "\""))).regions())
        .hasSize(2);
  }

  private void keys(String name, String... keys) {
    TestCerts.write(certs, name, "{\"keys\":[" + String.join(",", keys) + "]}");
  }

  private Reading read(String yaml) {
    return RegionsFileTest.read(yaml, certs);
  }
}
