package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JWSAlgorithm;
import dev.ermine.testing.Canaries;
import dev.ermine.testing.FhirJudge;
import dev.ermine.testing.TestTokens;
import dev.ermine.trust.OfficerRole;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The addresses of trust, and who may come to which address at all, of the packaged gateway. */
class OfficersIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** An officer with both roles, one who may only look, one whose time is over. */
  private static final String ASH = "wessex-client";

  private static final String BO = "yorkshire-humber-client";
  private static final String CY = "essex-suffolk-client";
  private static final String REGION = "hwe-client";
  private static final String STRANGER = "greater-manchester-client";

  @TempDir static Path directory;
  private static RunningGateway gateway;
  private static final Map<String, HttpClient> CLIENTS = new LinkedHashMap<>();

  @BeforeAll
  static void start() {
    gateway =
        new RunningGateway(
            directory,
            Map.ofEntries(
                Map.entry("ermine.officers.ash.certificate", ASH + ".crt"),
                Map.entry("ermine.officers.ash.roles", "viewer,explainer"),
                Map.entry("ermine.officers.bo.certificate", BO + ".crt"),
                Map.entry("ermine.officers.bo.roles", "viewer"),
                Map.entry("ermine.officers.cy.certificate", CY + ".crt"),
                Map.entry("ermine.officers.cy.roles", "viewer,explainer"),
                Map.entry("ermine.officers.cy.revoked", "2026-01-31")));
    for (String identity : List.of(ASH, BO, CY, REGION, STRANGER)) {
      CLIENTS.put(
          identity,
          HttpClient.newBuilder().sslContext(gateway.pki().tls(identity, "gateway-ca")).build());
    }
    CLIENTS.put(
        "", HttpClient.newBuilder().sslContext(gateway.pki().anonymousTls("gateway-ca")).build());
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      CLIENTS.values().forEach(HttpClient::close);
      gateway.close();
    }
  }

  /** A new route has to say here what each kind of credential gets at it. */
  @ParameterizedTest
  @EnumSource(Address.class)
  void letsNobodyPastWhomTheRouteIsNotFor(Address address) throws Exception {
    if (address.method().isEmpty() || address.isPublic()) {
      return;
    }
    assertThat(statuses(address))
        .isEqualTo(
            switch (address.access()) {
              case OFFICER ->
                  Map.of(
                      "",
                      401,
                      REGION,
                      403,
                      CY,
                      403,
                      BO,
                      address == Address.TRUST_EXPLAIN ? 403 : 200);
              case CERTIFICATE -> {
                int officer = address == Address.MERGED_READ ? 404 : 401;
                // No form is wrong of itself, whoever sends it.
                int region = address == Address.TOKEN ? 400 : officer;
                yield Map.of("", 401, REGION, region, CY, officer, BO, officer);
              }
              case PUBLIC -> throw new AssertionError("looked at by DoorIT");
            });
  }

  private static Map<String, Integer> statuses(Address address) throws Exception {
    Map<String, Integer> statuses = new LinkedHashMap<>();
    for (String identity : List.of("", REGION, CY, BO)) {
      HttpResponse<String> response =
          send(
              identity,
              request(pathOf(address))
                  .method(address.method().orElseThrow(), BodyPublishers.noBody()));
      statuses.put(identity, response.statusCode());
      if (response.statusCode() >= 400 && (address != Address.TOKEN || identity.isEmpty())) {
        assertOutcome(response);
      }
    }
    assertThatThrownBy(() -> send(STRANGER, request(pathOf(address))))
        .as("TLS refuses whom nobody has pinned")
        .isInstanceOf(IOException.class);
    return statuses;
  }

  static List<String> tricks(Address address) {
    String path = pathOf(address);
    int slash = path.lastIndexOf('/');
    String head = path.substring(0, slash);
    String last = path.substring(slash + 1);
    return List.of(
        path + ";a",
        path + ";a=b",
        path + "%3B",
        "/" + path,
        head + "//" + last,
        head + "/./" + last,
        "/x/.." + path,
        head + "/x/../" + last,
        "/" + (head + "%2F" + last).substring(1),
        path + "%00",
        path.replaceFirst("[a-z]", "%77"),
        head + "/%" + Integer.toHexString(last.charAt(0)) + last.substring(1),
        path + "/",
        path.toUpperCase(Locale.ROOT));
  }

  @ParameterizedTest
  @EnumSource(Address.class)
  @DisplayName("A29: no trick with a path reaches an address, even for whom it would answer")
  void letsNoTrickWithAPathThrough(Address address) throws Exception {
    String identity = address.access() == Address.Access.OFFICER ? ASH : REGION;
    for (String path : tricks(address)) {
      HttpRequest.Builder request =
          request(path)
              .header("Content-Type", "application/json")
              .method(address.method().orElse("GET"), BodyPublishers.noBody());
      HttpResponse<String> response = send(identity, request);
      assertThat(response.statusCode()).as(path).isIn(400, 404);
      assertThat(response.body()).as(path).contains("OperationOutcome");
      assertThat(Address.isPlain(path) && Address.of(path).isPresent()).as(path).isFalse();
    }
  }

  @Test
  void showsTheVersionInForce() throws Exception {
    HttpResponse<String> response = send(BO, request("/trust/version"));
    JsonNode version = JSON.readTree(response.body());

    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(version.at("/serial").asInt()).isEqualTo(1);
    assertThat(version.at("/hash").asText()).hasSize(64);
    assertThat(version.at("/regions/0/id").asText()).isEqualTo("hwe");
    assertThat(version.at("/regions/0/keys/0/kid").asText()).startsWith("development-");
    assertThat(version.at("/regions/0/keys/0/use").asText()).isEqualTo("active");
    assertThat(version.at("/regions/0/certificates/0/not-after").asText()).contains("T");
    assertThat(version.at("/regions/1/anchors/0/thumbprint").asText()).isNotEmpty();
    assertThat(gateway.auditOf(response)).hasSize(1);
    assertThat(detail(gateway.auditOf(response).getFirst(), "route")).isEqualTo("/trust/version");
    assertThat(send(BO, request("/trust/version").header("Accept", "text/html")).statusCode())
        .isEqualTo(406);
  }

  @Test
  void showsWhatRegionsGetWrongWithoutAnyPatient() throws Exception {
    HttpResponse<String> response = send(BO, request("/trust/quality"));
    JsonNode quality = JSON.readTree(response.body());

    assertThat(Instant.parse(quality.at("/since").asText())).isBefore(Instant.now());
    assertThat(quality.at("/note").asText()).contains("this pod");
    assertThat(quality.at("/regions"))
        .extracting(region -> region.path("id").asText())
        .contains("london")
        .doesNotContain("hwe");
    assertThat(quality.at("/regions/0/seen").isInt()).isTrue();
    assertThat(quality.at("/regions/0/flawed/impossible-date").asInt()).isZero();
    assertThat(gateway.auditOf(response)).hasSize(1);
    assertThat(send(BO, request("/trust/quality").header("Accept", "text/html")).statusCode())
        .isEqualTo(406);
  }

  @Test
  void namesTheRoleThatIsMissingAndAuditsIt() throws Exception {
    HttpResponse<String> refused = explain(BO, "{}");

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("`" + OfficerRole.EXPLAINER.code() + "`");
    assertThat(gateway.auditOf(refused))
        .singleElement()
        .extracting(event -> event.at("/outcomeDesc").asText())
        .isEqualTo("OFFICER_ROLE_MISSING");
    assertThat(gateway.auditOf(send(CY, request("/trust/version"))))
        .singleElement()
        .extracting(event -> event.at("/outcomeDesc").asText())
        .isEqualTo("OFFICER_NOT_IN_FORCE");
    assertThat(gateway.auditOf(send(REGION, request("/trust/version"))))
        .singleElement()
        .extracting(event -> event.at("/outcomeDesc").asText())
        .isEqualTo("NOT_AN_OFFICER");
    assertThat(gateway.auditOf(send("", request("/trust/version"))))
        .singleElement()
        .extracting(event -> event.at("/outcomeDesc").asText())
        .isEqualTo("NO_CERTIFICATE");
  }

  /** Read top down: cells of the table of decisions, and what each gets when it is asked for. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "TREAT R8000 Observation",
        "TREAT R8000 Flag",
        "TREAT R9999 Observation",
        "ETREAT R8000 Observation",
        "TREAT R8000 AllergyIntolerance"
      })
  void explainsWhatARealQueryGets(String cell) throws Exception {
    String[] words = cell.split(" ", -1);
    JsonNode decision =
        JSON.readTree(
                explain(
                        ASH,
                        "{\"from\":\"hwe\",\"to\":[\"london\"],\"purposes\":[\"%s\"],\"roles\":[\"%s\"],\"types\":[\"%s\"],\"organisation\":\"RQW\",\"patient-named\":true}"
                            .formatted(words[0], words[1], words[2]))
                    .body())
            .at("/decisions/0");
    HttpResponse<String> query = query(words[0], words[1], words[2]);
    List<String> rules = new ArrayList<>();
    decision.path("rules").forEach(rule -> rules.add(rule.asText()));

    boolean asked = !query.body().contains("\"not-asked\"");
    assertThat(decision.path("decision").asText()).isEqualTo(asked ? "permit" : "deny");
    assertThat(query.statusCode()).isEqualTo(asked ? 502 : 403);
    assertThat(query.body()).contains("rules: " + String.join(", ", rules));
  }

  @Test
  void saysWhyAPastRequestWasRefused() throws Exception {
    HttpResponse<String> query = query("TREAT", "R9999", "Observation");
    String id = query.headers().firstValue("X-Request-Id").orElseThrow();
    HttpResponse<String> told = explain(ASH, "{\"request\":\"" + id + "\"}");
    JsonNode event = JSON.readTree(told.body()).at("/events/0");

    assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
    assertThat(event.path("from").asText()).isEqualTo("hwe");
    assertThat(event.path("status").asInt()).isEqualTo(403);
    assertThat(event.path("said").asText()).isEqualTo("NO_AGREEMENT");
    assertThat(event.path("because").asText()).contains("no agreement permitted");
    assertThat(told.body()).contains("each pod has an audit of its own");
    assertThat(Canaries.in("explain", told.body())).isEmpty();
    assertThat(gateway.auditOf(told))
        .singleElement()
        .extracting(act -> act.at("/type/code").asText())
        .isEqualTo("110101");
    assertThat(explain(ASH, "{\"request\":\"never-sent\"}").statusCode()).isEqualTo(404);
  }

  static Stream<String> unclear() {
    return Stream.of(
        "",
        "[]",
        "null",
        "{\"from\":\"hwe\"",
        "{\"from\":\"hwe\"}{}",
        "{\"from\":\"hwe\",\"from\":\"hwe\",\"purposes\":[\"TREAT\"],\"roles\":[\"R8000\"]}",
        "{\"from\":\"hwe\",\"purposes\":[\"TREAT\"]}",
        "{\"from\":\"hwe\",\"purposes\":\"TREAT\",\"roles\":[\"R8000\"]}",
        "{\"from\":\"hwe\",\"purposes\":[\"TREAT\"],\"roles\":[\"R8000\"],\"patient\":\"x\"}",
        "{\"from\":\"hwe\",\"purposes\":[\"TREAT\"],\"roles\":[\"9000000009\"]}",
        "{\"from\":\"9000000009\",\"purposes\":[\"TREAT\"],\"roles\":[\"R8000\"]}",
        "{\"from\":\"nowhere\",\"purposes\":[\"TREAT\"],\"roles\":[\"R8000\"]}",
        "{\"from\":\"hwe\",\"purposes\":[\"TREET\"],\"roles\":[\"R8000\"]}",
        "{\"from\":\"hwe\",\"purposes\":[\"TREAT\"],\"roles\":[\"R8000\"],\"types\":[\"Nothing\"]}",
        "{\"from\":\"hwe\",\"purposes\":[\"TREAT\"],\"roles\":[\"R8000\"],\"at\":\"soon\"}",
        "{\"request\":\"a\",\"from\":\"hwe\"}",
        "{\"request\":\"9000000009\"}");
  }

  @ParameterizedTest
  @MethodSource("unclear")
  void saysWhatToMendInAQuestion(String body) throws Exception {
    HttpResponse<String> response = explain(ASH, body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertOutcome(response);
    assertThat(response.body()).doesNotContain("9000000009");
    assertThat(gateway.auditOf(response)).hasSize(1);
    assertThat(gateway.auditOf(response).toString()).doesNotContain("9000000009");
  }

  @Test
  void takesJsonAloneAndNotTooMuch() throws Exception {
    HttpRequest.Builder form =
        request("/trust/explain")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("from=hwe"));
    assertThat(send(ASH, form).statusCode()).isEqualTo(415);
    HttpRequest.Builder large =
        request("/trust/explain")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(new byte[262_145]));
    assertThat(send(ASH, large).statusCode()).isEqualTo(413);
  }

  private static HttpResponse<String> query(String purpose, String role, String type)
      throws Exception {
    String token =
        TestTokens.token(
                "https://hwe.example.nhs.uk",
                RunningGateway.BASE + "/fhir",
                gateway.pki().certificate(REGION),
                Instant.now())
            .with("purpose_of_use", List.of(purpose))
            .with(
                "subject_role",
                List.of(
                    Map.of(
                        "system",
                        "https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName",
                        "code",
                        role)))
            .sign(gateway.pki().signingKey("hwe", JWSAlgorithm.ES256));
    return send(
        REGION,
        request("/fhir/_search")
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    "_type="
                        + type
                        + "&patient.identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C9000000009")));
  }

  private static HttpResponse<String> explain(String identity, String body) throws Exception {
    return send(
        identity,
        request("/trust/explain")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + gateway.port() + path))
        .timeout(Duration.ofSeconds(20));
  }

  private static HttpResponse<String> send(String identity, HttpRequest.Builder request)
      throws Exception {
    return CLIENTS.get(identity).send(request.build(), BodyHandlers.ofString());
  }

  private static String detail(JsonNode event, String type) {
    for (JsonNode entity : event.path("entity")) {
      for (JsonNode detail : entity.path("detail")) {
        if (detail.path("type").asText().equals(type)) {
          return detail.path("valueString").asText();
        }
      }
    }
    return "";
  }

  private static String pathOf(Address address) {
    return address
        .template()
        .replace("{region}", "london")
        .replace("{type}", "Observation")
        .replace("{id}", "1")
        .replace("{document}", "aHR0cHM6Ly9sb25kb24uZXhhbXBsZS9hLnBkZg");
  }

  private static void assertOutcome(HttpResponse<String> response) {
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("application/fhir+json;charset=UTF-8");
    assertThat(FhirJudge.errors(response.body())).isEmpty();
  }
}
