package dev.ermine.region;

import static dev.ermine.region.RegionsFileTest.GOOD;
import static dev.ermine.region.RegionsFileTest.faulty;
import static dev.ermine.region.RegionsFileTest.loaded;
import static java.nio.charset.StandardCharsets.UTF_16;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a careless hand or a hostile one may do to the file. */
class HostileYamlTest {

  private static final Pattern VALUE =
      Pattern.compile("(?<=[ \\[])[A-Za-z0-9:/.-]+(?=[,\\]\n ])(?!:)");
  private static final Pattern KEY = Pattern.compile("[a-z]+(?=:[ \n])");

  @TempDir Path certs;

  @BeforeEach
  void writeFiles() {
    TestCerts.write(GOOD, certs);
  }

  @Test
  void d12RefusesAKeyThatStandsTwice() {
    assertThat(told(GOOD.replace("serial: 42", "serial: 42\nserial: 43")))
        .containsExactly("regions.yaml:3 serial: stands twice, first in line 2; keep one");
    assertThat(told(GOOD.replace("    budget: 1500ms", "    budget: 1500ms\n      budget: 2s")))
        .containsExactly(
            "regions.yaml:28 regions.london.answers.budget: stands twice, first in line 27; keep one");
  }

  @Test
  void d12RefusesASecondDocument() {
    assertThat(told(GOOD + "---\nserial: 43\n"))
        .containsExactly("regions.yaml:38: a second document begins here; keep one");
  }

  @Test
  void refusesAnAliasBombWithoutLightingIt() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(told(GOOD + bomb))
        .contains(
            "regions.yaml:38 a0: anchors and aliases are not used here; write the value out",
            "regions.yaml:39 a1[0]: anchors and aliases are not used here; write the value out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"&n Herts", "*n", "&n"})
  void refusesAnchorsAndAliasesOfScalars(String name) {
    assertThat(told(GOOD.replaceFirst("name: HWE.*", "name: " + name)))
        .contains(
            "regions.yaml:6 regions.hwe.name: anchors and aliases are not used here; write the"
                + " value out");
  }

  @Test
  void refusesAnchorsOnKeysAndTheRoot() {
    assertThat(told(GOOD.replace("serial:", "&k serial:")))
        .containsExactly(
            "regions.yaml:2 serial: anchors and aliases are not used here; write the value out");
    assertThat(told("--- &root\n" + GOOD))
        .containsExactly(
            "regions.yaml:1: anchors and aliases are not used here; write the value out");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!!javax.script.ScriptEngineManager [x]",
        "!!str Herts",
        "! Herts",
        "!<tag:yaml.org,2002:str> Herts"
      })
  void refusesTags(String name) {
    assertThat(told(GOOD.replaceFirst("name: HWE.*", "name: " + name)))
        .contains(
            "regions.yaml:6 regions.hwe.name: tags are not used here; take out what begins with"
                + " `!`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NO", "no", "Yes", "on", "True", "1.5", "0x1F", "1_000", "12:30"})
  void textStaysText(String name) {
    Regions regions = loaded(read(GOOD.replace("HWE Shared Care Record", name)));
    assertThat(regions.region("hwe").orElseThrow().name()).isEqualTo(name);
  }

  @Test
  void onlyTrueAndFalseAreTruthValues() {
    String asked = "algorithm: ES256\n      timings: ";
    assertThat(told(GOOD.replaceFirst("algorithm: ES256\n", asked + "yes\n")))
        .containsExactly("regions.yaml:12 regions.hwe.asks.timings: write `true` or `false`");
    Regions regions = loaded(read(GOOD.replaceFirst("algorithm: ES256\n", asked + "true\n")));
    assertThat(regions.region("hwe").orElseThrow().asks().orElseThrow().timings()).isTrue();
  }

  @Test
  void refusesNul() {
    assertThat(told(GOOD.replace("serial: 42", "serial: 4\0002")))
        .containsExactly("regions.yaml:2: has a control character, such as NUL; take it out");
    assertThat(told(GOOD.replace("HWE Shared", "\"HWE\\0Shared\" #")))
        .containsExactly(
            "regions.yaml:6 regions.hwe.name: has a line break or control character; to fold"
                + " lines, begin with `>-`");
  }

  @Test
  void refusesAByteOrderMarkAndWhatIsNotUtf8() throws IOException {
    assertThat(told("\uFEFF" + GOOD))
        .containsExactly("regions.yaml:1: begins with a byte order mark; save it without");
    Path file = Files.write(certs.resolve("regions.yaml"), GOOD.getBytes(UTF_16));
    assertThat(faulty(RegionsFile.read(file, certs, Stage.PRODUCTION)))
        .containsExactly("regions.yaml:1: is not UTF-8 text; save it as UTF-8");
  }

  @Test
  void refusesATab() {
    assertThat(told(GOOD.replace("  hwe:", "\thwe:")))
        .containsExactly("regions.yaml:5: has a tab where only spaces may stand");
  }

  @Test
  void refusesMoreThanAMebibyte() {
    assertThat(told(GOOD + "#".repeat(2 << 20)))
        .containsExactly("regions.yaml:1: is larger than 1 MiB");
  }

  @Test
  void refusesDepthAndNumberBeyondReason() {
    assertThat(told("a: " + "[".repeat(400_000)))
        .containsExactly("regions.yaml:1: nests more than 20 levels deep");
    assertThat(told("a: [" + "[],".repeat(300_000)))
        .containsExactly("regions.yaml:1: holds far more values than regions need");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# nothing\n",
        "---\n",
        "text",
        "[1, 2]",
        "? [a]\n: b",
        "a: \"\\UFFFFFFFF\"",
        "a: *x",
        "a: @b",
        "a: b: c",
        "a: 'b",
        "%YAML 3.0\n---\n"
      })
  void refusesWhatIsNoSuchFile(String yaml) {
    assertThat(told(yaml)).isNotEmpty().allMatch(fault -> fault.startsWith("regions.yaml:"));
  }

  @Test
  void tellsWhereAnUnfinishedFileEnds() {
    assertThat(told(GOOD.substring(0, GOOD.indexOf("1500ms") - 40)))
        .containsExactly(
            "regions.yaml:26: ends within a value; is the file whole, and each bracket and quote"
                + " closed?");
  }

  @Test
  void tellsOfAPrivateKeyAndNeverQuotesIt() {
    String secret = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg";
    String pem = "-----BEGIN PRIVATE KEY-----\n" + secret + "\n-----END PRIVATE KEY-----\n";
    List<String> pasted = told(GOOD + pem);
    assertThat(pasted).contains("regions.yaml:38: " + Secrets.FAULT);
    assertThat(pasted).noneMatch(fault -> fault.contains(secret));
    List<String> jwk = told(GOOD + "key: { kty: EC, d: " + secret + " }\n");
    assertThat(jwk).contains("regions.yaml:38: " + Secrets.FAULT);
    assertThat(jwk).noneMatch(fault -> fault.contains(secret));
  }

  @Test
  void tellsOfAPrivateKeyInANamedFile() {
    String jwk = TestCerts.file("hwe.jwks.json");
    TestCerts.write(
        certs, "hwe.jwks.json", jwk.replace("\"kty\"", "\"\\u0064\":\"s3cr3t\",\"kty\""));
    TestCerts.write(
        certs,
        "hwe-client.crt",
        TestCerts.file("hwe-client.crt") + TestCerts.block("EC PRIVATE KEY", new byte[40]));
    assertThat(told(GOOD))
        .containsExactly(
            "regions.yaml:12 regions.hwe.asks.keys[0].jwks: `hwe.jwks.json` " + Secrets.FAULT,
            "regions.yaml:13 regions.hwe.asks.certificates[0].file: `hwe-client.crt` "
                + Secrets.FAULT);
  }

  /** A password or key may land in place of any value or key; no fault may repeat it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3cr3tZ-kQ7vXc9Lr2Tn8Wm4Yp6Bd1Fg5Hj3Kz0Qa2Ue",
        "s3cr3t pass word!",
        "https://me:s3cr3tZ@host/fhir",
        "\"s3cr3tZ\\tpass\"",
        "[s3cr3t%Z]",
        "{ s3cr3t+Z: s3cr3t=Z }"
      })
  void neverQuotesASecretWhereverItLands(String secret) {
    for (Pattern places : List.of(VALUE, KEY)) {
      for (MatchResult place : places.matcher(GOOD).results().toList()) {
        String yaml = GOOD.substring(0, place.start()) + secret + GOOD.substring(place.end());
        if (RegionsFileTest.read(yaml, certs) instanceof Reading.Faulty(List<Fault> faults)) {
          assertThat(faults).noneMatch(fault -> fault.toString().contains("s3cr3t"));
        }
      }
    }
  }

  /** Any cut or changed character gives a reading; the seed is in the failure's message. */
  @Test
  void anySpoiltFileGivesAReading() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      StringBuilder yaml = new StringBuilder(GOOD);
      for (int edits = random.nextInt(1, 6); edits > 0; edits--) {
        int at = random.nextInt(yaml.length());
        switch (random.nextInt(3)) {
          case 0 -> yaml.setCharAt(at, "\n\t :[]{},&*!'\"-?|>%@#\\\0é".charAt(random.nextInt(24)));
          case 1 -> yaml.deleteCharAt(at);
          default -> yaml.insert(at, GOOD, 0, random.nextInt(60));
        }
      }
      assertThat(read(yaml.toString())).as("seed %d, round %d", seed, round).isNotNull();
    }
  }

  private List<String> told(String yaml) {
    return faulty(read(yaml));
  }

  private Reading read(String yaml) {
    return RegionsFileTest.read(yaml, certs);
  }
}
