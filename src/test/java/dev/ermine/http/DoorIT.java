package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.http.Hello.Answer.Taken;
import dev.ermine.testing.FhirJudge;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The door of the packaged gateway, knocked at from outside. */
class DoorIT {

  private static final String PATIENT =
      "identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C9000000009";
  private static final String FORM = "application/x-www-form-urlencoded";

  @TempDir static Path directory;
  private static RunningGateway gateway;
  private static SSLContext region;
  private static SSLContext anyone;
  private static HttpClient asRegion;
  private static HttpClient asAnyone;
  private static CompletableFuture<Dripped> dripped;

  @BeforeAll
  static void start() throws IOException {
    gateway = new RunningGateway(directory);
    region = gateway.pki().tls("hwe-client", "gateway-ca");
    anyone = gateway.pki().anonymousTls("gateway-ca");
    asRegion = HttpClient.newBuilder().sslContext(region).build();
    asAnyone = HttpClient.newBuilder().sslContext(anyone).build();
    dripped =
        CompletableFuture.supplyAsync(DoorIT::drip, runnable -> Thread.ofVirtual().start(runnable));
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      asRegion.close();
      asAnyone.close();
      gateway.close();
    }
  }

  /** D6: path permissions are silently ignored; the door is code. */
  @ParameterizedTest
  @EnumSource(Address.class)
  void letsNobodyInWithoutCertificateWhereItIsNotPublic(Address address) throws Exception {
    for (String method : List.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "BREW")) {
      HttpResponse<String> response =
          asAnyone.send(
              request(pathOf(address)).method(method, BodyPublishers.noBody()).build(),
              BodyHandlers.ofString());
      int expected = !address.isPublic() ? 401 : method.equals("GET") ? 200 : 405;
      assertThat(response.statusCode()).as("%s %s", method, address).isEqualTo(expected);
      if (expected == 401 && !method.equals("HEAD")) {
        assertOutcome(response);
        assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/q/health", "/q/dev", "/trust", "/oauth2", "/admin"})
  void deniesWhatItDoesNotKnow(String path) throws Exception {
    assertThat(get(asAnyone, path).statusCode()).isEqualTo(401);
    HttpResponse<String> known = get(asRegion, path);
    assertThat(known.statusCode()).isEqualTo(404);
    assertOutcome(known);
  }

  /** D13: the server takes many paths for one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/fhir/metadata;a",
        "/fhir/metadata%3B",
        "//fhir/metadata",
        "/fhir/./metadata",
        "/x/../fhir/metadata",
        "/fhir%2Fmetadata",
        "/fhir/%2e%2e/fhir/metadata",
        "/fhir/metadata%00",
        "/%66hir/metadata",
        "/fhir/metadata/"
      })
  void refusesEveryOtherWayToWriteAPath(String path) throws Exception {
    String answer = raw(anyone, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("OperationOutcome");
  }

  static Stream<String> malformedRequests() {
    String post = "POST /fhir/Patient/_search HTTP/1.1\r\nHost: localhost\r\n";
    String get = "GET /fhir/metadata HTTP/1.1\r\nHost: localhost\r\n";
    return Stream.of(
        post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        post + "Content-Length: +3\r\n\r\na=b",
        post + "Content-Length: 3,3\r\n\r\na=b",
        post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\na=b",
        post + "Content-Length: -1\r\n\r\n",
        get + "Host: y\r\n\r\n",
        get + "Content-Length: 3\r\n\r\na=b",
        get + "X-A : b\r\n\r\n",
        get + "X-A: b\u0000c\r\n\r\n",
        get + "X-A: b\rc\r\n\r\n",
        get + "X-Request-Id: b\rSet-Cookie: c\r\n\r\n",
        get + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
        "GET /fhir/metadata HTTP/1.1\r\n\r\n",
        "GET https://elsewhere.example/fhir/metadata HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /fhir/metadata HTTP/1.0\r\nHost: localhost\r\n\r\n",
        "CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET fhir/metadata HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  /** D13: the server reads what a proxy before it would read otherwise. */
  @ParameterizedTest
  @MethodSource("malformedRequests")
  @DisplayName("A27, A28: what could be read in two ways is 400 and the end of the connection")
  void refusesWhatCouldBeReadInTwoWaysAndCloses(String request) throws Exception {
    String next = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String answer = raw(region, request + next);
    assertThat(answer).matches("(?s)HTTP/1\\.[01] 400 .*");
    assertThat(answer).as("nothing after it is served").doesNotContain("\"keys\"");
    assertThat(answer).as("closed").doesNotEndWith("SILENCE");
  }

  @Test
  @DisplayName("A30: TRACE is 405, and no header overrides a method")
  void refusesTraceAndIgnoresMethodOverride() throws Exception {
    assertThat(raw(region, "TRACE /fhir/Patient HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 405 ")
        .doesNotContain("TRACE");
    HttpResponse<String> overridden =
        asRegion.send(
            request("/fhir/Patient")
                .header("X-HTTP-Method-Override", "DELETE")
                .header("Authorization", "Bearer " + gateway.token())
                .build(),
            BodyHandlers.ofString());
    assertThat(overridden.statusCode()).isEqualTo(400);
  }

  /** D13: the server takes any number of headers. */
  @Test
  void refusesTooManyHeaders() throws Exception {
    String answer =
        raw(
            anyone,
            "GET /fhir/metadata HTTP/1.1\r\nHost: localhost\r\n"
                + "X-A: b\r\n".repeat(64)
                + "\r\n");
    assertThat(answer).startsWith("HTTP/1.1 431 ").contains("OperationOutcome");
  }

  @Test
  @DisplayName("A21: headers over 16 KB are 431")
  void refusesHeadersThatAreTooLong() throws Exception {
    String answer =
        raw(
            anyone,
            "GET /fhir/metadata HTTP/1.1\r\nHost: localhost\r\nX-A: "
                + "b".repeat(20_000)
                + "\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 431 ");
  }

  @Test
  void answersEveryWriteWith405() throws Exception {
    for (String method : List.of("PUT", "DELETE", "PATCH", "POST")) {
      HttpResponse<String> response =
          asRegion.send(
              request("/fhir/Patient/1").method(method, BodyPublishers.ofString("{}")).build(),
              BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(response.headers().firstValue("Allow")).contains("GET");
      assertOutcome(response);
    }
    assertThat(get(asRegion, "/regions/london/fhir/Patient").statusCode()).isEqualTo(405);
  }

  @Test
  void refusesBodiesThatAreTooLarge() throws Exception {
    HttpRequest announced = search().POST(BodyPublishers.ofByteArray(new byte[262_145])).build();
    HttpResponse<String> response = asRegion.send(announced, BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(413);
    assertOutcome(response);
    String chunk = "8000\r\n" + "a".repeat(0x8000) + "\r\n";
    String answer =
        raw(
            region,
            "POST /fhir/Patient/_search HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                + chunk.repeat(8)
                + "1\r\na\r\n");
    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("OperationOutcome");
  }

  @Test
  @DisplayName("D10: a body at one byte a second is ended by its own deadline, with an outcome")
  void cutsABodyThatDrips() throws Exception {
    Dripped cut = dripped.get(30, TimeUnit.SECONDS);
    assertThat(cut.answer()).startsWith("HTTP/1.1 408 ").contains("OperationOutcome");
    assertThat(cut.took()).isLessThan(Duration.ofSeconds(18));
  }

  /** What became of a body at one byte a second, and after how long. */
  private record Dripped(String answer, Duration took) {}

  /** It takes as long as all the rest, beside which it is done. */
  private static Dripped drip() {
    Instant start = Instant.now();
    try (RawTls connection = new RawTls(region, gateway.port())) {
      connection.send(
          "POST /fhir/Patient/_search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n");
      Thread drip =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 30; i++) {
                        connection.send("a");
                        Thread.sleep(1000);
                      }
                    } catch (IOException | InterruptedException e) {
                      // The gateway has closed, as it should.
                    }
                  });
      String answer = connection.readToEnd();
      drip.interrupt();
      return new Dripped(answer, Duration.between(start, Instant.now()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void takesFormsAndJsonAlone() throws Exception {
    HttpResponse<String> json =
        asRegion.send(
            request("/fhir/Patient/_search")
                .header("Content-Type", "application/fhir+json")
                .header("Authorization", "Bearer " + gateway.token())
                .POST(BodyPublishers.ofString("{}"))
                .build(),
            BodyHandlers.ofString());
    assertThat(json.statusCode()).isEqualTo(415);
    assertOutcome(json);
    HttpResponse<String> xml =
        asRegion.send(
            search()
                .header("Accept", "application/fhir+xml")
                .header("Authorization", "Bearer " + gateway.token())
                .POST(BodyPublishers.ofString(PATIENT))
                .build(),
            BodyHandlers.ofString());
    assertThat(xml.statusCode()).isEqualTo(406);
    assertOutcome(xml);
  }

  @Test
  void hearsAProvenCallerAndATokenOnce() throws Exception {
    HttpRequest asked =
        search()
            .header("Authorization", "Bearer " + gateway.token())
            .header("X-Request-Id", "asked-by-9000000009")
            .header("X-Correlation-Id", "visit.7")
            .POST(BodyPublishers.ofString(PATIENT))
            .build();
    HttpResponse<String> first = asRegion.send(asked, BodyHandlers.ofString());
    assertThat(first.statusCode()).isNotIn(400, 401, 404, 405, 500);
    assertThat(first.headers().firstValue("X-Request-Id").orElseThrow())
        .doesNotContain("9000000009");
    assertThat(first.headers().firstValue("X-Correlation-Id")).contains("visit.7");
    assertThat(first.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(first.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(first.headers().firstValue("Via")).isPresent();
    HttpResponse<String> second = asRegion.send(asked, BodyHandlers.ofString());
    assertThat(second.statusCode()).isEqualTo(401);
    assertThat(gateway.audit()).contains("TOKEN_REPLAYED");
  }

  @Test
  void answersFromItsOwnPlaceInTheAskersTrace() throws Exception {
    String asker = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03";
    HttpRequest traced = request("/fhir/metadata").header("traceparent", asker).build();
    assertThat(asAnyone.send(traced, BodyHandlers.ofString()).headers().allValues("traceparent"))
        .singleElement()
        .asString()
        .matches("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-03")
        .doesNotContain("b7ad6b7169203331");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "traceparent: 00-x\r\n",
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03\r\n"
            + "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03\r\n",
        "traceparent: 00-00000000000000000000009000000009-b7ad6b7169203331-03\r\n"
      })
  void beginsATraceWhereTheAskerNamesNone(String header) throws Exception {
    for (String target : List.of("/fhir/metadata", "/nowhere", "/fhir/Flag;a", "fhir")) {
      String answer =
          raw(
              anyone,
              "GET "
                  + target
                  + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                  + header
                  + "\r\n");
      assertThat(answer)
          .containsPattern("\ntraceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-02\r\n")
          .doesNotContain("0af7651916cd43dd8448eb211c80319c", "9000000009");
    }
  }

  @Test
  void saysWhatToMend() throws Exception {
    for (String form :
        List.of("", "identifier=%", "identifier=9000000009", PATIENT + "&" + PATIENT)) {
      HttpResponse<String> response =
          asRegion.send(
              search()
                  .header("Authorization", "Bearer " + gateway.token())
                  .POST(BodyPublishers.ofString(form))
                  .build(),
              BodyHandlers.ofString());
      assertThat(response.statusCode()).as(form).isEqualTo(400);
      assertOutcome(response);
      assertThat(response.body()).doesNotContain("9000000009");
    }
  }

  @Test
  void saysWhereIdsLive() throws Exception {
    HttpResponse<String> response = get(asRegion, "/fhir/Patient/1");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).contains("/regions/");
    assertOutcome(response);
  }

  @Test
  void auditsStrangers() throws Exception {
    assertThat(get(asAnyone, "/fhir/Flag").statusCode()).isEqualTo(401);
    assertThat(gateway.audit()).contains("NO_CERTIFICATE");
  }

  @Test
  @DisplayName("A23: what headers say of a certificate is not read")
  void readsNoCertificateFromHeaders() throws Exception {
    HttpRequest forwarded =
        request("/fhir/Patient")
            .header("X-Client-Cert", "x")
            .header("X-SSL-Client-Verify", "SUCCESS")
            .header("X-Forwarded-Client-Cert", "x")
            .build();
    assertThat(asAnyone.send(forwarded, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
  }

  @Test
  void statesItsCapabilities() throws Exception {
    HttpResponse<String> metadata = get(asAnyone, "/fhir/metadata");
    assertThat(FhirJudge.errors(metadata.body())).isEmpty();
    JsonNode statement = new ObjectMapper().readTree(metadata.body());
    assertThat(statement.at("/fhirVersion").asText()).isEqualTo("4.0.1");
    assertThat(statement.at("/rest/0/resource").findValuesAsText("type"))
        .contains("Patient", "AllergyIntolerance", "Observation");
  }

  @Test
  void publishesPublicKeysAlone() throws Exception {
    JsonNode keys = new ObjectMapper().readTree(get(asAnyone, "/.well-known/jwks.json").body());
    assertThat(keys.get("keys")).isNotEmpty();
    assertThat(keys.findValues("d")).isEmpty();
  }

  @Test
  void isReadyOnThePortOfTheManagement() throws Exception {
    HttpResponse<String> ready =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            "http://localhost:" + gateway.managementPort() + "/q/health/ready"))
                    .build(),
                BodyHandlers.ofString());
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(ready.body()).contains("\"serial\": 1", "\"name\": \"audit\"");
  }

  /** D15: by default the server speaks TLS 1.3 alone. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
      })
  void shakesHandsByTls12WithAuthenticatedEncryption(String suite) throws Exception {
    try (SSLSocket socket = socket("TLSv1.2", suite)) {
      socket.startHandshake();
      assertThat(socket.getSession().getCipherSuite()).isEqualTo(suite);
    }
  }

  /** D15: with TLS 1.2 the server takes block chaining too. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
        "TLS_RSA_WITH_AES_128_GCM_SHA256"
      })
  @DisplayName("A26: block chaining, and keys that RSA carries, are refused")
  void shakesNoHandsWithBlockChaining(String suite) throws Exception {
    try (SSLSocket socket = socket("TLSv1.2", suite)) {
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @DisplayName("A26: TLS 1.0 and 1.1 are refused")
  void shakesNoHandsByOlderTls(int minor) throws Exception {
    try (Socket socket = new Socket("localhost", gateway.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(helloOf(minor));
      socket.getOutputStream().flush();
      assertThat(socket.getInputStream().read()).as("an alert, or the end").isIn(0x15, -1);
    }
  }

  @Test
  @DisplayName("A26: a client that renegotiates is refused")
  void renegotiatesWithNobody() throws Exception {
    try (SSLSocket socket = socket("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")) {
      socket.setSoTimeout(10_000);
      socket.startHandshake();
      socket.getSession().invalidate();
      assertThatThrownBy(
              () -> {
                socket.startHandshake(); // begins, and is over with the next read
                socket.getInputStream().read();
              })
          .as("not silence, which is a SocketTimeoutException")
          .isInstanceOfAny(SSLException.class, SocketException.class);
    }
  }

  @Test
  @DisplayName("A26: nobody's TLS is compressed")
  void compressesNothing() throws Exception {
    for (Hello offering :
        List.of(
            Hello.of12(Hello.DEFLATE, Hello.NULL),
            Hello.of12(Hello.DEFLATE),
            Hello.of13(Hello.DEFLATE, Hello.NULL))) {
      assertThat(answerTo(offering))
          .isInstanceOfSatisfying(
              Taken.class, taken -> assertThat(taken.compression()).isEqualTo(Hello.NULL));
    }
  }

  @Test
  @DisplayName("A26: early data (0-RTT) is not taken")
  void takesNoEarlyData() throws Exception {
    assertThat(answerTo(Hello.of13(Hello.NULL).resumingEarly()))
        .isInstanceOfSatisfying(
            Taken.class,
            taken ->
                assertThat(taken.extensions())
                    .as("a handshake from the start, and no ticket")
                    .containsKey(Hello.KEY_SHARE)
                    .doesNotContainKey(Hello.PRE_SHARED_KEY));
  }

  private static Hello.Answer answerTo(Hello hello) throws IOException {
    try (Socket socket = new Socket("localhost", gateway.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(hello.record());
      return Hello.Answer.read(new DataInputStream(socket.getInputStream()));
    }
  }

  @Test
  @DisplayName("A27: a Host that is not the one of the handshake is 421")
  void refusesAHostThatTheHandshakeDidNotName() throws Exception {
    for (String host : List.of("gateway.example", "GATEWAY.example:8443")) {
      assertThat(metadataOf(host, "gateway.example")).as(host).startsWith("HTTP/1.1 200 ");
    }
    for (String host : List.of("elsewhere.example", "gateway.example.", "gateway.example:x", "x")) {
      assertThat(metadataOf(host, "gateway.example")).as(host).startsWith("HTTP/1.1 421 ");
    }
  }

  @Test
  @DisplayName("A27: without SNI, Host decides nothing")
  void readsNothingFromTheHost() throws Exception {
    assertThat(metadataOf("elsewhere.example"))
        .startsWith("HTTP/1.1 200 ")
        .contains("\"url\":\"" + RunningGateway.BASE + "/fhir\"")
        .doesNotContain("elsewhere");
  }

  /** Over a session of its own: a resumed one remembers what the first one named. */
  private static String metadataOf(String host, String... named) throws Exception {
    SSLContext fresh = gateway.pki().anonymousTls("gateway-ca");
    try (RawTls tls = new RawTls(fresh, gateway.port()).naming(named)) {
      return tls.send("GET /fhir/metadata HTTP/1.1\r\nHost: " + host + "\r\n\r\n").readAnswer();
    }
  }

  @Test
  @DisplayName("A25: TLS ends with whom nobody has pinned")
  void shakesNoHandsWithAForeignCertificate() throws Exception {
    SSLContext foreign = gateway.pki().tls("wessex-client", "gateway-ca");
    try (HttpClient stranger = HttpClient.newBuilder().sslContext(foreign).build()) {
      assertThatThrownBy(() -> get(stranger, "/fhir/metadata")).isInstanceOf(IOException.class);
    }
  }

  /** RFC 4346 7.4.1.2, with suites that a server of its time had. */
  private static byte[] helloOf(int minor) {
    byte[] suites = {(byte) 0xc0, 0x09, (byte) 0xc0, 0x0a, 0x00, 0x2f, 0x00, 0x35};
    java.nio.ByteBuffer hello = java.nio.ByteBuffer.allocate(5 + 4 + 2 + 32 + 1 + 2 + 8 + 2);
    int body = 2 + 32 + 1 + 2 + suites.length + 2;
    hello.put((byte) 0x16).put((byte) 3).put((byte) 1).putShort((short) (body + 4));
    hello.put((byte) 1).put((byte) 0).putShort((short) body);
    hello.put((byte) 3).put((byte) minor).put(new byte[32]).put((byte) 0);
    hello.putShort((short) suites.length).put(suites).put((byte) 1).put((byte) 0);
    return hello.array();
  }

  private static SSLSocket socket(String protocol, String suite) throws IOException {
    SSLSocket socket =
        (SSLSocket) region.getSocketFactory().createSocket("localhost", gateway.port());
    socket.setEnabledProtocols(new String[] {protocol});
    socket.setEnabledCipherSuites(new String[] {suite});
    return socket;
  }

  private static String pathOf(Address address) {
    return address
        .template()
        .replace("{region}", "london")
        .replace("{type}", "Observation")
        .replace("{id}", "1")
        .replace("{document}", "aHR0cHM6Ly9sb25kb24uZXhhbXBsZS9hLnBkZg");
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + gateway.port() + path))
        .timeout(Duration.ofSeconds(20));
  }

  private static HttpRequest.Builder search() {
    return request("/fhir/Patient/_search").header("Content-Type", FORM);
  }

  private static HttpResponse<String> get(HttpClient client, String path) throws Exception {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private static String raw(SSLContext context, String text) throws IOException {
    try (RawTls connection = new RawTls(context, gateway.port())) {
      return connection.send(text).readToEnd();
    }
  }

  private static void assertOutcome(HttpResponse<String> response) {
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("application/fhir+json;charset=UTF-8");
    assertThat(FhirJudge.errors(response.body())).isEmpty();
    assertThat(response.body()).contains("\"OperationOutcome\"");
  }
}
