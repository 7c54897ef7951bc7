package dev.ermine.audit;

import static dev.ermine.audit.Records.NUMBER;
import static dev.ermine.audit.Records.act;
import static dev.ermine.audit.Records.broken;
import static dev.ermine.audit.Records.intent;
import static dev.ermine.audit.Records.issue;
import static dev.ermine.audit.Records.outcome;
import static dev.ermine.audit.Records.read;
import static dev.ermine.audit.Records.refusal;
import static dev.ermine.audit.Records.requester;
import static dev.ermine.audit.Records.search;
import static dev.ermine.audit.Records.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ermine.audit.AuditRecord.Interaction;
import dev.ermine.audit.AuditRecord.Outcome;
import dev.ermine.audit.AuditRecord.Query;
import dev.ermine.fhir.Coding;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.Organisation;
import dev.ermine.region.RegionId;
import dev.ermine.testing.FhirJudge;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class AuditEventWriterTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String BALP =
      "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";

  @Test
  void everyRecordIsValidFhir() {
    for (AuditRecord record :
        List.of(
            intent(search()),
            intent(read()),
            outcome(search(), 200, "london/Observation/1", "london/Patient/2"),
            outcome(search(), 403),
            outcome(search(), 502),
            outcome(read(), 200, "london/Observation/17"),
            outcome(read(), 404),
            broken("r-5"),
            told("r-5", Records.LONDON),
            issue(requester(Optional.empty())),
            issue(nastyRequester(new Random(7))),
            refusal(401, Optional.empty()),
            refusal(403, Optional.of(requester(Optional.empty()))),
            act(200, Optional.empty(), Map.of("from", "hwe", "types", "Flag Patient")),
            act(200, Optional.empty(), Map.of("request", "r-1")),
            act(400, Optional.empty(), Map.of()),
            act(403, Optional.of("OFFICER_ROLE_MISSING"), Map.of()))) {
      assertThat(FhirJudge.errors(text(record))).as(record.toString()).isEmpty();
    }
  }

  @Test
  void everyKnownPurposeIsValidFhir() {
    List<PurposeOfUse> all =
        Claims.PURPOSES.stream()
            .filter(code -> !code.equals("PurposeOfUse"))
            .map(PurposeOfUse::new)
            .toList();

    assertThat(FhirJudge.errors(text(intent(searchBy(claiming(List.of(), all)))))).isEmpty();
  }

  @Test
  void whateverTokenClaimsIsValidFhirOnOneLine() {
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      Query query =
          new Query(
              "r" + nasty(random),
              nasty(random),
              nastyRequester(random),
              search().patient(),
              Interaction.SEARCH_SYSTEM,
              "_type=Flag&" + nasty(random),
              List.of("Flag", nasty(random)),
              nasty(random));
      String json = text(random.nextBoolean() ? intent(query) : outcome(query, 200));

      assertThat(json).as("seed %d", seed).doesNotContain("\n").doesNotContain("\r");
      assertThat(FhirJudge.errors(json)).as("seed %d: %s", seed, json).isEmpty();
    }
  }

  private static Requester nastyRequester(Random random) {
    Requester plain = requester(random.nextBoolean() ? Optional.empty() : Optional.of("1"));
    return new Requester(
        plain.region(),
        plain.issuer(),
        nasty(random),
        new Organisation(nasty(random), nasty(random)),
        plain.userId(),
        Optional.of(nasty(random)),
        List.of(
            new Coding(nasty(random), nasty(random)),
            new Coding("https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName", nasty(random)),
            new Coding("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "NOSUCH")),
        List.of(new PurposeOfUse("NOSUCH")),
        Optional.of(nasty(random)),
        Optional.of(nasty(random)),
        Optional.of(new Requester.Relationship(nasty(random), Optional.of(nasty(random)))),
        Optional.empty(),
        Optional.empty(),
        List.of(nasty(random)),
        nasty(random),
        nasty(random),
        plain.expires(),
        Scope.ALL);
  }

  /** Controls, quotes, blanks, line ends of every kind, halves of characters; at times nothing. */
  private static String nasty(Random random) {
    String alphabet =
        "a1 \t\n\r\u0000\u001f\u007f\u0085\u2028\"\\/|<>&%#\u00e9\ufffe\ud83d\ude00\ud800";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  @Test
  void searchIsPatientQuery() throws IOException {
    JsonNode event = event(intent(search()));

    assertThat(event.at("/meta/profile/0").asText()).isEqualTo(BALP + "PatientQuery");
    assertThat(event.at("/type/code").asText()).isEqualTo("rest");
    assertThat(event.at("/subtype/0/code").asText()).isEqualTo("search-type");
    assertThat(event.at("/action").asText()).isEqualTo("E");
    assertThat(event.at("/recorded").asText()).isEqualTo("2026-11-21T09:30:00.123456Z");
    assertThat(event.at("/outcome").asText()).isEqualTo("0");
    assertThat(agent(event, "110153").at("/who/identifier/value").asText()).isEqualTo("hwe");
    assertThat(agent(event, "110153").at("/network/address").asText()).isEqualTo("2001:db8::7");
    assertThat(agent(event, "110152").at("/who/identifier/value").asText())
        .isEqualTo("ermine-east");
    assertThat(event.at("/source/observer")).isEqualTo(agent(event, "110152").get("who"));
    assertThat(event.at("/purposeOfEvent").findValuesAsText("code"))
        .containsExactly("TREAT", "ETREAT");
    String query = entity(event, "24").get("query").asText();
    assertThat(new String(Base64.getDecoder().decode(query), StandardCharsets.UTF_8))
        .isEqualTo(search().text());
  }

  @Test
  void saysThatItIsAskedElsewhereWhoThePatientIs() throws IOException {
    AuditRecord.Intent plain = intent(search());
    AuditRecord.Intent identified =
        new AuditRecord.Intent(plain.at(), plain.query(), plain.asked(), plain.notAsked(), true);

    assertThat(text(identified)).contains("{\"type\":\"demographics\",\"valueString\":\"asked\"}");
    assertThat(FhirJudge.errors(text(identified))).isEmpty();
    assertThat(text(plain)).doesNotContain("demographics");
  }

  @Test
  void readIsPatientReadAndTheDataFlowsTheOtherWay() throws IOException {
    JsonNode event = event(intent(read()));

    assertThat(event.at("/meta/profile/0").asText()).isEqualTo(BALP + "PatientRead");
    assertThat(event.at("/subtype/0/code").asText()).isEqualTo("read");
    assertThat(event.at("/action").asText()).isEqualTo("R");
    assertThat(agent(event, "110152").at("/who/identifier/value").asText()).isEqualTo("hwe");
    assertThat(agent(event, "110153").at("/who/identifier/value").asText())
        .isEqualTo("ermine-east");
    assertThat(entity(event, "4").at("/what/identifier/value").asText())
        .isEqualTo("london/Observation/17");
  }

  @Test
  void namesTheUserAsTheTokenDoes() throws IOException {
    JsonNode user = agent(event(intent(search())), "IRCP");

    assertThat(user.get("requestor").asBoolean()).isTrue();
    assertThat(user.at("/who/identifier/system").asText())
        .isEqualTo("https://fhir.nhs.uk/Id/sds-user-id");
    assertThat(user.at("/who/identifier/value").asText()).isEqualTo("111222333444");
    assertThat(user.get("name").asText()).isEqualTo("Jones");
    assertThat(user.at("/role/0/coding/0/code").asText()).isEqualTo("R8000");
    assertThat(user.at("/policy/0").asText()).isEqualTo("urn:ietf:params:oauth:jti:jti-0f1c");
    assertThat(agent(event(intent(search())), "PROV").at("/who/identifier/value").asText())
        .isEqualTo("RQW");
  }

  @Test
  void namesUserWithoutSdsIdByIssuerAndSubject() throws IOException {
    JsonNode who = agent(event(intent(searchBy(requester(Optional.empty())))), "IRCP").get("who");

    assertThat(who.at("/identifier/system").asText()).isEqualTo("https://hwe.example.nhs.uk");
    assertThat(who.at("/identifier/value").asText()).isEqualTo("10019");
  }

  @Test
  void keepsClaimThatIsNoCodeInItsOwnWords() throws IOException {
    Requester claiming =
        claiming(List.of(new Coding("urn:made-up", "R8000")), List.of(new PurposeOfUse("NOSUCH")));
    JsonNode event = event(intent(searchBy(claiming)));

    assertThat(agent(event, "IRCP").at("/role/0/text").asText()).isEqualTo("urn:made-up|R8000");
    assertThat(event.at("/purposeOfEvent/0/text").asText()).isEqualTo("NOSUCH");
  }

  @Test
  void namesEachRegionAskedWithTheRulesThatPermit() throws IOException {
    JsonNode event = event(intent(search()));
    JsonNode custodian = agent(event, "CST");

    assertThat(custodian.at("/who/identifier/value").asText()).isEqualTo("london");
    assertThat(StreamSupport.stream(custodian.get("policy").spliterator(), false))
        .extracting(JsonNode::asText)
        .containsExactly("DSA-2021-LCR-HWE", "DSA-2024-LCR-HWE");
    assertThat(detail(event, "not-asked/essex-suffolk")).isEqualTo("DSA-2022-ESN-HWE#role");
    assertThat(detail(event, "trust-hash")).isEqualTo(search().trustHash());
  }

  @Test
  void namesPatientAndRelationship() throws IOException {
    JsonNode patient = event(intent(search())).at("/entity/0");

    assertThat(patient.at("/type/code").asText()).isEqualTo("1");
    assertThat(patient.at("/role/code").asText()).isEqualTo("1");
    assertThat(patient.at("/what/identifier/system").asText())
        .isEqualTo("https://fhir.nhs.uk/Id/nhs-number");
    assertThat(patient.at("/what/identifier/value").asText()).isEqualTo(NUMBER);
    assertThat(patient.get("detail").findValuesAsText("valueString"))
        .containsExactly(
            "encounter", "attending A&E at RQW", "directcare", "unconscious on arrival");
  }

  @Test
  void intentAndOutcomeShareTheirTransaction() throws IOException {
    JsonNode intent = event(intent(search()));
    JsonNode outcome = event(outcome(search(), 200));

    assertThat(transaction(intent).get("what")).isEqualTo(transaction(outcome).get("what"));
    assertThat(transaction(intent).at("/what/identifier/value").asText()).isEqualTo("r-1");
    assertThat(detail(intent, "phase")).isEqualTo("intent");
    assertThat(detail(outcome, "phase")).isEqualTo("outcome");
  }

  @Test
  void outcomeNamesEverythingReleasedAndEveryRegion() throws IOException {
    String[] released =
        IntStream.range(0, 1500)
            .mapToObj(i -> "london/" + (i % 2 == 0 ? "Observation/" : "Flag/") + i)
            .toArray(String[]::new);
    JsonNode event = event(outcome(search(), 200, released));

    List<String> references = new ArrayList<>();
    event
        .get("entity")
        .forEach(
            entity -> {
              if (entity.at("/role/code").asText().equals("4")) {
                references.add(entity.at("/what/identifier/value").asText());
              }
            });
    assertThat(references).containsExactly(released);
    assertThat(detail(event, "status/london")).isEqualTo("answered");
    assertThat(detail(event, "status/wessex")).isEqualTo("timed-out");
    assertThat(detail(event, "status")).isEqualTo("200");
  }

  @Test
  void outcomeNamesTheRegionsThatSomethingOriginatesIn() throws IOException {
    Outcome plain = outcome(search(), 200, "london/Flag/1");
    Outcome relayed =
        new Outcome(
            plain.at(),
            plain.query(),
            plain.status(),
            plain.statuses(),
            plain.released(),
            Set.of(new RegionId("wessex"), new RegionId("hwe")));

    assertThat(details(event(relayed), "origin")).containsExactly("hwe", "wessex");
    assertThat(details(event(plain), "origin")).isEmpty();
  }

  @Test
  void outcomeOfReadNamesWhatWasReadOnce() throws IOException {
    JsonNode event = event(outcome(read(), 200, "london/Observation/17"));

    assertThat(text(outcome(read(), 200, "london/Observation/17")))
        .containsOnlyOnce("london/Observation/17");
    assertThat(entity(event, "4").at("/type/code").asText()).isEqualTo("2");
  }

  @Test
  void failureClaimsNoProfile() throws IOException {
    assertThat(event(outcome(search(), 200)).has("meta")).isTrue();
    assertThat(event(outcome(search(), 404)).get("outcome").asText()).isEqualTo("4");
    assertThat(event(outcome(search(), 404)).has("meta")).isFalse();
    assertThat(event(outcome(search(), 504)).get("outcome").asText()).isEqualTo("8");
    assertThat(event(outcome(search(), 504)).has("meta")).isFalse();
  }

  @Test
  void refusalIsSecurityEventThatSaysWhy() throws IOException {
    JsonNode unproven = event(refusal(401, Optional.empty()));
    JsonNode forbidden = event(refusal(403, Optional.of(requester(Optional.empty()))));

    assertThat(unproven.at("/type/code").asText()).isEqualTo("110114");
    assertThat(unproven.get("outcome").asText()).isEqualTo("8");
    assertThat(unproven.get("outcomeDesc").asText()).isEqualTo("TOKEN_REPLAYED");
    assertThat(agent(unproven, "110153").at("/network/address").asText()).isEqualTo("192.0.2.7");
    assertThat(agent(unproven, "110153").has("who")).isFalse();
    assertThat(detail(unproven, "route")).isEqualTo("/fhir/{type}/_search");
    assertThat(detail(unproven, "trust-hash")).startsWith("3a7bd3e2").hasSize(64);
    assertThat(forbidden.at("/type/code").asText()).isEqualTo("110113");
    assertThat(agent(forbidden, "110153").at("/who/identifier/value").asText()).isEqualTo("hwe");
    assertThat(agent(forbidden, "IRCP").at("/who/identifier/value").asText()).isEqualTo("10019");
  }

  @Test
  void issuedTokenIsSecurityEventThatSaysOfWhatKind() throws IOException {
    JsonNode event = event(issue(requester(Optional.empty())));

    assertThat(event.at("/type/code").asText()).isEqualTo("110114");
    assertThat(event.get("outcome").asText()).isEqualTo("0");
    assertThat(event.get("outcomeDesc").asText()).isEqualTo("access token issued");
    assertThat(agent(event, "110153").at("/who/identifier/value").asText()).isEqualTo("hwe");
    assertThat(agent(event, "110153").at("/network/address").asText()).isEqualTo("192.0.2.7");
    assertThat(agent(event, "IRCP").at("/policy/0").asText()).endsWith(":jti-0f1c");
    assertThat(detail(event, "phase")).isEqualTo("token");
    assertThat(detail(event, "trust-hash")).isEqualTo(search().trustHash());
    assertThat(detail(event, "token-scope")).isEqualTo("system/*.rs");
    assertThat(detail(event, "token-expires")).isEqualTo("2026-11-21T09:35:00Z");
    assertThat(detail(event, "hop")).isEqualTo("other-gateway");
    assertThat(text(issue(requester(Optional.empty())))).doesNotContain("thumbprint");
  }

  @Test
  void saysWhatAnOfficerDid() throws IOException {
    JsonNode rehearsed = event(act(200, Optional.empty(), Map.of("from", "hwe")));
    JsonNode lookedUp = event(act(200, Optional.empty(), Map.of("request", "r-1")));
    JsonNode refused = event(act(403, Optional.of("OFFICER_ROLE_MISSING"), Map.of()));

    assertThat(rehearsed.at("/type/code").asText()).isEqualTo("rest");
    assertThat(agent(rehearsed, "IRCP").at("/who/identifier/value").asText()).isEqualTo("ash");
    assertThat(detail(rehearsed, "phase")).isEqualTo("act");
    assertThat(detail(rehearsed, "asked/from")).isEqualTo("hwe");
    assertThat(detail(rehearsed, "decisions")).isEqualTo("15");
    assertThat(detail(rehearsed, "route")).isEqualTo("/trust/explain");
    assertThat(detail(rehearsed, "trust-hash")).isEqualTo(search().trustHash());
    assertThat(lookedUp.at("/type/code").asText()).as("audit log used").isEqualTo("110101");
    assertThat(refused.at("/type/code").asText()).as("security alert").isEqualTo("110113");
    assertThat(refused.at("/outcomeDesc").asText()).isEqualTo("OFFICER_ROLE_MISSING");
  }

  @Test
  void keepsInCodesWhatAQuestionIsDecidedBy() throws IOException {
    JsonNode event = event(intent(search()));

    assertThat(detail(event, "type")).isEqualTo("Observation");
    assertThat(detail(event, "basis")).isEqualTo("encounter");
    assertThat(detail(event, "break-glass")).isEqualTo("stated");
    assertThat(detail(event, "patient-named")).isEqualTo("false");
  }

  @Test
  void brokenGlassIsAnAlertThatAnEmergencyOverrideHasStarted() throws IOException {
    JsonNode event = event(broken("r-5"));

    assertThat(event.at("/type/code").asText()).as("security alert").isEqualTo("110113");
    assertThat(event.at("/subtype/0/code").asText()).as("override started").isEqualTo("110127");
    assertThat(event.at("/purposeOfEvent/0/coding/0/code").asText()).isEqualTo("BTG");
    assertThat(agent(event, "CST").at("/policy/0").asText()).isEqualTo("DSA-2021-LCR-HWE");
    assertThat(agent(event, "IRCP").at("/who/identifier/value").asText()).isEqualTo("111222333444");
    assertThat(event.at("/entity/0/what/identifier/value").asText()).isEqualTo(NUMBER);
    assertThat(event.at("/entity/0/detail").toString()).contains("unconscious on arrival");
    assertThat(detail(event, "phase")).isEqualTo("override");
    assertThat(detail(event, "acr")).isEqualTo("AAL3_ANY");
    assertThat(detail(event, "own-record")).isEqualTo("false");
  }

  @Test
  void aNoticeSaysWhoWasToldOfWhichEventAndNothingElseOfIt() throws IOException {
    JsonNode event = event(told("r-5", Records.LONDON));

    assertThat(event.at("/type/code").asText()).isEqualTo("transmit");
    assertThat(event.at("/agent/1/who/identifier/value").asText()).isEqualTo("london");
    assertThat(detail(event, "phase")).isEqualTo("notice");
    assertThat(detail(event, "about")).isEqualTo(Records.AT.toString());
    assertThat(event.at("/entity")).hasSize(1);
  }

  @Test
  void keepsTokenByItsIdAlone() {
    String json = text(intent(search()));

    assertThat(json).contains("jti-0f1c").doesNotContain("thumbprint");
  }

  @Test
  void recordsShowThemselvesByRequestAlone() {
    for (AuditRecord record :
        List.of(
            intent(search()),
            outcome(search(), 200, "london/Patient/" + NUMBER),
            issue(requester(Optional.of("111222333444"))),
            refusal(403, Optional.of(requester(Optional.of("111222333444")))))) {
      assertThat(record.toString())
          .contains(record.requestId())
          .doesNotContain(NUMBER)
          .doesNotContain("Jones")
          .doesNotContain("111222333444");
    }
    assertThat(search().toString()).isEqualTo("Query[r-1]");
  }

  @Test
  void refusesRequestWithoutId() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Records.query(" ", Interaction.READ, requester(Optional.empty())))
        .withMessage("a request has an id");
  }

  private static Query searchBy(Requester requester) {
    return Records.query("r-1", Interaction.SEARCH_TYPE, requester);
  }

  private static Requester claiming(List<Coding> roles, List<PurposeOfUse> purposes) {
    Requester plain = requester(Optional.empty());
    return new Requester(
        plain.region(),
        plain.issuer(),
        plain.subject(),
        plain.organisation(),
        plain.userId(),
        plain.name(),
        roles,
        purposes,
        plain.reason(),
        plain.breakGlassReason(),
        plain.relationship(),
        plain.patient(),
        plain.practitioner(),
        plain.hops(),
        plain.tokenId(),
        plain.certificate(),
        plain.expires(),
        Scope.ALL);
  }

  private static String text(AuditRecord record) {
    return new String(Records.writer().write(record), StandardCharsets.UTF_8);
  }

  private static JsonNode event(AuditRecord record) throws IOException {
    return JSON.readTree(Records.writer().write(record));
  }

  private static JsonNode agent(JsonNode event, String type) {
    return one(event.get("agent"), "/type/coding/0/code", type);
  }

  private static JsonNode entity(JsonNode event, String role) {
    return one(event.get("entity"), "/role/code", role);
  }

  private static JsonNode transaction(JsonNode event) {
    return one(event.get("entity"), "/type/code", "XrequestId");
  }

  private static List<String> details(JsonNode event, String type) {
    return StreamSupport.stream(transaction(event).get("detail").spliterator(), false)
        .filter(each -> each.at("/type").asText().equals(type))
        .map(each -> each.get("valueString").asText())
        .toList();
  }

  private static String detail(JsonNode event, String type) {
    return one(transaction(event).get("detail"), "/type", type).get("valueString").asText();
  }

  private static JsonNode one(JsonNode array, String pointer, String value) {
    List<JsonNode> found =
        StreamSupport.stream(array.spliterator(), false)
            .filter(each -> each.at(pointer).asText().equals(value))
            .toList();
    assertThat(found).as("%s = %s", pointer, value).hasSize(1);
    return found.getFirst();
  }
}
