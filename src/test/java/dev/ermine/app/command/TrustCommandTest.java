package dev.ermine.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.sandbox.DevPki;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands as an officer types them, over the regions of the demo. */
class TrustCommandTest {

  private static final InstantSource NOW = Instant::now;

  @TempDir static Path directory;

  /** What a command left behind. */
  private record Ran(int exit, String out, String err) {}

  @BeforeAll
  static void writeFiles() throws IOException {
    DevPki.in(directory);
    Files.copy(Path.of("regions.yaml"), directory.resolve("regions.yaml"));
  }

  @Test
  void explainsAPermit() {
    Ran ran = explain("--to", "london", "--purpose", "TREAT", "--role", "R8000", "--type", "Flag");

    assertThat(ran.out()).startsWith("permit  london  Flag  DSA-2021-LCR-HWE");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.exit()).isZero();
  }

  @Test
  void explainsADenialInWords() {
    Ran ran = explain("--to", "london", "--purpose", "TREAT", "--role", "R9999", "--type", "Flag");

    assertThat(ran.out())
        .contains("deny", "DSA-2021-LCR-HWE#role", "its roles are R8000, R8001, R8003");
    assertThat(ran.exit()).isEqualTo(1);
  }

  @Test
  void explainsAllRegionsAndTheirTypesUnlessToldWhich() {
    String out = explain("--purpose", "TREAT", "--role", "R8000").out();

    assertThat(out).contains("london ", "wessex ", "lancashire-south-cumbria");
    assertThat(out).contains("ServiceRequest", "CarePlan").doesNotContain("hwe  ");
  }

  @Test
  void explainsADayToCome() {
    Ran ran =
        explain(
            "--to",
            "london",
            "--purpose",
            "TREAT",
            "--role",
            "R8000",
            "--type",
            "Flag",
            "--at",
            "2027-12-01");

    assertThat(ran.out()).contains("DSA-2021-LCR-HWE#expired", "ended with 2027-11-30");
  }

  @Test
  void explainsWhatNoRelationshipComesTo() {
    Ran ran =
        explain("--to", "london", "--purpose", "TREAT", "--role", "R8000", "--no-relationship");

    assertThat(ran.out()).contains("#relationship").doesNotContain("permit");
  }

  @Test
  void explainsInJson() throws IOException {
    Ran ran =
        explain("--to", "london", "--purpose", "TREAT", "--role", "R9", "--type", "Flag", "--json");
    JsonNode answer = new ObjectMapper().readTree(ran.out());

    assertThat(answer.at("/decisions/0/decision").asText()).isEqualTo("deny");
    assertThat(answer.at("/decisions/0/rules/0").asText()).isEqualTo("DSA-2021-LCR-HWE#role");
    assertThat(answer.path("denied-because").path("DSA-2021-LCR-HWE#role").asText())
        .contains("is not for that role");
  }

  @Test
  void explainsWhatBreakingTheGlassTakes() throws IOException {
    Path broken =
        changed(
            "purposes: [TREAT, ETREAT]",
            "purposes: [TREAT, ETREAT, BTG]\n"
                + "    break-glass: { roles: [R8000], step-up: { acr: [AAL3_ANY] } }");

    assertThat(breaking(broken).out())
        .contains("#step-up", "authenticated as AAL3_ANY in the last 15 min");
    assertThat(breaking(broken, "--acr", "AAL3_ANY", "--auth-age", "PT16M").out())
        .contains("#step-up");
    assertThat(breaking(broken, "--acr", "AAL3_ANY", "--own-record").out())
        .contains("#own-record", "lets nobody break the glass to see their own record");
    Ran permitted = breaking(broken, "--acr", "AAL3_ANY");
    assertThat(permitted.out()).startsWith("permit");
    assertThat(permitted.exit()).isZero();
  }

  private static Ran breaking(Path regions, String... options) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "explain",
                "--from",
                "hwe",
                "--to",
                "london",
                "--purpose",
                "BTG",
                "--role",
                "R8000",
                "--type",
                "Flag",
                "--break-glass-reason",
                "unconscious",
                "--patient-named",
                "--regions",
                regions.toString(),
                "--certs",
                directory.toString()));
    words.addAll(List.of(options));
    return run(words);
  }

  @Test
  void explainsWhatBecomesOfEntries() throws IOException {
    Path allergy = fhir("{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a1\"}");
    Path both =
        fhir(
            """
            {"resourceType":"Bundle","type":"searchset","entry":[
              {"resource":{"resourceType":"AllergyIntolerance","id":"a1"}},
              {"resource":{"resourceType":"Basic","id":"b1"}}]}
            """);

    Ran disclosed = entry("--entry", allergy.toString());
    assertThat(disclosed.out()).startsWith("disclosed  1 AllergyIntolerance  ");
    assertThat(disclosed.err()).isEmpty();
    assertThat(disclosed.exit()).isZero();
    Ran some = entry("--entry", both.toString());
    assertThat(some.out())
        .contains("disclosed  1 AllergyIntolerance", "withheld  2 Basic  DSA-2021-LCR-HWE#type")
        .contains("does not release that type");
    assertThat(some.exit()).isEqualTo(1);
  }

  @Test
  void explainsThatAnUnclearConsentDisclosesNothing() throws IOException {
    Path allergy = fhir("{\"resourceType\":\"AllergyIntolerance\",\"id\":\"9000000009\"}");
    Path unclear = fhir("{\"resourceType\":\"Consent\",\"id\":\"c1\"}");

    for (String whose : List.of("--consent", "--asker-consent")) {
      Ran ran = entry("--entry", allergy.toString(), whose, unclear.toString(), "--json");
      JsonNode answer = new ObjectMapper().readTree(ran.out());

      assertThat(answer.at("/entries/0/decision").asText()).isEqualTo("withheld");
      assertThat(answer.at("/entries/0/rule").asText()).isEqualTo("consent-unknown");
      assertThat(answer.at("/entries/0/because/0").asText()).contains("cannot be established");
      assertThat(ran.out()).doesNotContain("9000000009");
      assertThat(ran.exit()).isEqualTo(1);
    }
  }

  @Test
  void tellsAFileThatIsNoFhir() throws IOException {
    Path other = fhir("{\"resourceType\":\"Bundle\",\"type\":\"transaction\"}");
    Ran ran = entry("--entry", other.toString());

    assertThat(ran.err()).contains("is no FHIR R4 resource or searchset in JSON");
    assertThat(ran.out()).isEmpty();
    assertThat(ran.exit()).isEqualTo(3);
  }

  @Test
  void asksEntriesOfOneRegionAlone() throws IOException {
    Path allergy = fhir("{\"resourceType\":\"AllergyIntolerance\",\"id\":\"a1\"}");
    Ran nowhere = explain("--purpose", "TREAT", "--role", "R8000", "--entry", allergy.toString());
    Ran nothing = entry("--consent", allergy.toString());

    assertThat(nowhere.err()).contains("--to", "the one region that holds the entries");
    assertThat(nowhere.exit()).isEqualTo(2);
    assertThat(nothing.err()).contains("`--entry`");
    assertThat(nothing.exit()).isEqualTo(2);
  }

  private static Ran entry(String... options) {
    List<String> words =
        new ArrayList<>(List.of("--to", "london", "--purpose", "TREAT", "--role", "R8000"));
    words.addAll(List.of(options));
    return explain(words.toArray(String[]::new));
  }

  private static Path fhir(String json) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "fhir", ".json"), json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "explain",
        "explain --from hwe --purpose TREAT",
        "explain --from nowhere --purpose TREAT --role R8000",
        "explain --from hwe --to nowhere --purpose TREAT --role R8000",
        "explain --from hwe --purpose NOSUCH --role R8000",
        "explain --from hwe --purpose TREAT --role R8000 --at yesterday",
        "diff",
        "check --nonsense"
      })
  void saysHowItIsUsedAndExits2(String line) {
    List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
    words.removeIf(String::isEmpty);
    if (words.contains("--role")) {
      words.addAll(files());
    }
    Ran ran = run(words);

    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).contains("ermine trust");
    assertThat(ran.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "explain --help",
        "diff --help",
        "check --help",
        "pseudonymise --help",
        "completion"
      })
  void helpsOnStandardOutput(String line) {
    Ran ran = run(List.of(line.split(" ", -1)));

    assertThat(ran.exit()).isZero();
    assertThat(ran.out()).isNotEmpty();
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void tellsTheFaultsOfAFileThatCannotBeExplained() throws IOException {
    Path faulty = changed("purposes: [TREAT, ETREAT]", "purposes: [TREET]");
    Ran ran =
        run(
            List.of(
                "explain",
                "--from",
                "hwe",
                "--purpose",
                "TREAT",
                "--role",
                "R8000",
                "--regions",
                faulty.toString(),
                "--certs",
                directory.toString()));

    assertThat(ran.exit()).isEqualTo(3);
    assertThat(ran.err()).contains(faulty + ":", "agreements[0].purposes[0]", "no purpose of use");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void findsNoDifferenceBetweenAFileAndItself() {
    Ran ran = diff(file());

    assertThat(ran.out()).isEqualToIgnoringNewLines("no decision differs");
    assertThat(ran.exit()).isZero();
  }

  @Test
  void tellsWideningsFirst() throws IOException {
    Ran ran = diff(changed("purposes: [TREAT, ETREAT]", "purposes: [TREAT, POPHLTH]"));

    assertThat(ran.out().lines().toList().getFirst())
        .startsWith("opens ")
        .contains("of london to hwe for POPHLTH, roles R8000, R8001, R8003");
    assertThat(ran.out().lines().toList().get(1)).startsWith("closes ").contains("for ETREAT");
    assertThat(ran.out()).contains("agreements.DSA-2021-LCR-HWE.purposes", "serial");
    assertThat(ran.exit()).isEqualTo(1);
  }

  @Test
  void tellsASwappedAnchorWhereNoDecisionDiffers() throws IOException {
    Ran ran = diff(changed("anchors: [london-ca.crt]", "anchors: [wessex-ca.crt]"));

    assertThat(ran.out())
        .contains("no decision differs", "widens   regions.london.answers.anchors");
    assertThat(ran.exit()).isEqualTo(1);
  }

  @Test
  void comparesInJson() throws IOException {
    Path wider = changed("purposes: [TREAT, ETREAT]", "purposes: [TREAT, ETREAT, POPHLTH]");
    Ran ran =
        run(
            List.of(
                "diff",
                file().toString(),
                wider.toString(),
                "--certs",
                directory.toString(),
                "--json"));
    JsonNode answer = new ObjectMapper().readTree(ran.out());

    assertThat(answer.at("/opens/0/releasing").asText()).isEqualTo("london");
    assertThat(answer.at("/opens/0/purpose/0").asText()).isEqualTo("POPHLTH");
    assertThat(answer.at("/closes").isEmpty()).isTrue();
  }

  @Test
  void cannotCompareWithWhatIsNotThere() {
    Ran ran = diff(directory.resolve("nowhere.yaml"));

    assertThat(ran.exit()).isEqualTo(3);
    assertThat(ran.err()).contains("nowhere.yaml:1: does not exist");
  }

  @Test
  void findsKeysOfDevelopmentAndNoFaultBesides() {
    Ran ran = run(List.of("check", file().toString(), "--certs", directory.toString()));

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out().lines().filter(line -> line.startsWith("error")))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).contains("was made for development"));
    assertThat(ran.out()).contains("regions.yorkshire-humber.asks", "it may ask nobody");
  }

  @Test
  void checksAFaultyFile() throws IOException {
    Path faulty = changed("purposes: [TREAT, ETREAT]", "purposes: [TREET]");
    Ran ran =
        run(List.of("check", "--regions", faulty.toString(), "--certs", directory.toString()));

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).contains("error", "agreements[0].purposes[0]", "(line ");
  }

  @Test
  void cannotCheckWhatIsNotThere() {
    Ran ran = run(List.of("check", directory.resolve("nowhere.yaml").toString()));

    assertThat(ran.exit()).isEqualTo(3);
    assertThat(ran.out()).isEmpty();
  }

  private static Path changed(String before, String after) throws IOException {
    String text = Files.readString(file());
    assertThat(text).contains(before);
    int at = text.indexOf(before);
    String changed = text.substring(0, at) + after + text.substring(at + before.length());
    return Files.writeString(Files.createTempFile(directory, "regions", ".yaml"), changed);
  }

  private static Ran explain(String... options) {
    List<String> words = new ArrayList<>(List.of("explain", "--from", "hwe"));
    words.addAll(List.of(options));
    words.addAll(files());
    return run(words);
  }

  private static Ran diff(Path now) {
    return run(List.of("diff", file().toString(), now.toString(), "--certs", directory.toString()));
  }

  private static List<String> files() {
    return List.of("--regions", file().toString(), "--certs", directory.toString());
  }

  private static Path file() {
    return directory.resolve("regions.yaml");
  }

  private static Ran run(List<String> words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    int exit = TrustCommand.run(NOW, out, new PrintWriter(err, true), words.toArray(String[]::new));
    return new Ran(exit, out.toString(StandardCharsets.UTF_8), err.toString());
  }
}
