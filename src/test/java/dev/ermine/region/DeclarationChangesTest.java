package dev.ermine.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ermine.fhir.Sensitivity;
import dev.ermine.region.Change.Effect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeclarationChangesTest {

  private static final String PUBLISHED =
      "published: { url: https://hwe.example.nhs.uk/jwks.json, anchors: [hwe-ca.crt], stale: 4h }";
  private static final String ENDPOINT =
      "endpoint: { url: https://auth.example.nhs.uk/token, client-id: ermine,"
          + " scopes: [system/*.rs], anchors: [auth-ca.crt], timeout: 1s }";

  @TempDir Path certs;

  @Test
  void tellsNothingOfAFileAndItself() {
    assertThat(changes(RegionsFileTest.GOOD, RegionsFileTest.GOOD)).isEmpty();
  }

  @Test
  void tellsNothingOfAComment() {
    assertThat(changes(RegionsFileTest.GOOD, raised() + "# agreed on paper\n")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id: ermine-east|id: ermine-west|gateway.id",
        "deadline: 3s|deadline: 4s|gateway.deadline",
        "status: active\\n    asks:\\n      issuer: https://london"
            + "|status: retired\\n    asks:\\n      issuer: https://london|regions.london.status",
        "issuer: https://hwe.example|issuer: https://west.example|regions.hwe.asks.issuer",
        "audience: https://localhost:8451/fhir|audience: https://other|"
            + "regions.london.answers.token.audience",
        "algorithm: ES256 }|algorithm: ES384 }|regions.london.answers.token.algorithm",
        "algorithm: ES256 }|algorithm: ES256, use: context }|regions.london.answers.token.use",
        "budget: 1500ms|budget: 1400ms|regions.london.answers.budget",
        "budget: 1500ms|budget: 1500ms\\n      lookup: chained|regions.london.answers.lookup",
        "budget: 1500ms|budget: 1500ms\\n      search: get|regions.london.answers.search",
        "budget: 1500ms|budget: 1500ms\\n      read: false|regions.london.answers.read",
        "budget: 1500ms|budget: 1500ms\\n      sort: true|regions.london.answers.sort",
        "budget: 1500ms|budget: 1500ms\\n      limits: { pages: 3 }|"
            + "regions.london.answers.limits.pages",
        "base: https://localhost:8451|base: https://localhost:9999|regions.london.answers.base",
        "budget: 1500ms|budget: 1500ms\\n      documents: [https://files.example]|"
            + "regions.london.answers.documents",
        "types: [Patient, Flag]|types: [Patient]|regions.london.answers.types",
        "roles: [R8000]|roles: [R8001]|agreements.DSA-1.roles",
        "relationship: required|relationship: optional|agreements.DSA-1.relationship",
        "until: 2027-11-30|until: 2028-11-30|agreements.DSA-1.valid.until",
      })
  void namesWhatChanged(String before, String after, String path) {
    String old = before.replace("\\n", "\n");
    assertThat(RegionsFileTest.GOOD).contains(old);

    assertThat(changes(RegionsFileTest.GOOD, raised().replace(old, after.replace("\\n", "\n"))))
        .isNotEmpty()
        .allSatisfy(change -> assertThat(change.path()).isEqualTo(path));
  }

  @Test
  void tellsThatDemographicsComeAndGo() {
    String with = RegionsFileTest.IDENTIFIED.replace("serial: 42", "serial: 43");
    assertThat(changes(RegionsFileTest.GOOD, with))
        .extracting(Change::effect, Change::path, Change::message)
        .contains(
            tuple(Effect.WIDENS, "demographics", "is new, and is told who asks about whom"),
            tuple(
                Effect.WIDENS,
                "demographics.base",
                "`https://localhost:8460/personal-demographics/FHIR/R4` is added"));
    assertThat(changes(RegionsFileTest.IDENTIFIED, raised()))
        .extracting(Change::effect, Change::path)
        .contains(tuple(Effect.WIDENS, "demographics"), tuple(Effect.NARROWS, "demographics.base"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "personal-demographics/FHIR|personal/FHIR|demographics.base",
        "audience: https://localhost:8460|audience: https://other|demographics.token.audience",
        "RS512|RS384|demographics.token.algorithm",
        "use: context|use: query|demographics.token.use",
        "client-id: ermine|client-id: stoat|demographics.token.endpoint.client-id",
        "budget: 800ms|budget: 700ms|demographics.budget",
        "rate: 5/s|rate: 6/s|demographics.limits.rate",
      })
  void namesWhatChangedOfDemographics(String before, String after, String path) {
    String old = RegionsFileTest.IDENTIFIED;
    assertThat(old).contains(before);
    assertThat(changes(old, old.replace("serial: 42", "serial: 43").replace(before, after)))
        .isNotEmpty()
        .allSatisfy(change -> assertThat(change.path()).isEqualTo(path));
  }

  /** It looks like a rename in one line; another authority is believed. */
  @Test
  void aSwappedAnchorWidensAndNarrows() {
    List<Change> changes =
        changes(RegionsFileTest.GOOD, raised().replace("london-ca.crt", "other-ca.crt"));

    assertThat(changes)
        .extracting(Change::path)
        .containsOnly("regions.london.answers.anchors")
        .hasSize(2);
    assertThat(changes).extracting(Change::effect).containsExactly(Effect.WIDENS, Effect.NARROWS);
  }

  /** Whoever answers there says who can be believed, or hears who asks about whom. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jwks.json, anchors|jwks2.json, anchors|hwe.asks.published.url|WIDENS",
        "anchors: [hwe-ca.crt]|anchors: [hwe-ca.crt, new-ca.crt]|hwe.asks.published.anchors|WIDENS",
        "stale: 4h|stale: 5h|hwe.asks.published.stale|WIDENS",
        "stale: 4h|stale: 30m|hwe.asks.published.stale|NARROWS",
        "token, client-id|token2, client-id|london.answers.token.endpoint.url|WIDENS",
        "anchors: [auth-ca.crt]|anchors: [new-ca.crt]|london.answers.token.endpoint.anchors|WIDENS",
        "scopes: [system/*.rs]|scopes: [system/Flag.rs]"
            + "|london.answers.token.endpoint.scopes|WIDENS",
        "client-id: ermine|client-id: stoat|london.answers.token.endpoint.client-id|CHANGES",
        "timeout: 1s|timeout: 2s|london.answers.token.endpoint.timeout|CHANGES",
      })
  void tellsWhatChangedOfAddressesThatAreAsked(
      String before, String after, String path, Effect effect) {
    String old =
        RegionsFileTest.GOOD
            .replace("keys: [{ jwks: hwe.jwks.json, use: active }]", PUBLISHED)
            .replace("algorithm: ES256 }", "algorithm: ES256, " + ENDPOINT + " }");
    assertThat(old).contains(before);
    List<Change> changes =
        changes(old, old.replace("serial: 42", "serial: 43").replace(before, after));
    assertThat(changes)
        .isNotEmpty()
        .allSatisfy(change -> assertThat(change.path()).isEqualTo("regions." + path));
    assertThat(changes.getFirst().effect()).isEqualTo(effect);
    assertThat(changes(old, old)).isEmpty();
  }

  /** Each row: a term of an agreement, what it becomes, whose path, and what that does. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "implicit-consent: deny|implicit-consent: break-glass-only|implicit-consent|WIDENS",
        "implicit-consent: deny||implicit-consent|WIDENS",
        "|implicit-consent: all-normal|implicit-consent|WIDENS",
        "|implicit-consent: break-glass-only|implicit-consent|NARROWS",
        "|ceiling: { confidentiality: R }|ceiling.confidentiality|WIDENS",
        "|ceiling: { confidentiality: M }|ceiling.confidentiality|NARROWS",
        "|ceiling: { without: [HIV] }|ceiling.without|NARROWS",
        "ceiling: { without: [HIV, SEX] }|ceiling: { without: [HIV] }|ceiling.without|WIDENS",
        "|ceiling: { unlabelled-documents: permit }|ceiling.unlabelled-documents|WIDENS",
        "ceiling: { unlabelled-documents: permit }||ceiling.unlabelled-documents|NARROWS",
        "|law: [fertility]|law|WIDENS",
        "law: [fertility]||law|NARROWS",
        "|restricted-patients: permit|restricted-patients|WIDENS",
        "restricted-patients: permit||restricted-patients|NARROWS",
        "|release-ready: [Patient]|release-ready|WIDENS",
        "|withheld: { labels: say }|withheld.labels|CHANGES",
        "|withheld: { objections: silent }|withheld.objections|CHANGES",
        "|withheld: { law: say }|withheld.law|CHANGES",
        "|notice: It may hold more.|notice|CHANGES",
      })
  void tellsWhatChangedOfTheTermsOfEntries(
      String before, String after, String path, Effect effect) {
    assertThat(changes(RegionsFileTest.GOOD + term(before), raised() + term(after)))
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.path()).isEqualTo("agreements.DSA-1." + path);
              assertThat(change.effect()).isEqualTo(effect);
            });
  }

  /** A line under the agreement; an empty column of a row is null. */
  private static String term(String term) {
    return term == null ? "" : "    " + term + "\n";
  }

  /** Each row: how the glass is broken, how it will be, whose path, and what that does. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "step-up: { acr: [A] }|step-up: { acr: [A, B] }|step-up.acr|WIDENS",
        "step-up: { acr: [A, B] }|step-up: { acr: [A] }|step-up.acr|NARROWS",
        "step-up: { acr: [A] }|step-up: { acr: [A], max-age: 1h }|step-up.max-age|WIDENS",
        "step-up: { acr: [A] }|step-up: { acr: [A], max-age: 5m }|step-up.max-age|NARROWS",
        "step-up: { acr: [A] }|step-up: { acr: [A] }, ceiling: { confidentiality: R }"
            + "|ceiling.confidentiality|WIDENS",
        "step-up: { acr: [A] }, ceiling: { confidentiality: R }|step-up: { acr: [A] }"
            + "|ceiling.confidentiality|NARROWS",
      })
  void tellsWhatChangedOfBrokenGlass(String before, String after, String path, Effect effect) {
    assertThat(changes(glass(RegionsFileTest.GOOD, before), glass(raised(), after)))
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.path()).isEqualTo("agreements.DSA-1.break-glass." + path);
              assertThat(change.effect()).isEqualTo(effect);
            });
  }

  private static String glass(String yaml, String terms) {
    return yaml.replace("[TREAT]", "[TREAT, BTG]")
        + "    break-glass: { roles: [R8000], %s }\n".formatted(terms);
  }

  @Test
  void tellsWhatANewAgreementDisclosesBeyondTheDefaults() {
    String another =
        RegionsFileTest.GOOD
                .substring(RegionsFileTest.GOOD.indexOf("  - id:"))
                .replace("DSA-1", "DSA-2")
            + "    law: [fertility]\n";
    assertThat(changes(RegionsFileTest.GOOD, raised() + another))
        .extracting(Change::path)
        .containsExactly("agreements.DSA-2.law", "agreements.DSA-2");
  }

  /** Each row: what stands of a region, what will, whose path, and what that does first. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|consents: {}|consents|NARROWS",
        "consents: {}||consents|WIDENS",
        "consents: {}|consents: { order: ask-first }|consents.order|CHANGES",
        "consents: {}|REGISTER|consents.register|WIDENS",
        "REGISTER|consents: {}|consents.register|WIDENS",
        "|OFFICE|privacy-office.webhook|WIDENS",
        "OFFICE||privacy-office.anchors|NARROWS",
        "|controllers: [RAL]|controllers|NARROWS",
        "controllers: [RAL, R1H]|controllers: [RAL]|controllers|WIDENS",
        "|sources: [ABC-01]|sources|NARROWS",
      })
  void tellsWhereConsentsAndPrivacyOfficersAre(
      String before, String after, String path, Effect effect) {
    List<Change> changes = changes(placed(RegionsFileTest.GOOD, before), placed(raised(), after));
    assertThat(changes.getFirst().effect()).isEqualTo(effect);
    assertThat(changes)
        .anySatisfy(
            change -> {
              assertThat(change.path()).isEqualTo("regions.london." + path);
              assertThat(change.effect()).isEqualTo(effect);
            });
  }

  private static String placed(String yaml, String spelt) {
    String line =
        term(spelt)
            .replace(
                "REGISTER",
                "consents: { register: { base: https://localhost:8461/fhir, budget: 1s,"
                    + " anchors: [london-ca.crt],"
                    + " token: { audience: https://localhost:8461/fhir, algorithm: ES256 } } }")
            .replace(
                "OFFICE",
                "privacy-office: { webhook: https://privacy.example/x, anchors: [hwe-ca.crt] }");
    return yaml.replace("agreements:\n", line + "agreements:\n");
  }

  @Test
  void tellsWhoMayHandOnWhoseQuestionsAndWhoIsAGateway() {
    String peer =
        RegionsFileTest.GOOD
            .replace("algorithm: ES256 }", "algorithm: ES256, use: request }")
            .replace("budget: 1500ms", "budget: 1500ms\n      lookup: chained\n      read: false");
    String gateway =
        peer.replace("read: false", "read: false\n      gateway: ermine-north")
            .replace(
                "certificates: [{ file: london-client.crt }]",
                "certificates: [{ file: london-client.crt }]\n      forwards: [hwe]");
    assertThat(told(peer, gateway))
        .containsExactly(
            "WIDENS regions.london.asks.forwards: it may hand on questions of `hwe`",
            "CHANGES regions.london.answers.gateway: was not stated, is `ermine-north`");
    assertThat(told(gateway, peer))
        .containsExactly(
            "CHANGES regions.london.answers.gateway: was `ermine-north`, is not stated",
            "NARROWS regions.london.asks.forwards: it may hand on questions of `hwe` no longer");
  }

  private List<String> told(String before, String after) {
    return changes(before, after.replace("serial: 42", "serial: 43")).stream()
        .map(change -> change.effect() + " " + change.path() + ": " + change.message())
        .toList();
  }

  @Test
  void tellsWhatComesOntoAListAndGoesOffIt() {
    String lists =
        """
        version: 1
        groups:
          - { id: one, title: T, sources: [x], sensitivities: [STD], codes: { "urn:x": { a: A, b: B } } }
          - { id: two, title: T, sources: [x], sensitivities: [SDV], codes: { "urn:x": { c: C } } }
        """;
    TestCerts.write(RegionsFileTest.GOOD, certs);
    TestCerts.write(certs, "my-codes.yaml", lists);
    Regions before = readOnly(RegionsFileTest.GOOD + "labelling: my-codes.yaml\n");
    String changed = lists.replace("b: B", "d: D").replace("STD", "HIV").replace("two", "three");
    TestCerts.write(certs, "my-codes.yaml", changed);
    Regions after = readOnly(raised() + "labelling: my-codes.yaml\n");

    assertThat(DeclarationChanges.between(before, after))
        .extracting(change -> change.effect() + " " + change.path() + ": " + change.message())
        .containsExactly(
            "WIDENS labelling.one.codes: `urn:x|b` is taken out",
            "WIDENS labelling.one.labels: `" + Sensitivity.SYSTEM + "|STD` is taken out",
            "WIDENS labelling.two: is taken out",
            "NARROWS labelling.one.codes: `urn:x|d` is added",
            "NARROWS labelling.one.labels: `" + Sensitivity.SYSTEM + "|HIV` is added",
            "NARROWS labelling.three: is new");
  }

  /** Under the same name: no text of the file differs. */
  @Test
  void anAnchorSwappedInItsFileIsTold() throws IOException {
    Regions before = read(RegionsFileTest.GOOD);
    Files.writeString(certs.resolve("london-ca.crt"), TestCerts.file("stranger.crt"));
    Regions after = readOnly(raised());

    assertThat(DeclarationChanges.between(before, after))
        .extracting(Change::effect)
        .containsExactly(Effect.WIDENS, Effect.NARROWS);
  }

  @ParameterizedTest
  @CsvSource({
    "active, revoked, NARROWS",
    "active, next, NARROWS",
    "active, retiring, CHANGES",
    "next, active, WIDENS",
    "revoked, active, WIDENS"
  })
  void tellsTheUseOfAKey(String before, String after, Effect effect) {
    String old =
        RegionsFileTest.GOOD.replace("hwe.jwks.json, use: active", "hwe.jwks.json, use: " + before);
    String now = raised().replace("hwe.jwks.json, use: active", "hwe.jwks.json, use: " + after);

    assertThat(changes(old, now))
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.effect()).isEqualTo(effect);
              assertThat(change.path()).isEqualTo("regions.hwe.asks.keys");
              assertThat(change.message())
                  .contains("`hwe.jwks.json`", "thumbprint", "was `" + before, "is `" + after);
            });
  }

  @Test
  void aRegionTakenOutTakesItsKeysAlong() {
    String yaml = raised().replace("other-ca.crt", "");
    String without = yaml.substring(0, yaml.indexOf("  london:")) + "agreements: []\n";

    assertThat(changes(RegionsFileTest.GOOD, without))
        .extracting(Change::path)
        .contains(
            "regions.london",
            "regions.london.asks.keys",
            "regions.london.asks.certificates",
            "regions.london.answers.anchors",
            "agreements.DSA-1");
  }

  @Test
  void tellsASerialThatIsNotRaised() {
    String changed = RegionsFileTest.GOOD.replace("R8000", "R8001");

    assertThat(changes(RegionsFileTest.GOOD, changed))
        .anySatisfy(change -> assertThat(change.path()).isEqualTo("serial"));
  }

  @Test
  void aThumbprintIsWhatRfc7638Computes() throws IOException {
    String key =
        """
        {"kty":"RSA","kid":"2011-04-29","alg":"RS256","e":"AQAB","n":\
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}
        """;

    assertThat(
            new Jwk(new com.fasterxml.jackson.databind.ObjectMapper().readTree(key)).thumbprint())
        .isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
  }

  private static String raised() {
    return RegionsFileTest.GOOD.replace("serial: 42", "serial: 43");
  }

  private List<Change> changes(String before, String after) {
    return DeclarationChanges.between(read(before), read(after));
  }

  private Regions read(String yaml) {
    TestCerts.write(yaml, certs);
    return readOnly(yaml);
  }

  private Regions readOnly(String yaml) {
    TestCerts.write(certs, "regions.yaml", yaml);
    return switch (RegionsFile.read(certs.resolve("regions.yaml"), certs, Stage.PRODUCTION)) {
      case Reading.Loaded(Regions regions) -> regions;
      case Reading.Faulty faulty -> throw new AssertionError(faulty.faults().toString());
    };
  }
}
