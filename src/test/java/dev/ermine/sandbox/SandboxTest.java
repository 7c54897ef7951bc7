package dev.ermine.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SandboxTest {

  private static final String NUMBER = "https://fhir.nhs.uk/Id/nhs-number%7C";

  @TempDir static Path directory;
  static DevPki pki;
  static Sandbox sandbox;

  @BeforeAll
  static void start() {
    pki = DevPki.in(directory);
    sandbox = Sandbox.start(pki);
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @ParameterizedTest
  @EnumSource
  void findsAdaOkaforInEveryRegion(PeerRegion region) throws Exception {
    JsonNode bundle =
        json(as(region).get("/Patient?identifier=" + NUMBER + Stories.ADA_OKAFOR), 200);
    assertThat(bundle.at("/entry/0/resource/name/0/family").asText())
        .isEqualToIgnoringCase("Okafor");
    assertThat(bundle.path("entry")).hasSize(1);
  }

  @Test
  void refusesACallerWithoutToken() throws Exception {
    URI url = URI.create(sandbox.base(PeerRegion.LONDON) + "/Patient/lcr-4471");
    var answer = as(PeerRegion.LONDON).get(url, "application/fhir+json", "");
    assertThat(json(answer, 401).path("resourceType").asText()).isEqualTo("OperationOutcome");
  }

  @Test
  void refusesTokensThatAreNotForItNowFromTheGateway() throws Exception {
    assertRefused(claims -> claims.audience("https://localhost:1/fhir"), "aud");
    assertRefused(claims -> claims.audience(List.of(londonBase(), "https://other")), "aud");
    assertRefused(claims -> claims.expirationTime(secondsFromNow(-1)), "not valid now");
    assertRefused(claims -> claims.expirationTime(secondsFromNow(3600)), "not valid now");
    assertRefused(claims -> claims.expirationTime(null), "not valid now");
    assertRefused(claims -> claims.jwtID(null), "jti");
    assertRefused(claims -> claims.claim("cnf", Map.of("x5t#S256", "other")), "cnf");
    assertRefused(claims -> claims.claim("act", Map.of("sub", "ermine-west")), "act");
    assertRefused(claims -> claims.claim("hops", List.of()), "hops");
    assertRefused(claims -> claims.claim("purpose_of_use", List.of()), "purpose_of_use");
  }

  @ParameterizedTest
  @EnumSource
  void refusesAnotherAlgorithmThanItsOwn(PeerRegion region) throws Exception {
    var other =
        region.algorithm().equals(JWSAlgorithm.ES384) ? JWSAlgorithm.ES256 : JWSAlgorithm.ES384;
    String token = as(region).token(other, claims -> {});
    var answer = as(region).get(URI.create(sandbox.base(region) + "/Patient/1"), "*/*", token);
    assertThat(json(answer, 401).at("/issue/0/diagnostics").asText()).contains("signature");
  }

  @Test
  void letsNobodyInButTheGateway() {
    var stranger = HttpClient.newBuilder().sslContext(pki.tls("hwe-client", "london-ca")).build();
    var nobody = HttpClient.newBuilder().sslContext(pki.anonymousTls("london-ca")).build();
    var request = HttpRequest.newBuilder(URI.create(londonBase() + "/metadata")).build();
    for (HttpClient client : List.of(stranger, nobody)) {
      assertThatThrownBy(() -> client.send(request, BodyHandlers.discarding()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void answersTheTwoStepLookup() throws Exception {
    var london = as(PeerRegion.LONDON);
    JsonNode bundle = json(london.post("/AllergyIntolerance/_search", "patient=lcr-4471"), 200);
    assertThat(bundle.at("/entry/0/resource/code/coding/0/code").asText()).isEqualTo("91936005");
    assertThat(bundle.at("/entry/0/fullUrl").asText())
        .isEqualTo(londonBase() + "/AllergyIntolerance/alg-1");
    JsonNode chained =
        json(london.get("/AllergyIntolerance?patient.identifier=" + NUMBER + "9000000009"), 400);
    assertThat(chained.path("resourceType").asText()).isEqualTo("OperationOutcome");
  }

  @Test
  void answersTheChainedLookupInManchester() throws Exception {
    JsonNode bundle =
        json(
            as(PeerRegion.GREATER_MANCHESTER)
                .post("/Observation/_search", "patient.identifier=" + NUMBER + Stories.ADA_OKAFOR),
            200);
    assertThat(bundle.path("entry")).hasSize(2);
  }

  @Test
  void answersTheIdentifierLookupInLancashireInAsciiAlone() throws Exception {
    var answer =
        as(PeerRegion.LANCASHIRE_SOUTH_CUMBRIA)
            .post(
                "/DocumentReference/_search", "patient:identifier=" + NUMBER + Stories.ADA_OKAFOR);
    assertThat(json(answer, 200).at("/entry/0/resource/type/coding/0/code").asText())
        .isEqualTo("16521000000101");
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isASCII().contains("\\u201C");
  }

  @Test
  void isSearchedByGetAloneInYorkshire() throws Exception {
    var yorkshire = as(PeerRegion.YORKSHIRE_HUMBER);
    json(yorkshire.post("/AllergyIntolerance/_search", "patient=yh-3c"), 405);
    JsonNode bundle = json(yorkshire.get("/AllergyIntolerance?patient=yh-3c"), 200);
    assertThat(bundle.at("/entry/0/resource/patient/reference").asText())
        .isEqualTo(sandbox.base(PeerRegion.YORKSHIRE_HUMBER) + "/Patient/yh-3c");
  }

  @Test
  void isSearchedButNotReadInThamesValley() throws Exception {
    var thames = as(PeerRegion.THAMES_VALLEY_SURREY);
    JsonNode patient =
        json(thames.get("/Patient?identifier=" + NUMBER + Stories.ADA_OKAFOR), 200)
            .at("/entry/0/resource");
    String id = patient.path("id").asText();
    json(thames.get("/Patient/" + id), 405);
    JsonNode flags = json(thames.post("/Flag/_search", "patient=" + id), 200);
    assertThat(flags.at("/entry/0/resource/subject/reference").asText())
        .isEqualTo("urn:uuid:" + id);
    String flag = flags.at("/entry/0/resource/id").asText();
    assertThat(json(thames.get("/Flag?patient=" + id + "&_id=" + flag), 200).path("entry"))
        .hasSize(1);
    assertThat(json(thames.get("/Flag?patient=" + id + "&_id=other"), 200).has("entry")).isFalse();
  }

  @Test
  void includesTheMedicationOnce() throws Exception {
    JsonNode bundle =
        json(
            as(PeerRegion.LONDON)
                .get(
                    "/MedicationRequest?patient=lcr-4471&_include=MedicationRequest:medication"
                        + "&_include=MedicationRequest:nothing"),
            200);
    assertThat(bundle.path("entry")).hasSize(2);
    assertThat(bundle.at("/entry/1/resource/resourceType").asText()).isEqualTo("Medication");
    assertThat(bundle.at("/entry/1/search/mode").asText()).isEqualTo("include");
    assertThat(bundle.at("/link/0/url").asText()).doesNotContain("nothing");
  }

  @Test
  void filtersAndSaysWhatItApplied() throws Exception {
    JsonNode bundle =
        json(
            as(PeerRegion.LONDON)
                .get(
                    "/Observation?patient=lcr-4471&date=ge2026-09&category=laboratory"
                        + "&code=http://snomed.info/sct%7C1000661000000107&combo-code=x"),
            200);
    assertThat(bundle.path("entry")).hasSize(1);
    assertThat(bundle.at("/link/0/url").asText())
        .contains("date=ge2026-09", "category=laboratory", "code=")
        .doesNotContain("combo-code");
    assertThat(
            json(as(PeerRegion.LONDON).get("/Observation?patient=lcr-4471&date=lt2026"), 200)
                .path("total")
                .asInt())
        .isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"LONDON", "YORKSHIRE_HUMBER"})
  void pagesTheLongRecordByOpaqueLinks(PeerRegion region) throws Exception {
    var call = as(region);
    String patient =
        json(call.get("/Patient?identifier=" + NUMBER + Stories.LONG_RECORD), 200)
            .at("/entry/0/resource/id")
            .asText();
    var ids = new ArrayList<String>();
    JsonNode page = json(call.get("/Observation?patient=" + patient), 200);
    while (true) {
      page.path("entry").forEach(entry -> ids.add(entry.at("/resource/id").asText()));
      JsonNode next = page.at("/link/1/url");
      if (next.isMissingNode()) {
        break;
      }
      assertThat(next.asText()).startsWith(sandbox.base(region) + "?").doesNotContain(patient);
      page = json(call.get(URI.create(next.asText()), "*/*", call.token()), 200);
    }
    assertThat(ids).hasSize(LongRecord.READINGS);
    assertThat(new HashSet<>(ids)).hasSize(LongRecord.READINGS);
  }

  @Test
  void servesADocumentAsItselfOrAsFhir() throws Exception {
    var lancashire = as(PeerRegion.LANCASHIRE_SOUTH_CUMBRIA);
    URI scan = URI.create(sandbox.base(PeerRegion.LANCASHIRE_SOUTH_CUMBRIA) + "/Binary/lg-1-scan");
    var raw = lancashire.get(scan, "*/*", lancashire.token());
    assertThat(raw.headers().firstValue("Content-Type")).contains("application/pdf");
    assertThat(raw.headers().firstValue("X-Security-Context")).contains("DocumentReference/lg-1");
    assertThat(raw.body()).startsWith("%PDF-1.4\n".getBytes(StandardCharsets.US_ASCII));
    JsonNode fhir =
        json(lancashire.get(scan, "application/fhir+json, */*;q=0.1", lancashire.token()), 200);
    assertThat(fhir.path("data").binaryValue()).isEqualTo(raw.body());
  }

  @Test
  void tellsItsStories() throws Exception {
    String patient = "/Patient?identifier=" + NUMBER;
    JsonNode other = json(as(PeerRegion.ESSEX_SUFFOLK).get(patient + Stories.OTHER_NUMBER), 200);
    assertThat(other.at("/entry/0/resource/identifier/0/value").asText())
        .isEqualTo(Stories.STRANGER);
    JsonNode weights = json(as(PeerRegion.ESSEX_SUFFOLK).get("/Observation?patient=e-25"), 200);
    assertThat(weights.findValuesAsText("reference"))
        .containsExactly("Patient/e-25", "Patient/e-84");
    var manchester = as(PeerRegion.GREATER_MANCHESTER);
    json(manchester.get(patient + Stories.RESTRICTED), 404);
    json(manchester.get("/Condition?patient.identifier=" + NUMBER + Stories.RESTRICTED), 404);
    json(manchester.get("/Condition/gm-33-c"), 404);
    json(as(PeerRegion.WESSEX).get(patient + Stories.UNKNOWN), 404);
    assertThat(json(as(PeerRegion.LONDON).get(patient + Stories.UNKNOWN), 200).has("entry"))
        .isFalse();
    json(as(PeerRegion.THAMES_VALLEY_SURREY).get(patient + Stories.REGION_DOWN), 503);
    JsonNode objection = json(as(PeerRegion.LONDON).get("/Consent?patient=lcr-173"), 200);
    assertThat(objection.at("/entry/0/resource/provision/type").asText()).isEqualTo("deny");
  }

  @Test
  void isTooSlowInWessexForAdaOkaforAlone() throws Exception {
    long start = System.nanoTime();
    json(as(PeerRegion.WESSEX).get("/Patient?identifier=" + NUMBER + Stories.ADA_OKAFOR), 200);
    assertThat(System.nanoTime() - start).isGreaterThan(3_000_000_000L);
  }

  @Test
  void yieldsToAStubOfATest() throws Exception {
    var server = sandbox.server(PeerRegion.ESSEX_SUFFOLK);
    var stub =
        server.stubFor(
            WireMock.get(WireMock.urlPathEqualTo("/fhir/Flag"))
                .willReturn(WireMock.aResponse().withStatus(418)));
    assertThat(as(PeerRegion.ESSEX_SUFFOLK).get("/Flag?patient=5f1e").statusCode()).isEqualTo(418);
    server.removeStub(stub);
    json(as(PeerRegion.ESSEX_SUFFOLK).get("/Flag?patient=5f1e"), 200);
  }

  private static void assertRefused(Consumer<JWTClaimsSet.Builder> spoil, String why)
      throws IOException, InterruptedException {
    var london = as(PeerRegion.LONDON);
    String token = london.token(JWSAlgorithm.ES256, spoil);
    var answer = london.get(URI.create(londonBase() + "/Patient/lcr-4471"), "*/*", token);
    assertThat(json(answer, 401).at("/issue/0/diagnostics").asText()).contains(why);
  }

  private static Date secondsFromNow(int seconds) {
    return Date.from(Instant.now().plusSeconds(seconds));
  }

  private static String londonBase() {
    return sandbox.base(PeerRegion.LONDON).toString();
  }

  private static GatewayCall as(PeerRegion region) {
    return new GatewayCall(pki, sandbox, region);
  }

  private static JsonNode json(HttpResponse<byte[]> answer, int status) throws IOException {
    assertThat(answer.statusCode()).isEqualTo(status);
    return Json.MAPPER.readTree(answer.body());
  }
}
