package dev.ermine.region;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.testing.Given;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegionsFileTest {

  /** Two regions and an agreement; tests spoil one line of it, counted from 1. */
  static final String GOOD =
      """
      version: 1
      serial: 42
      gateway: { id: ermine-east, organisation: { ods: QM7, name: Herts }, deadline: 3s }
      regions:
        hwe:
          name: HWE Shared Care Record
          organisation: { ods: QM7, name: Herts }
          status: active
          asks:
            issuer: https://hwe.example.nhs.uk
            algorithm: ES256
            keys: [{ jwks: hwe.jwks.json, use: active }]
            certificates: [{ file: hwe-client.crt }]
        london:
          name: London Care Record
          organisation: { ods: QMJ, name: North Central London }
          status: active
          asks:
            issuer: https://london.example.nhs.uk
            algorithm: ES256
            keys: [{ jwks: london.jwks.json, use: active }]
            certificates: [{ file: london-client.crt }]
          answers:
            base: https://localhost:8451/fhir
            anchors: [london-ca.crt]
            token: { audience: https://localhost:8451/fhir, algorithm: ES256 }
            budget: 1500ms
            types: [Patient, Flag]
      agreements:
        - id: DSA-1
          releases: london
          to: [hwe]
          purposes: [TREAT]
          roles: [R8000]
          types: [Patient]
          relationship: required
          valid: { from: 2021-12-01, until: 2027-11-30 }
      """;

  @TempDir Path certs;

  @BeforeEach
  void writeFiles() {
    TestCerts.write(GOOD, certs);
  }

  @Test
  void loadsTheShippedFile() throws IOException {
    Path shipped = Path.of("regions.yaml");
    TestCerts.write(Files.readString(shipped), certs);
    Regions regions = loaded(RegionsFile.read(shipped, certs, Stage.PRODUCTION));
    assertThat(regions.regions())
        .extracting(region -> region.id().value())
        .containsExactly(
            "hwe",
            "london",
            "essex-suffolk",
            "greater-manchester",
            "yorkshire-humber",
            "wessex",
            "thames-valley-surrey",
            "lancashire-south-cumbria");
    assertThat(regions.peersOf(new RegionId("hwe"))).hasSize(7);
    assertThat(regions.agreements()).hasSizeGreaterThan(7);
  }

  @Test
  void leavesOutWhatHasADefault() {
    Region.Answers answers =
        loaded(read(GOOD)).region("london").orElseThrow().answers().orElseThrow();
    assertThat(answers.documents()).isEmpty();
    assertThat(answers.lookup()).isEqualTo(Region.Lookup.TWO_STEP);
    assertThat(answers.search()).isEqualTo(Region.Search.POST);
    assertThat(answers.read()).isTrue();
    assertThat(answers.sort()).isFalse();
    assertThat(answers.token().use()).isEqualTo(Region.Token.TokenUse.QUERY);
    assertThat(answers.limits()).isEqualTo(new Region.Limits(32, 8_000_000, 2000, 20, 50));
    assertThat(answers.types()).containsExactly("Patient", "Flag");
  }

  @Test
  void theSchemaTellsEditorsTheSameDefaults() throws IOException {
    JsonNode schema =
        new ObjectMapper().readTree(Path.of("src/main/resources/regions.schema.json").toFile());
    JsonNode answers = schema.at("/$defs/answers/properties");
    JsonNode limits = schema.at("/$defs/limits/properties");
    String spelt =
        GOOD.replace(
                "      budget:",
                written("      ", answers, "documents", "lookup", "search", "read", "sort")
                    + "      limits:\n"
                    + written(
                        "        ", limits, "connections", "bytes", "entries", "pages", "rate")
                    + "      budget:")
            .replace(
                "ES256 }",
                "ES256, use: " + schema.at("/$defs/token/properties/use/default").asText() + " }");
    assertThat(loaded(read(spelt)).regions()).isEqualTo(loaded(read(GOOD)).regions());
  }

  private static String written(String indent, JsonNode properties, String... keys) {
    return Stream.of(keys)
        .map(key -> indent + key + ": " + properties.at("/" + key + "/default") + "\n")
        .collect(Collectors.joining());
  }

  /** The file with a service that knows people; its lines follow those of the others. */
  static final String IDENTIFIED =
      GOOD
          + """
          demographics:
            base: https://localhost:8460/personal-demographics/FHIR/R4
            anchors: [pds-ca.crt]
            token:
              audience: https://localhost:8460/oauth2/token
              algorithm: RS512
              use: context
              endpoint: { url: https://localhost:8460/oauth2/token, client-id: ermine }
            budget: 800ms
            limits: { rate: 5/s }
          """;

  @Test
  void readsHowDemographicsAreAsked() {
    assertThat(loaded(read(GOOD)).demographics()).isEmpty();
    TestCerts.write(IDENTIFIED, certs);
    Regions regions = loaded(read(IDENTIFIED));
    Region service = regions.demographics().orElseThrow();
    assertThat(service.id()).isEqualTo(RegionId.DEMOGRAPHICS).hasToString("pds");
    assertThat(service.mayAsk()).isFalse();
    Region.Answers answers = service.answers().orElseThrow();
    assertThat(answers.base()).hasToString("https://localhost:8460/personal-demographics/FHIR/R4");
    assertThat(answers.anchors()).hasSize(1);
    assertThat(answers.token().algorithm()).isEqualTo(Region.Algorithm.RS512);
    assertThat(answers.token().endpoint()).isPresent();
    assertThat(answers.budget()).isEqualTo(Duration.ofMillis(800));
    assertThat(answers.limits().rate()).containsExactly(new Region.Quota(5, Duration.ofSeconds(1)));
    assertThat(answers.types()).containsExactly("Patient");
    assertThat(regions.region("pds")).as("no region").isEmpty();
    assertThat(regions.peersOf(new RegionId("hwe"))).doesNotContain(service);
    assertThat(regions.withDemographics()).endsWith(service).hasSize(3);
    assertThat(regions.hash()).isNotEqualTo(loaded(read(GOOD)).hash());
    assertThat(List.of(regions.lapsed(), regions.signedBy(Set.of("officer"))))
        .extracting(Regions::demographics)
        .containsOnly(Optional.of(service));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://localhost:8460/personal | http://localhost:8460/personal | 39 demographics.base: write an https address, such as `https://record.example.nhs.uk/fhir`, without `/` at its end
          FHIR/R4          | FHIR/R4?id=1     | 39 demographics.base: must not have a query or fragment; take out what begins with `?` or `#`
          pds-ca.crt       | none.crt         | 40 demographics.anchors[0]: `none.crt` does not exist
          budget: 800ms    | budget: 4s       | 46 demographics.budget: is longer than the gateway's `deadline`
          use: context     | use: request     | 44 demographics.token.use: is `request`, but a token of an `endpoint` serves `query` or `context`
          url: https       | url: http        | 45 demographics.token.endpoint.url: write an https address, such as `https://record.example.nhs.uk/fhir`, without `/` at its end
          budget: 800ms    | lookup: chained  | 46 demographics.lookup: is not known here; known are `base`, `anchors`, `revocation`, `token`, `budget`, `protocol`, `connect`, `first-byte`, `limits`
          budget: 800ms    | read: true       | 38 demographics.budget: is missing: the time allowed for all exchanges with it in one query; within the gateway's deadline
          '  london:'      | '  pds:'         | 14 regions.pds: has the id that `demographics` goes by; give the region another
          """)
  void tellsTheFaultsOfDemographics(String what, String with, String fault) {
    TestCerts.write(IDENTIFIED, certs);
    assertThat(IDENTIFIED).contains(what);
    assertThat(told(IDENTIFIED.replace(what, with))).contains("regions.yaml:" + fault);
  }

  @ParameterizedTest
  @CsvSource({"1500ms,1500", "3s,3000", "PT1.5S,1500", "PT0.2S,200"})
  void readsDurations(String text, long millis) {
    Regions regions = loaded(read(GOOD.replace("1500ms", text)));
    assertThat(regions.region("london").orElseThrow().answers().orElseThrow().budget())
        .isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({"8MB,8000000", "8MiB,8388608", "2000MB,2000000000", "1907MiB,1999634432"})
  void readsSizes(String text, int bytes) {
    Regions regions =
        loaded(
            read(
                GOOD.replace(
                    "budget: 1500ms", "budget: 1s\n      limits: { bytes: %s }".formatted(text))));
    assertThat(regions.region("london").orElseThrow().answers().orElseThrow().limits().bytes())
        .isEqualTo(bytes);
  }

  /** Each row: the line spoilt, what of it, with what, and the fault. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1  | 1            | 2                    | 1 version: write `1`
          2  | 42           | '"42"'               | 2 serial: write a whole number from 1 to 2147483647
          2  | 42           | 0                    | 2 serial: write a whole number from 1 to 2147483647
          2  | 42           | 0777                 | 2 serial: write a whole number from 1 to 2147483647
          2  | serial: 42   | sreial: 42           | 2 sreial: is not known here; known are `version`, `serial`, `valid`, `allow-mass-change`, `files`, `gateway`, `regions`, `demographics`, `agreements`, `denials`, `labelling`
          3  | , deadline: 3s | ''                 | 3 gateway.deadline: is missing: the time that a whole query may take
          3  | 3s           | 3                    | 3 gateway.deadline: write a time such as `1500ms`, `3s` or `PT1.5S`
          3  | 3s           | PT0.0S               | 3 gateway.deadline: write a time such as `1500ms`, `3s` or `PT1.5S`
          3  | 3s           | 1s                   | 27 regions.london.answers.budget: is longer than the gateway's `deadline`
          5  | hwe          | Hwe                  | 5 regions.Hwe: write lower-case words joined by hyphens, such as `essex-suffolk`, 40 characters at most
          6  | HWE Shared Care Record | 12         | 6 regions.hwe.name: write a text of 1 to 300 characters (in quotes if it looks like a number)
          7  | '{ ods: QM7, name: Herts }' | Herts | 7 regions.hwe.organisation: must hold keys and their values, indented under it
          8  | active       | on                   | 8 regions.hwe.status: write one of `active`, `suspended`, `retired`
          8  | active       | suspended            | 5 regions.hwe.public: is missing: what callers are told while the region is suspended
          10 | hwe.         | london.              | 19 regions.london.asks.issuer: is the issuer of `hwe` too; each region has its own
          11 | ES256        | RS256                | 11 regions.hwe.asks.algorithm: write one of `PS256`, `ES256`, `RS384`, `ES384`
          11 | ES256        | PS256                | 12 regions.hwe.asks.keys[0].jwks: `hwe.jwks.json` holds no key that fits `PS256`
          12 | hwe.jwks     | none.jwks            | 12 regions.hwe.asks.keys[0].jwks: `none.jwks.json` does not exist
          12 | hwe.jwks     | ../hwe.jwks          | 12 regions.hwe.asks.keys[0].jwks: write a file name, such as `london-ca.crt`, relative to the directory of certificates
          12 | hwe.jwks     | /etc/hwe.jwks        | 12 regions.hwe.asks.keys[0].jwks: write a file name, such as `london-ca.crt`, relative to the directory of certificates
          12 | hwe.jwks     | london.jwks          | 21 regions.london.asks.keys[0].jwks: holds a key of `hwe` too; each region has its own
          13 | hwe-client   | london-client        | 22 regions.london.asks.certificates[0].file: holds a certificate of `hwe` too; each region has its own
          13 | hwe-client.crt | london.jwks.json   | 13 regions.hwe.asks.certificates[0].file: `london.jwks.json` holds no certificate in PEM (`-----BEGIN CERTIFICATE-----`)
          24 | https:       | http:                | 24 regions.london.answers.base: write an https address, such as `https://record.example.nhs.uk/fhir`, without `/` at its end
          24 | fhir         | fhir/                | 24 regions.london.answers.base: must not end with `/`
          25 | london-ca    | london-xx            | 25 regions.london.answers.anchors[0]: `london-xx.crt` does not exist
          27 | 1500ms       | 1.5s                 | 27 regions.london.answers.budget: write a time such as `1500ms`, `3s` or `PT1.5S`
          27 | 1500ms       | 3001ms               | 27 regions.london.answers.budget: is longer than the gateway's `deadline`
          28 | Flag         | Patient              | 28 regions.london.answers.types: names something twice; keep one
          28 | '[Patient, Flag]' | []              | 28 regions.london.answers.types: must not be empty
          28 | Flag         | flag                 | 28 regions.london.answers.types[1]: write a FHIR resource type, such as `AllergyIntolerance`
          31 | london       | lundon               | 31 agreements[0].releases: `lundon` is no region of this file
          31 | london       | hwe                  | 31 agreements[0].releases: `hwe` has no `answers`
          32 | hwe          | wessex               | 32 agreements[0].to[0]: `wessex` is no region of this file
          32 | hwe          | london               | 32 agreements[0].to[0]: a region needs no agreement with itself
          33 | TREAT        | TREATT               | 33 agreements[0].purposes[0]: `TREATT` is no purpose of use that v3 ActReason has
          33 | TREAT        | BTG                  | 30 agreements[0].break-glass: and `BTG` among `purposes` need each other
          33 | TREAT        | Treat                | 33 agreements[0].purposes[0]: write a code of v3 ActReason in capitals, such as `TREAT`
          34 | R8000        | Doctor               | 34 agreements[0].roles[0]: write a code of UKCore-SDSJobRoleName, such as `R8000`
          35 | Patient      | CarePlan             | 35 agreements[0].types[0]: `CarePlan` is not among the `types` that `london` answers with
          36 | required     | never                | 36 agreements[0].relationship: write one of `required`, `optional`
          37 | 2021-12-01   | 2021-02-30           | 37 agreements[0].valid.from: is no day of the calendar
          37 | 2021-12-01   | 2028-12-01           | 37 agreements[0].valid.until: is before `from`
          37 | 2021-12-01   | 1/12/21              | 37 agreements[0].valid.from: write a day such as `2021-12-01`
          """)
  void tellsTheFaultWithLineAndPath(int line, String what, String with, String fault) {
    assertThat(told(spoilt(line, what, with))).contains("regions.yaml:" + fault);
  }

  /** London as a gateway that may hand on what HWE asks. */
  static final String GATEWAY =
      GOOD.replace(
              "token: { audience: https://localhost:8451/fhir, algorithm: ES256 }",
              "token: { audience: https://localhost:8451/fhir, algorithm: ES256, use: request }")
          .replace(
              "types: [Patient, Flag]",
              "types: [Patient, Flag]\n      lookup: chained\n      read: false\n      gateway:"
                  + " ermine-north")
          .replace(
              "[{ file: london-client.crt }]",
              "[{ file: london-client.crt }]\n      forwards: [hwe]");

  @Test
  void readsAGateway() {
    Region london = loaded(read(GATEWAY)).region("london").orElseThrow();
    assertThat(london.answers().orElseThrow().gateway()).contains("ermine-north");
    assertThat(london.asks().orElseThrow().forwards()).containsExactly(new RegionId("hwe"));
  }

  @Test
  void oneGatewayIsOneRegion() {
    String two =
        GATEWAY.replace(
            "agreements:\n",
            GATEWAY
                    .substring(GATEWAY.indexOf("  london:\n"), GATEWAY.indexOf("agreements:\n"))
                    .replaceFirst("    asks:\n(?s:.*)    answers:", "    answers:")
                    .replace("  london:", "  wessex:")
                + "agreements:\n");
    assertThat(told(two))
        .containsExactly(
            "regions.yaml:45 regions.wessex.answers.gateway: is the gateway of `london` too; each"
                + " region has its own");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ermine-north  | ermine-east     | answers.gateway: is this gateway's own id; name the other's
          use: request  | use: query      | answers.token.use: is `query`, but a gateway takes what we sign for one request alone; write `request`, or give it an `endpoint`
          ', use: request' | ''           | answers.token.use: is `query`, but a gateway takes what we sign for one request alone; write `request`, or give it an `endpoint`
          use: request  | use: context    | answers.token.use: is `context`, but a gateway is told how long one query still waits; write `request`, or `query` with an `endpoint`
          chained       | two-step        | answers.lookup: is `two-step`, but a gateway finds a patient by NHS number alone; write `chained`
          'read: false' | 'read: true'    | answers.read: is `true`, but a gateway reads nothing at its own base; write `false`
          forwards: [hwe] | forwards: [london] | asks.forwards[0]: is the region itself, which asks for itself anyway; take it out
          forwards: [hwe] | forwards: [dorset] | asks.forwards[0]: is no region; name one of the file
          """)
  void tellsTheFaultsOfAGateway(String what, String with, String fault) {
    assertThat(GATEWAY).contains(what);
    assertThat(told(GATEWAY.replace(what, with)))
        .singleElement()
        .asString()
        .endsWith(" regions.london." + fault);
  }

  @Test
  void nobodyHandsOnForARegionThatNeverAsks() {
    String silent =
        GATEWAY
            .replace("forwards: [hwe]", "forwards: [essex]")
            .replace(
                "agreements:\n",
                GATEWAY
                        .substring(GATEWAY.indexOf("  london:\n"), GATEWAY.indexOf("agreements:\n"))
                        .replaceFirst("    asks:\n(?s:.*)    answers:", "    answers:")
                        .replace("  london:", "  essex:")
                        .replace("      gateway: ermine-north\n", "")
                    + "agreements:\n");
    assertThat(told(silent))
        .singleElement()
        .asString()
        .endsWith(
            "asks.forwards[0]: has no `asks`, so that none of its questions can be handed on");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          connect: 1501ms    | 28 regions.london.answers.connect: is longer than the `budget`
          connect: 1.5s      | 28 regions.london.answers.connect: write a time such as `1500ms`, `3s` or `PT1.5S`
          first-byte: 2s     | 28 regions.london.answers.first-byte: is longer than the `budget`
          protocol: http/2   | 28 regions.london.answers.protocol: write one of `http/1.1`, `h2`
          """)
  void tellsTheFaultOfHowARegionIsConnectedTo(String wire, String fault) {
    assertThat(told(wired(wire))).containsExactly("regions.yaml:" + fault);
  }

  @Test
  void connectsAsTheRegionSaysAndOtherwiseWellWithinItsBudget() {
    assertThat(wire(GOOD)).isEqualTo(Region.Wire.USUAL);
    assertThat(wire(GOOD).connectWithin(Duration.ofMillis(1_500))).isEqualTo(Duration.ofSeconds(1));
    assertThat(wire(GOOD).connectWithin(Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(2));
    assertThat(wire(wired("connect: 1500ms\n      first-byte: 700ms\n      protocol: h2")))
        .isEqualTo(
            new Region.Wire(
                Region.Wire.Protocol.HTTP_2,
                Optional.of(Duration.ofMillis(1_500)),
                Optional.of(Duration.ofMillis(700))));
  }

  private Region.Wire wire(String yaml) {
    return loaded(read(yaml)).region("london").orElseThrow().answers().orElseThrow().wire();
  }

  private static String wired(String wire) {
    return GOOD.replace("budget: 1500ms", "budget: 1500ms\n      " + wire);
  }

  @Test
  void tellsAllFaultsOfFormAndSenseAtOnceByLine() {
    String bad =
        GOOD.replace("status: active", "status: on")
            .replace("budget: 1500ms", "budget: 9s")
            .replace("releases: london", "releases: lundon")
            .replace("london-ca.crt", "gone.crt");
    assertThat(told(bad))
        .containsExactly(
            "regions.yaml:8 regions.hwe.status: write one of `active`, `suspended`, `retired`",
            "regions.yaml:17 regions.london.status: write one of `active`, `suspended`, `retired`",
            "regions.yaml:25 regions.london.answers.anchors[0]: `gone.crt` does not exist",
            "regions.yaml:27 regions.london.answers.budget: is longer than the gateway's `deadline`",
            "regions.yaml:31 agreements[0].releases: `lundon` is no region of this file");
  }

  @Test
  void refusesAgreementsOfOneId() {
    String twice = GOOD + GOOD.substring(GOOD.indexOf("  - id:"));
    assertThat(told(twice))
        .containsExactly(
            "regions.yaml:38 agreements[1].id: is the id of what stands in line 30 too; give each"
                + " its own");
  }

  @Test
  void readsTheTermsOfAnAgreementThatNotAllHave() {
    String terms =
        """
            organisations: [RQW]
            bases: [encounter, referral]
            break-glass: { roles: [R8000], step-up: { acr: [AAL3_ANY] } }
        """;
    Agreement agreement =
        loaded(read((GOOD + terms).replace("[TREAT]", "[TREAT, BTG]"))).agreements().getFirst();

    assertThat(agreement.organisations()).containsExactly("RQW");
    assertThat(agreement.relationship())
        .isEqualTo(new Agreement.Relationship(true, Set.of("encounter", "referral")));
    assertThat(agreement.breakGlass())
        .contains(new Agreement.BreakGlass(Set.of("R8000"), Given.STEP_UP, Optional.empty()));
  }

  @Test
  void readsDenials() {
    String denials =
        """
        denials:
          - id: STOP-1
            releases: [london]
            to: [hwe]
            organisations: [RQW]
            purposes: [HRESCH]
            roles: [R8000]
            types: [Flag]
            valid: { from: 2021-12-01 }
          - id: STOP-2
            types: [Flag]
            valid: { from: 2021-12-01, until: 2022-12-01 }
        """;

    assertThat(loaded(read(GOOD + denials)).denials())
        .containsExactly(
            new Denial(
                "STOP-1",
                Set.of(new RegionId("london")),
                Set.of(new RegionId("hwe")),
                Set.of("RQW"),
                Set.of(new PurposeOfUse("HRESCH")),
                Set.of("R8000"),
                Set.of("Flag"),
                LocalDate.of(2021, 12, 1),
                Optional.empty()),
            new Denial(
                "STOP-2",
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of("Flag"),
                LocalDate.of(2021, 12, 1),
                Optional.of(LocalDate.of(2022, 12, 1))));
  }

  /** Each row: what stands after the agreement's last line, and the fault. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '    break-glass: { roles: [R8000], step-up: { acr: [A] } }'   | 38 agreements[0].break-glass: and `BTG` among `purposes` need each other
          '    break-glass: { roles: [R0001], step-up: { acr: [A] } }'   | 38 agreements[0].break-glass.roles[0]: `R0001` is not among the agreement's `roles`
          '    organisations: [rqw]'              | 38 agreements[0].organisations[0]: write an ODS code of capitals and digits, such as `QM7` (in quotes if it is a number)
          '    bases: [Encounter]'                | 38 agreements[0].bases[0]: write a basis as tokens state it, such as `encounter` or `referral`
          'denials: [{ id: STOP, valid: { from: 2021-12-01 } }]' | 38 denials[0]: states no term and would deny everything; state one at least
          'denials: [{ id: DSA-1, types: [Flag], valid: { from: 2021-12-01 } }]' | 38 denials[0].id: is the id of what stands in line 30 too; give each its own
          'denials: [{ id: STOP, to: [lundon], valid: { from: 2021-12-01 } }]' | 38 denials[0].to[0]: `lundon` is no region of this file
          'denials: [{ id: STOP, releases: [lundon], valid: { from: 2021-12-01 } }]' | 38 denials[0].releases[0]: `lundon` is no region of this file
          'denials: [{ id: STOP, purposes: [RESEARCH], valid: { from: 2021-12-01 } }]' | 38 denials[0].purposes[0]: `RESEARCH` is no purpose of use that v3 ActReason has
          'denials: [{ id: STOP, types: [Flag], valid: { from: 2021-12-01, until: 2021-11-01 } }]' | 38 denials[0].valid.until: is before `from`
          'denials: [{ id: STOP, types: [Flag] }]' | 38 denials[0].valid: is missing: the days on which it is in force, both ends included
          """)
  void tellsTheFaultsOfFurtherTerms(String added, String fault) {
    assertThat(told(GOOD + added + "\n")).contains("regions.yaml:" + fault);
  }

  /** Each row: what stands after the agreement's last line, and the fault. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '    implicit-consent: yes'                   | 38 agreements[0].implicit-consent: write one of `basic-normal`, `all-normal`, `break-glass-only`, `deny`
          '    ceiling: { confidentiality: X }'         | 38 agreements[0].ceiling.confidentiality: write one of `U`, `L`, `M`, `N`, `R`, `V`
          '    ceiling: { without: [SAX] }'             | 38 agreements[0].ceiling.without[0]: `SAX` is no sensitivity that v3 ActCode has
          '    ceiling: { without: [hiv] }'             | 38 agreements[0].ceiling.without[0]: write a sensitivity of v3 ActCode in capitals, such as `HIV`
          '    ceiling: { unlabelled-documents: yes }'  | 38 agreements[0].ceiling.unlabelled-documents: write one of `permit`, `withhold`
          '    law: [adoption]'                         | 38 agreements[0].law[0]: write one of `fertility`, `gender-recognition`
          '    law: fertility'                          | 38 agreements[0].law: must be a list: `[…, …]`, or lines that begin with `-`
          '    restricted-patients: say'                | 38 agreements[0].restricted-patients: write one of `permit`, `withhold`
          '    release-ready: [Flag]'                   | 38 agreements[0].release-ready[0]: `Flag` is not among the agreement's `types`
          '    release-ready: [Binary]'                 | 38 agreements[0].release-ready[0]: `Binary` is a document, which patients cannot be shown yet
          '    release-ready: [DocumentReference]'      | 38 agreements[0].release-ready[0]: `DocumentReference` is a document, which patients cannot be shown yet
          '    withheld: { labels: tell }'              | 38 agreements[0].withheld.labels: write one of `say`, `silent`
          '    notice: 7'                               | 38 agreements[0].notice: write a text of 1 to 300 characters (in quotes if it looks like a number)
          """)
  void tellsTheFaultsOfTermsOfEntries(String added, String fault) {
    assertThat(told(GOOD + added + "\n")).containsExactly("regions.yaml:" + fault);
  }

  /** Each row: the ceiling of broken glass, where the agreement's own is R without SPI. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          { confidentiality: N, unlabelled-documents: permit } | confidentiality: is below the agreement's own `ceiling`
          { unlabelled-documents: permit }                     | confidentiality: is below the agreement's own `ceiling`
          { confidentiality: V, without: [HIV], unlabelled-documents: permit } | without[0]: `HIV` is disclosed by the agreement's own `ceiling`
          { confidentiality: V, without: [SAX], unlabelled-documents: permit } | without[0]: `SAX` is no sensitivity that v3 ActCode has
          { confidentiality: R }                               | unlabelled-documents: is below the agreement's own `ceiling`, which says `permit`
          """)
  void refusesGlassThatShowsLessOnceBroken(String ceiling, String fault) {
    assertThat(told(breakingTo(ceiling)))
        .containsExactly("regions.yaml:39 agreements[0].break-glass.ceiling." + fault);
  }

  @Test
  void readsTheTermsOfEntries() {
    Agreement agreement =
        loaded(
                read(
                    breakingTo(
                            "{ confidentiality: V, without: [MH], unlabelled-documents: permit }")
                        + """
                            implicit-consent: all-normal
                            law: [gender-recognition]
                            restricted-patients: permit
                            release-ready: [Patient]
                            withheld: { objections: silent, labels: say, law: say }
                            notice: It may hold more.
                        """))
            .agreements()
            .getFirst();
    assertThat(agreement.breakGlass().orElseThrow().ceiling())
        .contains(new ReleaseTerms.Ceiling(Confidentiality.V, Set.of("MH"), true));
    assertThat(agreement.terms())
        .isEqualTo(
            new ReleaseTerms(
                ReleaseTerms.ImplicitConsent.ALL_NORMAL,
                new ReleaseTerms.Ceiling(Confidentiality.R, Set.of("SPI"), true),
                Set.of(ReleaseTerms.LegalGroup.GENDER_RECOGNITION),
                true,
                Set.of("Patient"),
                new ReleaseTerms.Telling(false, true, true),
                Optional.of("It may hold more.")));
  }

  @Test
  void anAgreementThatSaysNothingOfEntriesHasTheDefaults() {
    assertThat(loaded(read(GOOD)).agreements().getFirst().terms()).isEqualTo(ReleaseTerms.DEFAULT);
  }

  private static String breakingTo(String ceiling) {
    return GOOD.replace("[TREAT]", "[TREAT, BTG]")
        + "    ceiling: { confidentiality: R, without: [SPI], unlabelled-documents: permit }\n"
        + "    break-glass: { roles: [R8000], step-up: { acr: [A] }, ceiling: %s }\n"
            .formatted(ceiling);
  }

  @Test
  void readsWhereConsentsAre() {
    ConsentSource source =
        loaded(read(withRegister())).region("london").orElseThrow().consents().orElseThrow();
    assertThat(source.order()).isEqualTo(ConsentSource.Order.ASK_FIRST);
    Region.Answers register = source.register().orElseThrow();
    assertThat(register.base()).hasToString("https://localhost:8461/fhir");
    assertThat(register.lookup()).isEqualTo(Region.Lookup.IDENTIFIER);
    assertThat(register.types()).containsExactly("Consent");
  }

  /** Each row: what of the register, with what, and the fault. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          8461/fhir,   | 8451/fhir,    | 29 regions.london.consents.register.base: is the record's own base; leave `register` out for that
          8461/fhir,   | 8461/fhir/,   | 29 regions.london.consents.register.base: must not end with `/`
          london-ca    | no-ca         | 29 regions.london.consents.register.anchors[0]: `no-ca.crt` does not exist
          500ms        | 4s            | 29 regions.london.consents.register.budget: is longer than the gateway's `deadline`
          500ms        | 1             | 29 regions.london.consents.register.budget: write a time such as `1500ms`, `3s` or `PT1.5S`
          ES256        | HS256         | 29 regions.london.consents.register.token.algorithm: write one of `PS256`, `ES256`, `RS384`, `ES384`, `RS512`, `EdDSA`
          ask-first    | first         | 29 regions.london.consents.order: write one of `ask-first`, `beside`
          """)
  void tellsTheFaultsOfARegister(String what, String with, String fault) {
    String yaml = withRegister();
    String line = yaml.lines().skip(28).findFirst().orElseThrow();
    assertThat(line).contains(what);
    assertThat(told(yaml.replace(line, line.replace(what, with))))
        .containsExactly("regions.yaml:" + fault);
  }

  @Test
  void aRegionThatAnswersNobodyHasItsConsentsInARegister() {
    String consents = "    consents: { order: beside }\n";
    assertThat(told(GOOD.replace("  london:\n", consents + "  london:\n")))
        .containsExactly(
            "regions.yaml:14 regions.hwe.consents.register: is missing: the region has no"
                + " `answers`, and so no record with Consents");
  }

  @Test
  void tellsTheFaultsOfAPrivacyOffice() {
    String office =
        "    privacy-office: { webhook: https://privacy.example/x/, anchors: [no-ca.crt] }\n";
    assertThat(told(GOOD.replace("agreements:\n", office + "agreements:\n")))
        .containsExactly(
            "regions.yaml:29 regions.london.privacy-office.anchors[0]: `no-ca.crt` does not exist",
            "regions.yaml:29 regions.london.privacy-office.webhook: must not end with `/`");
  }

  private static String withRegister() {
    String register =
        "base: https://localhost:8461/fhir, anchors: [london-ca.crt], budget: 500ms,"
            + " token: { audience: https://localhost:8461/fhir, algorithm: ES256 }";
    return GOOD.replace(
        "agreements:\n",
        "    consents: { order: ask-first, register: { %s } }\nagreements:\n".formatted(register));
  }

  @Test
  void anOrganisationsRecordsAreOneRegionsToControl() {
    String london = "    controllers: [RAL, QM7]\n    sources: [ABC-01]\n";
    String hwe =
        "    controllers: [RAL]\n    sources: [ABC-01]\n    asks:\n      issuer: https://hwe";
    assertThat(
            told(
                GOOD.replace("    asks:\n      issuer: https://hwe", hwe)
                    .replace("agreements:\n", london + "agreements:\n")))
        .containsExactlyInAnyOrder(
            "regions.yaml:31 regions.london.controllers[0]: is a controller of `hwe` too; each"
                + " region has its own",
            "regions.yaml:31 regions.london.controllers[1]: is the organisation of `hwe` itself",
            "regions.yaml:32 regions.london.sources[0]: is a source of `hwe` too; each region has"
                + " its own");
  }

  @Test
  void refusesBasesOfARelationshipThatNeedNotBe() {
    assertThat(told((GOOD + "    bases: [encounter]\n").replace("required", "optional")))
        .containsExactly(
            "regions.yaml:38 agreements[0].bases: count only where `relationship` is `required`");
  }

  @Test
  void refusesARegionThatNeitherAsksNorAnswers() {
    String idle = GOOD.replaceFirst("    asks:\n(?: {6}.*\n){4}", "");
    assertThat(told(idle))
        .contains("regions.yaml:5 regions.hwe: neither asks nor answers; add `asks` or `answers`");
  }

  @Test
  void refusesALinkOutOfTheDirectory(@TempDir Path elsewhere) throws IOException {
    Path real = elsewhere.resolve("hwe.jwks.json");
    Files.move(certs.resolve("hwe.jwks.json"), real);
    Files.createSymbolicLink(certs.resolve("hwe.jwks.json"), real);
    assertThat(told(GOOD))
        .containsExactly(
            "regions.yaml:12 regions.hwe.asks.keys[0].jwks: `hwe.jwks.json` leads out of the"
                + " directory of certificates");
  }

  @ParameterizedTest
  @ValueSource(strings = {"regions.yaml", "none.yaml"})
  void tellsThatTheFileIsNotThere(String name) throws IOException {
    Files.createDirectory(certs.resolve("regions.yaml"));
    assertThat(faulty(RegionsFile.read(certs.resolve(name), certs, Stage.PRODUCTION)))
        .singleElement()
        .asString()
        .matches("regions.yaml:1: (is not a file|does not exist)");
  }

  @Test
  void hashCoversTheFileAndWhatItNames() {
    String before = loaded(read(GOOD)).hash();
    assertThat(loaded(read(GOOD)).hash()).isEqualTo(before).matches("[0-9a-f]{64}");
    assertThat(loaded(read(GOOD + "# more\n")).hash()).isNotEqualTo(before);
    TestCerts.write(certs, "london-ca.crt", TestCerts.file("another.crt"));
    assertThat(loaded(read(GOOD)).hash()).isNotEqualTo(before);
  }

  private static String spoilt(int line, String what, String with) {
    List<String> lines = GOOD.lines().collect(Collectors.toList());
    String good = lines.get(line - 1);
    assertThat(good).contains(what);
    lines.set(line - 1, good.replaceFirst(Pattern.quote(what), Matcher.quoteReplacement(with)));
    return String.join("\n", lines) + "\n";
  }

  private List<String> told(String yaml) {
    return faulty(read(yaml));
  }

  private Reading read(String yaml) {
    return read(yaml, certs);
  }

  static Reading read(String yaml, Path certs) {
    try {
      Path file = Files.write(certs.resolve("regions.yaml"), yaml.getBytes(UTF_8));
      return RegionsFile.read(file, certs, Stage.PRODUCTION);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Regions loaded(Reading reading) {
    assertThat(reading).isInstanceOf(Reading.Loaded.class);
    return ((Reading.Loaded) reading).regions();
  }

  static List<String> faulty(Reading reading) {
    assertThat(reading).isInstanceOf(Reading.Faulty.class);
    return ((Reading.Faulty) reading).faults().stream().map(Fault::toString).toList();
  }
}
