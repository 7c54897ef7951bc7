package dev.ermine;

import static dev.ermine.sandbox.Stories.ADA_OKAFOR;
import static dev.ermine.sandbox.Stories.STRANGER;
import static dev.ermine.sandbox.Stories.UNKNOWN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.ermine.http.RawTls;
import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.PeerRegion;
import dev.ermine.sandbox.Sandbox;
import dev.ermine.testing.Asker;
import dev.ermine.testing.GatewayProcess;
import dev.ermine.testing.RefusalJudge;
import dev.ermine.testing.SelfSigned;
import dev.ermine.testing.TestPki;
import dev.ermine.testing.TestTokens;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who is not let in by the whole gateway, and what is left of the attempt: one OperationOutcome,
 * one audited reason, and no question to any region.
 */
class RefusalsIT {

  private static final String ISSUER = "https://hwe.example.nhs.uk";
  private static final Duration TEN_YEARS = Duration.ofDays(3653);

  @TempDir static Path directory;
  private static TestPki.Identity expired;
  private static TestPki.Identity renewed;
  private static DevPki pki;
  private static Sandbox sandbox;
  private static GatewayProcess gateway;
  private static HttpClient asRegion;
  private static HttpClient asAnyone;

  @BeforeAll
  static void start() throws IOException {
    expired = valid(Duration.ofDays(-9), Duration.ofDays(-1));
    renewed = valid(Duration.ofDays(-1), Duration.ofDays(9));
    pki = DevPki.in(directory.resolve("certs"));
    Files.writeString(pki.file("hwe-expired.crt"), expired.certificatePem());
    Files.writeString(pki.file("hwe-renewed.crt"), renewed.certificatePem());
    sandbox = Sandbox.start(pki);
    gateway = GatewayProcess.start(pki, regions(), directory, Map.of());
    asRegion = HttpClient.newBuilder().sslContext(pki.tls("hwe-client", "gateway-ca")).build();
    asAnyone = HttpClient.newBuilder().sslContext(pki.anonymousTls("gateway-ca")).build();
  }

  /** With two more certificates of the asker's, one of them out of date. */
  private static String regions() throws IOException {
    return GatewayProcess.regions(sandbox)
        .replace(
            "[{ file: hwe-client.crt }]",
            "[{ file: hwe-client.crt }, { file: hwe-expired.crt }, { file: hwe-renewed.crt }]")
        .replace("budget: 1500ms", "connect: 8s\n      budget: 8s")
        .replace("deadline: 3s", "deadline: 12s");
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      asRegion.close();
      asAnyone.close();
      gateway.close();
    }
    if (sandbox != null) {
      sandbox.close();
    }
  }

  /** What stands in {@code Authorization}, and what comes of it. */
  record Shown(String name, Forger forger, int status, String code, String reason) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Makes a token, afresh for each request. */
  @FunctionalInterface
  interface Forger {
    Optional<String> token() throws JOSEException;
  }

  /**
   * Shows that D16 is not Ermine's: each of Nimbus's leniencies is refused, and each with its own
   * reason.
   */
  static Stream<Shown> tokens() {
    return Stream.of(
        new Shown("none", Optional::empty, 401, "login", "NO_TOKEN"),
        unproven("another region's", "TOKEN_KEY", RefusalsIT::ofLondon),
        unproven(
            "bound to another certificate",
            "TOKEN_BINDING",
            () -> signed(boundTo("london-client"))),
        unproven("of a forged signature", "TOKEN_SIGNATURE", RefusalsIT::forged),
        unproven("alg none", "TOKEN_ALGORITHM", () -> unsigned("AA")),
        unproven("alg none, nothing for signature", "TOKEN_NOT_CANONICAL", () -> unsigned("")),
        unproven("HS256 with the public key", "TOKEN_ALGORITHM", RefusalsIT::keyedByPublicKey),
        unproven("expired", "TOKEN_TIMES", () -> signed(token().at(past()))),
        unproven("for ten years", "TOKEN_TIMES", () -> signed(token().at(now(), TEN_YEARS))),
        unproven("issued in an hour", "TOKEN_TIMES", () -> signed(token().at(future()))),
        unproven(
            "for another audience", "TOKEN_AUDIENCE", () -> signed(token().with("aud", ISSUER))),
        unproven(
            "for further audiences",
            "TOKEN_AUDIENCE",
            () -> signed(token().with("aud", List.of(audience(), ISSUER)))),
        unproven("without kid", "TOKEN_HEADER", () -> signed(token().withoutHeader("kid"))),
        unproven("with jku", "TOKEN_HEADER", () -> signed(token().header("jku", ISSUER))),
        unproven("with x5u", "TOKEN_HEADER", () -> signed(token().header("x5u", ISSUER))),
        unproven("with an empty jti", "TOKEN_ID", () -> signed(token().with("jti", ""))),
        unproven("padded", "TOKEN_NOT_CANONICAL", () -> signed(token()) + "="),
        unproven("respelled", "TOKEN_NOT_CANONICAL", () -> respelled(signed(token()))),
        unproven("after two spaces", "NO_TOKEN", () -> " " + signed(token())),
        unproven(
            "of more than 4 KiB",
            "TOKEN_TOO_LARGE",
            () -> signed(token().with("sub", "a".repeat(4096)))),
        new Shown(
            "without a purpose",
            () -> Optional.of(signed(token().without("purpose_of_use"))),
            403,
            "forbidden",
            "PURPOSE_MISSING"),
        new Shown(
            "that has been here",
            () -> Optional.of(signed(token().with("hops", List.of("ermine-east")))),
            508,
            "business-rule",
            "LOOP"),
        new Shown(
            "for another patient",
            () -> Optional.of(signed(token().with("patient", TestTokens.patient(STRANGER)))),
            403,
            "forbidden",
            "OTHER_PATIENT"));
  }

  @ParameterizedTest
  @MethodSource("tokens")
  void refusesAToken(Shown shown) throws Exception {
    List<byte[]> bodies =
        List.of(refusal(shown, ADA_OKAFOR).body(), refusal(shown, UNKNOWN).body());
    assertThat(bodies.getFirst()).as("whoever it is about").isEqualTo(bodies.getLast());
  }

  private static HttpResponse<byte[]> refusal(Shown shown, String nhsNumber) throws Exception {
    Optional<String> token = shown.forger().token();
    forgetQuestions();
    HttpResponse<byte[]> response = send(asRegion, token, nhsNumber);
    RefusalJudge.judge(response, shown.status(), shown.code());
    RefusalJudge.tellsNothingOf(response, partsOf(token));
    assertAudited(response, shown.status(), shown.reason(), "hwe");
    assertNobodyAsked();
    return response;
  }

  private static List<String> partsOf(Optional<String> token) {
    return token.stream()
        .flatMap(text -> Arrays.stream(text.strip().split("[.=]+")))
        .filter(part -> part.length() > 8)
        .toList();
  }

  @Test
  void refusesAPageThatIsNotToBeHad() throws Exception {
    forgetQuestions();
    String madeUp =
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aaaaaaaaaaaaaaaa.bbbb.cccccccccccccccccccccc";
    HttpResponse<byte[]> response = page("_page_token=" + madeUp);
    RefusalJudge.judge(response, 410, "not-found");
    RefusalJudge.tellsNothingOf(response, partsOf(Optional.of(madeUp)));
    assertAudited(response, 410, "PAGE_GONE", "hwe");
    RefusalJudge.judge(page("_page_token=" + madeUp + "&_count=5"), 400, "invalid");
    assertNobodyAsked();
  }

  private static HttpResponse<byte[]> page(String query) throws Exception {
    return asRegion.send(
        HttpRequest.newBuilder(URI.create(gateway.base() + "/fhir?" + query))
            .header("Authorization", "Bearer " + signed(token()))
            .build(),
        BodyHandlers.ofByteArray());
  }

  @Test
  void refusesAUsedToken() throws Exception {
    Optional<String> token = Optional.of(signed(token()));
    assertThat(send(asRegion, token, ADA_OKAFOR).statusCode()).isEqualTo(200);
    forgetQuestions();
    HttpResponse<byte[]> again = send(asRegion, token, ADA_OKAFOR);
    RefusalJudge.judge(again, 401, "login");
    assertAudited(again, 401, "TOKEN_REPLAYED", "hwe");
    assertNobodyAsked();
  }

  /** D16 and D13: a token in a line that goes on in the next is no token in one spelling. */
  @Test
  void refusesATokenThatALineEndFollows() throws Exception {
    forgetQuestions();
    String line =
        "GET /fhir/Flag HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
            + signed(token());
    for (String end : List.of("\n\n", "\r\n \r\n", "\r\n =\r\n", "\u0000\r\n", "\t=\r\n")) {
      try (RawTls connection =
          new RawTls(pki.tls("hwe-client", "gateway-ca"), gateway.base().getPort())) {
        assertThat(connection.send(line + end + "\r\n").readToEnd())
            .as("ends in %s", Arrays.toString(end.getBytes(UTF_8)))
            .matches("(?s)HTTP/1\\.1 40[01] .*")
            .doesNotContain("eyJ");
      }
    }
    assertNobodyAsked();
  }

  @Test
  void refusesWhoShowsNoCertificate() throws Exception {
    forgetQuestions();
    HttpResponse<byte[]> response = send(asAnyone, Optional.of(signed(token())), ADA_OKAFOR);
    RefusalJudge.judge(response, 401, "login");
    assertAudited(response, 401, "NO_CERTIFICATE", null);
    assertNobodyAsked();
  }

  /**
   * D6: the framework ignores path permissions without a word when its security is not there. This
   * gateway has none, and does not start with one: what is refused is refused by code.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/fhir",
        "/fhir/_search",
        "/fhir/Flag",
        "/fhir/Flag/_search",
        "/fhir/Flag/1",
        "/fhir/Patient/$summary",
        "/regions/london/fhir",
        "/regions/london/fhir/_search",
        "/regions/london/fhir/Flag",
        "/regions/london/fhir/Flag/_search",
        "/regions/london/fhir/Flag/1",
        "/regions/london/fhir/Binary/1",
        "/oauth2/token",
        "/trust",
        "/trust/regions",
        "/q/health",
        "/q/metrics",
        "/metrics",
        "/nowhere"
      })
  void refusesEveryRouteWithoutCertificate(String path) throws Exception {
    for (String method : List.of("GET", "POST", "OPTIONS", "DELETE")) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(gateway.base() + path))
              .header("Authorization", "Bearer " + signed(token()))
              .method(method, BodyPublishers.noBody())
              .build();
      HttpResponse<byte[]> response = asAnyone.send(request, BodyHandlers.ofByteArray());
      RefusalJudge.judge(response, 401, "login");
      assertAudited(response, 401, "NO_CERTIFICATE", null);
    }
  }

  @Test
  void shakesNoHandsWithACertificateThatNoRegionPins() {
    assertNoHandshake(new TestPki("hwe development CA").issue("hwe"));
    assertNoHandshake(valid(Duration.ofDays(-1), Duration.ofDays(9)));
  }

  /** The same kind of certificate, pinned by the same region, in date: it is the date. */
  @Test
  void shakesNoHandsWithAPinnedCertificateOutOfDate() throws Exception {
    assertNoHandshake(expired);
    try (HttpClient client = HttpClient.newBuilder().sslContext(tls(renewed)).build()) {
      HttpResponse<byte[]> response = send(client, Optional.empty(), ADA_OKAFOR);
      RefusalJudge.judge(response, 401, "login");
      assertAudited(response, 401, "NO_TOKEN", "hwe");
    }
  }

  private static void assertNoHandshake(TestPki.Identity identity) {
    // Under TLS 1.3 a client hears of it with the first byte it reads, or finds the line cut while
    // it still writes; were hands shaken, it would read a silence.
    assertThatThrownBy(
            () -> {
              try (RawTls connection = new RawTls(tls(identity), gateway.base().getPort())) {
                connection.readToEnd();
              }
            })
        .isInstanceOfAny(SSLException.class, SocketException.class);
  }

  /** An audit file that cannot be written: nothing is disclosed, and nobody is asked. */
  @Test
  void disclosesNothingThatCannotBeAudited() throws Exception {
    Asker doctor = gateway.asker("hwe");
    assertThat(doctor.search("AllergyIntolerance", ADA_OKAFOR).statusCode()).isEqualTo(200);
    Path kept = directory.resolve("kept.ndjson");
    Files.move(gateway.audit(), kept);
    Files.createDirectory(gateway.audit());
    try {
      forgetQuestions();
      HttpResponse<byte[]> response = doctor.search("AllergyIntolerance", ADA_OKAFOR);
      RefusalJudge.judge(response, 503, "transient");
      assertThat(response.headers().firstValue("Retry-After")).isPresent();
      RefusalJudge.judge(send(asRegion, Optional.empty(), ADA_OKAFOR), 503, "transient");
      assertNobodyAsked();
      awaitReadiness(503);
    } finally {
      Files.delete(gateway.audit());
      Files.move(kept, gateway.audit());
    }
    awaitReadiness(200);
    assertThat(doctor.search("AllergyIntolerance", ADA_OKAFOR).statusCode()).isEqualTo(200);
  }

  /** It follows the look at the disk that is taken each second. */
  private static void awaitReadiness(int status) throws IOException, InterruptedException {
    Instant end = Instant.now().plusSeconds(15);
    while (readiness() != status && Instant.now().isBefore(end)) {
      Thread.sleep(100);
    }
    assertThat(readiness()).isEqualTo(status);
  }

  private static int readiness() throws IOException, InterruptedException {
    try (HttpClient platform = HttpClient.newHttpClient()) {
      URI ready = URI.create(gateway.management() + "/q/health/ready");
      return platform
          .send(HttpRequest.newBuilder(ready).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }

  private static Shown unproven(String name, String reason, Text token) {
    return new Shown(name, () -> Optional.of(token.get()), 401, "login", reason);
  }

  /** A token's text. */
  @FunctionalInterface
  private interface Text {
    String get() throws JOSEException;
  }

  private static TestTokens token() {
    return TestTokens.token(ISSUER, audience(), pki.certificate("hwe-client"), now())
        .without("patient");
  }

  private static TestTokens boundTo(String certificate) {
    return TestTokens.token(ISSUER, audience(), pki.certificate(certificate), now());
  }

  private static String audience() {
    return gateway.base() + "/fhir";
  }

  /** A certificate signed by itself, valid from then until then. */
  private static TestPki.Identity valid(Duration from, Duration until) {
    return SelfSigned.identity(now().plus(from), now().plus(until));
  }

  private static Instant now() {
    return Instant.now();
  }

  private static Instant past() {
    return now().minus(Duration.ofHours(1));
  }

  private static Instant future() {
    return now().plus(Duration.ofHours(1));
  }

  private static ECKey ownKey() {
    return pki.signingKey("hwe", JWSAlgorithm.ES256).toECKey();
  }

  private static String signed(TestTokens token) {
    return token.sign(ownKey());
  }

  private static String ofLondon() {
    return TestTokens.token(
            "https://london.example.nhs.uk", audience(), pki.certificate("london-client"), now())
        .sign(pki.signingKey("london", JWSAlgorithm.ES256));
  }

  /** Signed by a key that says it is the region's. */
  private static String forged() throws JOSEException {
    return token().sign(new ECKeyGenerator(Curve.P_256).keyID(ownKey().getKeyID()).generate());
  }

  private static String unsigned(String signature) {
    String header = "{\"alg\":\"none\",\"typ\":\"JWT\",\"kid\":\"" + ownKey().getKeyID() + "\"}";
    return TestTokens.base64(header)
        + "."
        + TestTokens.base64(token().payloadJson())
        + "."
        + signature;
  }

  private static String keyedByPublicKey() {
    byte[] known = ownKey().toPublicJWK().toJSONString().getBytes(UTF_8);
    var secret = new OctetSequenceKey.Builder(known).keyID(ownKey().getKeyID()).build();
    return token().sign(secret, JWSAlgorithm.HS256);
  }

  /** The same signature with another last character: its four lowest bits say nothing. */
  private static String respelled(String token) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = alphabet.indexOf(token.charAt(token.length() - 1));
    return token.substring(0, token.length() - 1) + alphabet.charAt(last + 1);
  }

  private static SSLContext tls(TestPki.Identity identity) {
    return identity.client(pki.certificate("gateway-ca"));
  }

  private static HttpResponse<byte[]> send(
      HttpClient client, Optional<String> token, String nhsNumber)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(gateway.base() + "/fhir/AllergyIntolerance/_search"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    Asker.encode(Map.of("patient.identifier", Asker.NHS_NUMBER + nhsNumber))));
    token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static void assertAudited(
      HttpResponse<byte[]> response, int status, String reason, @Nullable String region) {
    List<JsonNode> events = gateway.auditOf(response);
    assertThat(events).hasSize(1);
    JsonNode event = events.getFirst();
    assertThat(event.at("/outcomeDesc").asText()).isEqualTo(reason);
    assertThat(event.at("/type/code").asText()).isEqualTo(status == 401 ? "110114" : "110113");
    assertThat(event.toString()).contains("\"" + status + "\"").doesNotContain("eyJ");
    if (region != null) {
      assertThat(event.get("agent").toString()).contains(region);
    }
  }

  private static void forgetQuestions() {
    for (PeerRegion region : PeerRegion.values()) {
      sandbox.server(region).resetRequests();
    }
  }

  private static void assertNobodyAsked() {
    for (PeerRegion region : PeerRegion.values()) {
      assertThat(sandbox.questions(region)).as(region.id()).isEmpty();
    }
  }
}
