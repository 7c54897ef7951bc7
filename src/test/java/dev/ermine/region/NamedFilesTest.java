package dev.ermine.region;

import static dev.ermine.region.RegionsFileTest.GOOD;
import static dev.ermine.region.RegionsFileTest.faulty;
import static dev.ermine.region.RegionsFileTest.loaded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.Region.Algorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

  private static final String KEYS = "keys: [{ jwks: hwe.jwks.json, use: active }]";

  @Test
  void readsWhereKeysArePublishedWithOrWithoutFilesBeside() {
    String published = "published: { url: https://hwe.nhs.uk/jwks.json, anchors: [hwe-ca.crt] }";
    TestCerts.write(published, certs);
    Region.Asks alone = asks(GOOD.replace(KEYS, published));
    assertThat(alone.keys()).isEmpty();
    assertThat(alone.published().orElseThrow().url()).hasToString("https://hwe.nhs.uk/jwks.json");
    assertThat(alone.published().orElseThrow().anchors()).hasSize(1);
    assertThat(alone.published().orElseThrow().stale()).isEqualTo(Duration.ofHours(4));
    Region.Asks both =
        asks(GOOD.replace(KEYS, KEYS + "\n      " + published.replace(" }", ", stale: 30m }")));
    assertThat(both.keys()).hasSize(1);
    assertThat(both.published().orElseThrow().stale()).isEqualTo(Duration.ofMinutes(30));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "anchors: [hwe-ca.crt]|url: is missing",
        "url: https://hwe.nhs.uk/jwks.json|anchors: is missing",
        "url: http://hwe.nhs.uk/j, anchors: [hwe-ca.crt]|url: write an https address",
        "url: https://169.254.169.254/j, anchors: [hwe-ca.crt]|url: ",
        "url: https://hwe.nhs.uk/j, anchors: [none.crt]|anchors[0]: `none.crt` does not exist",
        "url: https://hwe.nhs.uk/j, anchors: []|anchors: must not be empty",
        "url: https://hwe.nhs.uk/j, anchors: [hwe-ca.crt], stale: 4|stale: ",
        "url: https://hwe.nhs.uk/j, anchors: [hwe-ca.crt], every: 5m|every: is not known here",
      })
  void refusesAPlaceWhereKeysCannotBeFetched(String said, String fault) {
    TestCerts.write("hwe-ca.crt", certs);
    assertThat(faulty(read(GOOD.replace(KEYS, "published: { " + said + " }"))))
        .singleElement()
        .asString()
        .contains(" regions.hwe.asks.published." + fault);
  }

  @Test
  void refusesARegionWithoutAnyKeys() {
    assertThat(faulty(read(GOOD.replace("      " + KEYS + "\n", ""))))
        .singleElement()
        .asString()
        .contains(" regions.hwe.asks.keys: is missing; give key files, or where they are");
  }

  @Test
  void readsATokenEndpointWithTheRegionsAnchorsUnlessItHasItsOwn() {
    Region.Token.Endpoint plain = endpoint("");
    assertThat(plain.url()).hasToString("https://auth.nhs.uk/token");
    assertThat(plain.clientId()).isEqualTo("ermine");
    assertThat(plain.scopes()).containsExactly("system/*.rs");
    assertThat(plain.timeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(plain.anchors())
        .isEqualTo(
            loaded(read(GOOD)).region("london").orElseThrow().answers().orElseThrow().anchors());
    TestCerts.write("auth-ca.crt", certs);
    Region.Token.Endpoint own =
        endpoint(", anchors: [auth-ca.crt], scopes: [system/Flag.rs], timeout: 700ms");
    assertThat(own.anchors()).hasSize(1).isNotEqualTo(plain.anchors());
    assertThat(own.scopes()).containsExactly("system/Flag.rs");
    assertThat(own.timeout()).isEqualTo(Duration.ofMillis(700));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "url: https://auth.nhs.uk/token|endpoint.client-id: is missing",
        "client-id: ermine|endpoint.url: is missing",
        "url: https://0.0.0.0/token, client-id: ermine|endpoint.url: ",
        "url: https://auth.nhs.uk/token, client-id: ermine, scopes: [launch]|endpoint.scopes[0]: ",
        "url: https://auth.nhs.uk/token, client-id: ermine, anchors: [none.crt]"
            + "|endpoint.anchors[0]: `none.crt` does not exist",
        "url: https://auth.nhs.uk/token, client-id: ermine, timeout: 1|endpoint.timeout: ",
        "url: https://auth.nhs.uk/token, client-id: ermine, secret: x|endpoint.secret: is not known",
      })
  void refusesATokenEndpointThatCannotBeAsked(String said, String fault) {
    assertThat(faulty(read(withEndpoint("endpoint: { " + said + " }"))))
        .singleElement()
        .asString()
        .contains(" regions.london.answers.token." + fault);
  }

  @Test
  void refusesATokenForEachRequestFromAnEndpoint() {
    String said = "use: request, endpoint: { url: https://auth.nhs.uk/token, client-id: ermine }";
    assertThat(faulty(read(withEndpoint(said))))
        .singleElement()
        .asString()
        .contains("regions.london.answers.token.use: is `request`, but a token of an `endpoint`");
  }

  private Region.Asks asks(String yaml) {
    return loaded(read(yaml)).region("hwe").orElseThrow().asks().orElseThrow();
  }

  private Region.Token.Endpoint endpoint(String more) {
    String said = "endpoint: { url: https://auth.nhs.uk/token, client-id: ermine" + more + " }";
    return loaded(read(withEndpoint(said)))
        .region("london")
        .orElseThrow()
        .answers()
        .orElseThrow()
        .token()
        .endpoint()
        .orElseThrow();
  }

  private static String withEndpoint(String said) {
    return GOOD.replace("algorithm: ES256 }", "algorithm: ES256, " + said + " }");
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
