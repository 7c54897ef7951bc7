package dev.ermine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.AccessTokenResponse;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.JWTAuthenticationClaimsSet;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.Audience;
import com.nimbusds.oauth2.sdk.id.ClientID;
import dev.ermine.sandbox.Stories;
import dev.ermine.testing.Answer;
import dev.ermine.testing.Asker;
import dev.ermine.testing.GatewayProcess;
import dev.ermine.testing.House;
import dev.ermine.testing.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A stock OAuth client before the gateway. It knows the FHIR base, its certificate, its key and who
 * its user is; all else it reads in the discovery document.
 */
class SmartClientIT {

  private static final ClientID CLIENT = new ClientID("https://hwe.example.nhs.uk");
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String FORM = "application/x-www-form-urlencoded";

  @TempDir static Path directory;
  private static House house;
  private static URI tokenEndpoint;

  @BeforeAll
  static void open() throws IOException {
    house = House.open(directory);
    HttpResponse<byte[]> known =
        house
            .doctor()
            .send(
                HttpRequest.newBuilder(
                    URI.create(house.gateway().base() + "/fhir/.well-known/smart-configuration")));
    assertThat(known.headers().firstValue("Content-Type")).contains("application/json");
    tokenEndpoint =
        URI.create(new ObjectMapper().readTree(known.body()).get("token_endpoint").asText());
  }

  @AfterAll
  static void close() {
    if (house != null) {
      house.close();
    }
  }

  @Test
  void getsATokenAndUsesItTwice() throws Exception {
    HTTPResponse http = askFor("system/*.rs");
    AccessTokenResponse response = AccessTokenResponse.parse(http);
    assertThat(http.getHeaderValue("Cache-Control")).isEqualTo("no-store");
    assertThat(http.getHeaderValue("Pragma")).isEqualTo("no-cache");
    assertThat(response.getTokens().getBearerAccessToken().getLifetime()).isBetween(290L, 300L);
    assertThat(response.getTokens().getBearerAccessToken().getScope())
        .isEqualTo(Scope.parse("system/*.rs"));

    List<JsonNode> issued = house.gateway().auditOf(http.getHeaderValue("X-Request-Id"));
    assertThat(issued).hasSize(1);
    assertThat(issued.getFirst().at("/type/code").asText()).isEqualTo("110114");
    assertThat(issued.getFirst().at("/outcome").asText()).isEqualTo("0");
    assertThat(issued.getFirst().toString()).contains("hwe").doesNotContain("eyJ");

    String token = tokenOf(http);
    for (int use = 0; use < 2; use++) {
      Answer answer = Answer.of(200, search(house.gateway(), "hwe", token, "AllergyIntolerance"));
      assertThat(answer.statuses()).containsEntry("london", List.of("answered"));
      assertThat(answer.entries("london")).isNotEmpty();
      assertThat(house.gateway().auditOf(answer.response()).getFirst().toString())
          .contains(SignedJWT.parse(token).getJWTClaimsSet().getJWTID());
    }
  }

  @Test
  void getsOnlyWhatItsScopeNames() throws Exception {
    String token = tokenOf(askFor("system/AllergyIntolerance.rs"));
    Answer answer =
        Answer.of(200, search(house.gateway(), "hwe", token, "AllergyIntolerance,Condition"));
    assertThat(answer.statuses().get("london")).contains("answered", "not-asked");
    assertThat(answer.account()).anyMatch(line -> line.rules().contains("scope"));
    assertThat(answer.resources("london", "AllergyIntolerance")).isNotEmpty();
    assertThat(answer.resources("london", "Condition")).isEmpty();
    assertThat(search(house.gateway(), "hwe", token, "Condition").statusCode()).isEqualTo(403);
  }

  @Test
  @DisplayName("A18: an access token in another region's hands is 401")
  void isNobodyWithAnotherRegionsCertificate() throws Exception {
    String token = tokenOf(askFor("system/*.rs"));
    HttpResponse<byte[]> stolen = search(house.gateway(), "london", token, "AllergyIntolerance");
    assertThat(stolen.statusCode()).isEqualTo(401);
    assertThat(house.gateway().auditOf(stolen).getFirst().at("/outcomeDesc").asText())
        .isEqualTo("TOKEN_ISSUER");
  }

  /** They share keys, base URL and regions.yaml, and nothing else. */
  @Test
  void isHeardByAnyGateway() throws Exception {
    String token = tokenOf(askFor("system/*.rs"));
    Path elsewhere = Files.createDirectory(directory.resolve("second"));
    try (GatewayProcess second =
        GatewayProcess.start(
            house.pki(),
            Files.readString(house.gateway().regions()),
            elsewhere,
            Map.of("ermine.base-url", house.gateway().base().toString()))) {
      // A process that has just started may be slow to hear regions: that it asks them is enough.
      assertThat(search(second, "hwe", token, "AllergyIntolerance").statusCode()).isIn(200, 504);
      assertThat(search(second, "london", token, "AllergyIntolerance").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void isRefusedFromTheMomentItsRegionIsSuspended() throws Exception {
    String token = tokenOf(askFor("system/*.rs"));
    String good = Files.readString(house.gateway().regions());
    int hwe = good.indexOf("  hwe:\n");
    int status = good.indexOf("status: active", hwe);
    try {
      write(
          good.substring(0, status)
              + "status: suspended\n    public: An incident is being looked into."
              + good.substring(good.indexOf('\n', status)));
      await(() -> search(house.gateway(), "hwe", token, "Flag").statusCode() == 403);
      HTTPResponse refused = askFor("system/*.rs");
      assertThat(refused.getStatusCode()).isEqualTo(400);
      assertThat(TokenResponse.parse(refused).toErrorResponse().getErrorObject().getCode())
          .isEqualTo("unauthorized_client");
    } finally {
      write(good);
    }
    await(() -> search(house.gateway(), "hwe", token, "Flag").statusCode() == 200);
  }

  @ParameterizedTest
  @CsvSource({
    "scope, openid, 400, invalid_scope, SCOPE",
    "scope, '', 400, invalid_scope, SCOPE",
    "grant_type, password, 400, unsupported_grant_type, GRANT_TYPE",
    "grant_type, '', 400, invalid_request, REQUEST_FORM",
    "client_assertion, a.b.c, 401, invalid_client, TOKEN_NOT_CANONICAL",
    "client_assertion_type, x, 401, invalid_client, CLIENT_AUTHENTICATION",
    "client_id, https://london.example.nhs.uk, 401, invalid_client, CLIENT_ID",
  })
  void isToldWhyThereIsNoToken(
      String parameter, String value, int status, String error, String reason) throws Exception {
    Map<String, String> form = form();
    form.put(parameter, value);
    assertRefused(post(form, request -> {}, ""), status, error, reason);
  }

  @Test
  @DisplayName("A19: an assertion is good once")
  void provesItselfOnceByOneAssertion() throws Exception {
    Map<String, String> form = form();
    assertThat(post(form, request -> {}, "").statusCode()).isEqualTo(200);
    assertRefused(post(form, request -> {}, ""), 401, "invalid_client", "TOKEN_REPLAYED");
  }

  @Test
  @DisplayName("A21: what proves a client is in the body, and there alone")
  void provesItselfInTheBodyAlone() throws Exception {
    for (HttpResponse<byte[]> refused :
        List.of(
            post(form(), request -> {}, "?" + Asker.encode(form())),
            post(form(), request -> {}, "?client_id=x"),
            post(form(), request -> request.header("Authorization", "Basic eDp5"), ""),
            post(form(), request -> request.setHeader("Content-Type", "application/json"), ""),
            post(form(), request -> request.header("Content-Encoding", "gzip"), ""))) {
      assertRefused(refused, 400, "invalid_request", "REQUEST_FORM");
    }
  }

  @Test
  @DisplayName("A22: without a purpose there is no token, and it is said what to state")
  void statesItsPurpose() throws Exception {
    Map<String, String> form = form();
    form.put("client_assertion", assertion().without("purpose_of_use").sign(key()));
    assertRefused(post(form, request -> {}, ""), 400, "invalid_request", "PURPOSE_MISSING");
  }

  private static void assertRefused(
      HttpResponse<byte[]> response, int status, String error, String reason) throws IOException {
    JsonNode told = new ObjectMapper().readTree(response.body());
    assertThat(response.statusCode()).as(told.toString()).isEqualTo(status);
    assertThat(told.get("error").asText()).isEqualTo(error);
    assertThat(told.get("error_description").asText()).isNotBlank();
    assertThat(told.size()).isEqualTo(2);
    assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
    assertThat(response.headers().firstValue("WWW-Authenticate").isPresent())
        .isEqualTo(status == 401);
    List<JsonNode> events = house.gateway().auditOf(response);
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().at("/outcomeDesc").asText()).isEqualTo(reason);
    assertThat(events.getFirst().toString()).contains("/oauth2/token").doesNotContain("eyJ");
  }

  /** With the assertion that Nimbus makes of itself, and who its user is. */
  private static HTTPResponse askFor(String scope) throws Exception {
    JWTClaimsSet stock =
        new JWTAuthenticationClaimsSet(CLIENT, new Audience(tokenEndpoint)).toJWTClaimsSet();
    var claims = new JWTClaimsSet.Builder(stock);
    context().forEach(claims::claim);
    var assertion =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key().getKeyID()).build(),
            claims.build());
    assertion.sign(new ECDSASigner(key().toECKey()));
    HTTPRequest request =
        new TokenRequest.Builder(
                tokenEndpoint, new PrivateKeyJWT(assertion), new ClientCredentialsGrant())
            .scope(Scope.parse(scope))
            .build()
            .toHTTPRequest();
    request.setSSLSocketFactory(house.pki().tls("hwe-client", "gateway-ca").getSocketFactory());
    return request.send();
  }

  private static Map<String, Object> context() {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("purpose_of_use", List.of("TREAT"));
    claims.put(
        "subject_role",
        List.of(
            Map.of(
                "system",
                "https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName",
                "code",
                "R8000")));
    claims.put("legitimate_relationship", Map.of("basis", "encounter"));
    claims.put("requesting_organization", TestTokens.organisation("RQW", "Princess Alexandra"));
    claims.put("requesting_practitioner", TestTokens.practitioner("10019"));
    return claims;
  }

  private static String tokenOf(HTTPResponse response) throws Exception {
    return AccessTokenResponse.parse(response).getTokens().getAccessToken().getValue();
  }

  private static JWK key() {
    return house.pki().signingKey("hwe", JWSAlgorithm.ES256);
  }

  private static TestTokens assertion() {
    return TestTokens.token(
            CLIENT.getValue(),
            tokenEndpoint.toString(),
            house.pki().certificate("hwe-client"),
            Instant.now())
        .with("sub", CLIENT.getValue())
        .without("patient")
        .at(Instant.now(), Duration.ofMinutes(1));
  }

  private static Map<String, String> form() {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "client_credentials");
    form.put("scope", "system/*.rs");
    form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form.put("client_assertion", assertion().sign(key()));
    return form;
  }

  private static HttpResponse<byte[]> post(
      Map<String, String> form, Consumer<HttpRequest.Builder> with, String query) {
    var request =
        HttpRequest.newBuilder(URI.create(tokenEndpoint + query))
            .header("Content-Type", FORM)
            .POST(BodyPublishers.ofString(Asker.encode(form)));
    with.accept(request);
    return house.doctor().send(request);
  }

  private static HttpResponse<byte[]> search(
      GatewayProcess gateway, String region, String token, String types) {
    var form = Map.of("_type", types, "patient.identifier", Asker.NHS_NUMBER + Stories.ADA_OKAFOR);
    return gateway
        .asker(region)
        .send(
            HttpRequest.newBuilder(URI.create(gateway.base() + "/fhir/_search"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", FORM)
                .header("Ermine-Regions", "london")
                .POST(BodyPublishers.ofString(Asker.encode(form))));
  }

  /** As an editor does: beside it, then in its place. */
  private static void write(String text) throws IOException {
    Path edited = Files.writeString(directory.resolve("edited.yaml"), text);
    Files.move(
        edited,
        house.gateway().regions(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** What may take a look at the file. */
  private interface Look {
    boolean isSo() throws Exception;
  }

  private static void await(Look look) throws Exception {
    Instant end = Instant.now().plus(SOON);
    while (!look.isSo()) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(250);
    }
  }
}
