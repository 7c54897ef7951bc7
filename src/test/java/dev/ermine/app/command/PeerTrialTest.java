package dev.ermine.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.testing.TestPki;
import dev.ermine.testing.TestPki.Identity;
import dev.ermine.trust.GatewayKeys;
import dev.ermine.trust.Thumbprints;
import dev.ermine.trust.TrialTokens;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each thing that can be wrong with a peer, and the one sentence that is said of it. */
class PeerTrialTest {

  private static final TestPki PKI = new TestPki("peer authority");
  private static final TestPki OTHER = new TestPki("another authority");
  private static final Identity PEER = PKI.issue("localhost");
  private static final Identity OURS = PKI.issue("gateway");
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");

  private static final String GRANT =
      "{\"access_token\":\"a.granted.token\",\"token_type\":\"Bearer\",\"expires_in\":300}";

  @TempDir static Path directory;
  private static TrialTokens tokens;

  @BeforeAll
  static void readKeys() {
    dev.ermine.sandbox.DevPki pki = dev.ermine.sandbox.DevPki.in(directory);
    tokens =
        new TrialTokens(
            GatewayKeys.read(pki.file("gateway-signing.jwks.json")),
            "https://gateway.example",
            Instant::now);
  }

  /** What the peer says once a request has come. */
  @FunctionalInterface
  private interface Answer {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  /** A peer on a port of its own, with what it was last asked. */
  private static final class Peer implements AutoCloseable {
    private final SSLServerSocket socket;
    private final AtomicReference<String> asked = new AtomicReference<>("");
    private final AtomicReference<String> form = new AtomicReference<>("");

    Peer(SSLContext tls, boolean demands, Answer answer) throws IOException {
      socket =
          (SSLServerSocket)
              tls.getServerSocketFactory()
                  .createServerSocket(0, 9, InetAddress.getLoopbackAddress());
      socket.setNeedClientAuth(demands);
      Thread.ofVirtual()
          .start(
              () -> {
                while (!socket.isClosed()) {
                  serve(answer);
                }
              });
    }

    private void serve(Answer answer) {
      try (var connection = socket.accept()) {
        String head = head(connection.getInputStream());
        form.set(body(head, connection.getInputStream()));
        asked.set(head);
        answer.write(connection.getOutputStream());
        connection.getOutputStream().flush();
      } catch (IOException | InterruptedException e) {
        // The trial has broken off, as it should, or the test is over.
      }
    }

    private static String head(InputStream in) throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          throw new IOException("no request came");
        }
        head.append((char) next);
      }
      return head.toString();
    }

    private static String body(String head, InputStream in) throws IOException {
      Matcher length = LENGTH.matcher(head);
      return length.find()
          ? new String(in.readNBytes(Integer.parseInt(length.group(1))), ascii())
          : "";
    }

    int port() {
      return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void findsNothingWrongWithAGoodPeer() throws IOException {
    try (Peer peer = peer(PEER, ok(statement("4.0.1", "Patient", "Flag")))) {
      PeerTrial.Result result = trial(true).of(region(peer.port(), PKI.anchor()));

      assertThat(result.wrong()).isEmpty();
      assertThat(result.untried()).isEmpty();
      assertThat(peer.asked.get())
          .startsWith("GET /fhir/metadata HTTP/1.1")
          .contains("Authorization: Bearer ")
          .doesNotContain("patient");
    }
  }

  @Test
  void saysWhatWasNotTried() throws IOException {
    try (Peer peer = peer(PEER, ok(statement("4.0.1", "Patient", "Flag")))) {
      PeerTrial.Result result = trial(false).of(region(peer.port(), PKI.anchor()));

      assertThat(result.wrong()).isEmpty();
      assertThat(String.join("; ", result.untried())).contains("--client-key", "--signing-key");
      assertThat(peer.asked.get()).doesNotContain("Authorization");
    }
  }

  @Test
  void saysThatConnectionsAreRefused() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertThat(sentence(region(free, PKI.anchor()))).startsWith("refuses connections;");
  }

  @Test
  void saysThatThereIsNoSuchHost() {
    assertThat(sentence(region("https://nowhere.invalid/fhir", PKI.anchor())))
        .isEqualTo("`nowhere.invalid` is not known to DNS; correct the address, or the resolver");
  }

  @Test
  void saysThatTheAnchorIsAnother() throws IOException {
    try (Peer peer = peer(PEER, ok("{}"))) {
      assertThat(sentence(region(peer.port(), OTHER.anchor())))
          .startsWith("shows a certificate that chains to none of its `anchors`");
    }
  }

  @Test
  void saysThatTheHostNameIsAnother() throws IOException {
    try (Peer peer = peer(PKI.issue("elsewhere.example"), ok("{}"))) {
      assertThat(sentence(region(peer.port(), PKI.anchor())))
          .startsWith("shows a certificate for another host name");
    }
  }

  @Test
  void saysThatTheCertificateHasExpiredOrSoonWill() throws IOException {
    Instant now = Instant.now();
    Identity old =
        PKI.issue("localhost", now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)));
    try (Peer peer = peer(old, ok("{}"))) {
      assertThat(sentence(region(peer.port(), PKI.anchor())))
          .startsWith("shows a certificate that has expired");
    }
    try (Peer peer = peer(PEER, ok(statement("4.0.1", "Patient", "Flag")))) {
      PeerTrial today = new PeerTrial(Optional.empty(), Optional.empty(), PATIENCE, Instant::now);
      assertThat(today.of(region(peer.port(), PKI.anchor())).wrong().orElseThrow())
          .startsWith("works, but its certificate expires at");
    }
  }

  @Test
  void saysThatOurCertificateIsNotTaken() throws IOException {
    Identity trustingOthers = OTHER.issue("localhost");
    try (Peer peer = new Peer(OTHER.server(trustingOthers), true, ok("{}"))) {
      assertThat(sentence(region(peer.port(), OTHER.anchor())))
          .startsWith("breaks off TLS: it does not take our client certificate");
    }
  }

  @Test
  void saysThatTheTokenIsRefused() throws IOException {
    try (Peer peer = peer(PEER, status("401 Unauthorized", ""))) {
      Region region = region(peer.port(), PKI.anchor());
      assertThat(sentence(region)).startsWith("refuses our token at `metadata` with 401");
      assertThat(trial(false).of(region).wrong().orElseThrow())
          .startsWith("wants a token at `metadata` (401), and none was tried");
    }
  }

  @Test
  void followsNoRedirect() throws IOException {
    try (Peer peer = peer(PEER, status("302 Found", "Location: https://elsewhere.example/\r\n"))) {
      assertThat(sentence(region(peer.port(), PKI.anchor()))).startsWith("redirects `metadata`");
    }
  }

  @Test
  void saysThatItIsNoFhirR4() throws IOException {
    try (Peer peer = peer(PEER, ok("<html>hello</html>"))) {
      assertThat(sentence(region(peer.port(), PKI.anchor())))
          .startsWith("answers `metadata` with something that is no CapabilityStatement");
    }
    try (Peer peer = peer(PEER, ok(statement("1.0.2", "Patient")))) {
      assertThat(sentence(region(peer.port(), PKI.anchor())))
          .startsWith("speaks another FHIR than R4 (1.0.2)");
    }
    try (Peer peer = peer(PEER, ok(statement("4.0.1", "Patient")))) {
      assertThat(sentence(region(peer.port(), PKI.anchor())))
          .startsWith("says that it cannot search Flag;");
    }
  }

  @Test
  void waitsForNoDripAndReadsNoEndlessBody() throws IOException {
    Answer drip =
        out -> {
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n".getBytes(ascii()));
          for (int i = 0; i < 99; i++) {
            out.write('a');
            out.flush();
            Thread.sleep(300);
          }
        };
    Instant began = Instant.now();
    try (Peer peer = peer(PEER, drip)) {
      assertThat(sentence(region(peer.port(), PKI.anchor())))
          .startsWith("did not answer whole within 3 s");
    }
    assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(20));
    Answer endless =
        out -> {
          out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ascii()));
          byte[] chunk = new byte[1 << 16];
          for (int i = 0; i < 4096; i++) {
            out.write(chunk);
          }
        };
    try (Peer peer = peer(PEER, endless)) {
      assertThat(sentence(region(peer.port(), PKI.anchor())))
          .matches("sends more than 4194304 bytes.*|did not answer whole.*");
    }
  }

  @Test
  void triesTheTokenEndpointFirstAndShowsWhatItGives() throws Exception {
    try (Peer peer = peer(PEER, ok(statement("4.0.1", "Patient", "Flag")));
        Peer tokenEndpoint = peer(PEER, ok(GRANT))) {
      Region region = exchanging(region(peer.port(), PKI.anchor()), tokenEndpoint.port());
      PeerTrial.Result result = trial(true).of(region);

      assertThat(result.wrong()).isEmpty();
      assertThat(result.untried()).isEmpty();
      assertThat(peer.asked.get()).contains("\r\nAuthorization: Bearer a.granted.token\r\n");
      assertThat(tokenEndpoint.asked.get())
          .startsWith("POST /token HTTP/1.1")
          .doesNotContain("Authorization");
      Map<String, String> form = fields(tokenEndpoint.form.get());
      assertThat(form)
          .containsEntry("grant_type", "client_credentials")
          .containsEntry("scope", "system/Patient.rs system/Flag.rs")
          .containsEntry(
              "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
      JWTClaimsSet claims = SignedJWT.parse(form.get("client_assertion")).getJWTClaimsSet();
      assertThat(claims.getSubject()).isEqualTo("ermine").isEqualTo(claims.getIssuer());
      assertThat(claims.getAudience())
          .containsExactly("https://localhost:" + tokenEndpoint.port() + "/token");
      assertThat(claims.getJSONObjectClaim("cnf"))
          .isEqualTo(Map.of("x5t#S256", Thumbprints.x5tS256(OURS.certificate())));
      assertThat(claims.getClaims()).doesNotContainKey("patient");
    }
  }

  @Test
  void saysThatTheTokenEndpointGivesNoToken() throws IOException {
    for (Answer answer :
        List.of(
            status("400 Bad Request", ""),
            ok("{\"token_type\":\"Bearer\"}"),
            ok("{\"token_type\":\"Bearer\",\"access_token\":\"a b\"}"),
            ok("hello"))) {
      try (Peer peer = peer(PEER, ok(statement("4.0.1", "Patient", "Flag")));
          Peer tokenEndpoint = peer(PEER, answer)) {
        Region region = exchanging(region(peer.port(), PKI.anchor()), tokenEndpoint.port());
        assertThat(sentence(region)).startsWith("gives no access token at its token endpoint (");
        assertThat(peer.asked.get()).as("nothing is asked without").isEmpty();
      }
    }
  }

  @Test
  void saysAtWhichAddressItFails() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    try (Peer peer = peer(PEER, ok(statement("4.0.1", "Patient", "Flag")))) {
      Region region = region(peer.port(), PKI.anchor());
      assertThat(sentence(exchanging(region, free)))
          .startsWith("refuses connections at its token endpoint;");
      assertThat(sentence(publishing(region, free)))
          .startsWith("refuses connections at its JWKS address;");
    }
  }

  @Test
  void asksNoTokenEndpointWithoutOurKeys() throws IOException {
    try (Peer peer = peer(PEER, ok(statement("4.0.1", "Patient", "Flag")));
        Peer tokenEndpoint = peer(PEER, ok(GRANT))) {
      Region region = exchanging(region(peer.port(), PKI.anchor()), tokenEndpoint.port());
      assertThat(trial(false).of(region).untried()).anyMatch(it -> it.startsWith("a token: give"));
      assertThat(tokenEndpoint.asked.get()).isEmpty();
    }
  }

  @Test
  void triesTheAddressOfPublishedKeys() throws IOException {
    try (Peer peer = peer(PEER, ok(statement("4.0.1", "Patient", "Flag")));
        Peer keys = peer(PEER, ok("{\"keys\":[{\"kty\":\"EC\"}]}"))) {
      Region region = publishing(region(peer.port(), PKI.anchor()), keys.port());
      assertThat(trial(true).of(region).wrong()).isEmpty();
      assertThat(keys.asked.get())
          .startsWith("GET /jwks.json HTTP/1.1")
          .doesNotContain("Authorization");
    }
    for (Answer answer :
        List.of(status("404 Not Found", ""), ok("{\"keys\":[]}"), ok("{}"), ok("hello"))) {
      try (Peer peer = peer(PEER, ok(statement("4.0.1", "Patient", "Flag")));
          Peer keys = peer(PEER, answer)) {
        assertThat(sentence(publishing(region(peer.port(), PKI.anchor()), keys.port())))
            .startsWith("publishes no keys at its JWKS address (");
      }
    }
  }

  @Test
  void triesDemographicsWithANumberThatNobodyHas() throws IOException {
    String outcome = "{\"resourceType\":\"OperationOutcome\"}";
    try (Peer peer = peer(PEER, answer("400 Bad Request", outcome))) {
      PeerTrial.Result result = trial(true).of(demographics(peer.port()));
      assertThat(result.wrong()).isEmpty();
      assertThat(result.untried()).isEmpty();
      assertThat(peer.asked.get())
          .startsWith("GET /fhir/Patient/9000000000 HTTP/1.1")
          .contains("X-Request-ID: ", "Authorization: Bearer ");
    }
    assertThat(NhsNumber.parse("9000000000")).isEmpty();
    try (Peer peer = peer(PEER, status("401 Unauthorized", ""))) {
      assertThat(sentence(demographics(peer.port()))).startsWith("refuses our token at `Patient`");
    }
    try (Peer peer = peer(PEER, status("404 Not Found", ""))) {
      assertThat(sentence(demographics(peer.port()))).startsWith("answers `Patient` with 404;");
    }
    try (Peer peer = peer(PEER, ok("{}"))) {
      assertThat(sentence(demographics(peer.port())))
          .startsWith("answers about a number that is no NHS number;");
    }
  }

  private static Region demographics(int port) {
    Region region = region(port, PKI.anchor());
    return new Region(
        RegionId.DEMOGRAPHICS,
        "Personal Demographics Service",
        region.organisation(),
        region.status(),
        region.publicText(),
        region.asks(),
        region.answers());
  }

  private static Map<String, String> fields(String form) {
    return Stream.of(form.split("&"))
        .map(field -> field.split("=", 2))
        .collect(
            Collectors.toMap(
                field -> field[0], field -> URLDecoder.decode(field[1], StandardCharsets.UTF_8)));
  }

  private static java.nio.charset.Charset ascii() {
    return StandardCharsets.US_ASCII;
  }

  private static Peer peer(Identity identity, Answer answer) throws IOException {
    return new Peer(PKI.server(identity), false, answer);
  }

  private static Answer ok(String body) {
    return answer("200 OK", body);
  }

  private static Answer answer(String line, String body) {
    return out ->
        out.write(
            ("HTTP/1.1 "
                    + line
                    + "\r\nContent-Type: application/fhir+json\r\nContent-Length: "
                    + body.length()
                    + "\r\nConnection: close\r\n\r\n"
                    + body)
                .getBytes(ascii()));
  }

  private static Answer status(String line, String headers) {
    return out ->
        out.write(
            ("HTTP/1.1 " + line + "\r\n" + headers + "Content-Length: 0\r\n\r\n")
                .getBytes(ascii()));
  }

  private static String statement(String version, String... types) {
    StringBuilder resources = new StringBuilder();
    for (String type : types) {
      resources
          .append(resources.isEmpty() ? "" : ",")
          .append("{\"type\":\"%s\",\"interaction\":[{\"code\":\"search-type\"}]}".formatted(type));
    }
    return "{\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"%s\",\"rest\":[{\"mode\":\"server\",\"resource\":[%s]}]}"
        .formatted(version, resources);
  }

  private static String sentence(Region region) {
    return trial(true).of(region).wrong().orElseThrow();
  }

  /** Long before the certificates end. */
  private static PeerTrial trial(boolean withKeys) {
    return new PeerTrial(
        withKeys ? Optional.of(OURS.gateway()) : Optional.empty(),
        withKeys ? Optional.of(tokens) : Optional.empty(),
        PATIENCE,
        () -> Instant.now().minus(Duration.ofDays(200)));
  }

  private static Region region(int port, X509Certificate anchor) {
    return region("https://localhost:" + port + "/fhir", anchor);
  }

  private static Region region(String base, X509Certificate anchor) {
    return new Region(
        new RegionId("london"),
        "London Care Record",
        new Organisation("QMJ", "North Central London"),
        Region.Status.ACTIVE,
        Optional.empty(),
        Optional.empty(),
        Optional.of(
            new Region.Answers(
                URI.create(base),
                List.of(),
                List.of(anchor),
                Optional.empty(),
                new Region.Token(
                    base, Region.Algorithm.ES256, Region.Token.TokenUse.QUERY, Optional.empty()),
                Region.Lookup.TWO_STEP,
                Region.Search.POST,
                true,
                Duration.ofSeconds(1),
                new Region.Limits(1, 1_000_000, 100, 1, 10),
                Set.of("Patient", "Flag", "Binary"))));
  }

  /** The same with a token endpoint. */
  private static Region exchanging(Region region, int port) {
    Region.Answers answers = region.answers().orElseThrow();
    Region.Token.Endpoint endpoint =
        new Region.Token.Endpoint(
            URI.create("https://localhost:" + port + "/token"),
            "ermine",
            List.of("system/Patient.rs", "system/Flag.rs"),
            List.of(PKI.anchor()),
            PATIENCE);
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        region.status(),
        region.publicText(),
        region.asks(),
        Optional.of(
            new Region.Answers(
                answers.base(),
                answers.documents(),
                answers.anchors(),
                answers.revocation(),
                new Region.Token(
                    answers.token().audience(),
                    answers.token().algorithm(),
                    answers.token().use(),
                    Optional.of(endpoint)),
                answers.lookup(),
                answers.search(),
                answers.read(),
                answers.budget(),
                answers.limits(),
                answers.types())));
  }

  /** The same with keys that it publishes. */
  private static Region publishing(Region region, int port) {
    URI url = URI.create("https://localhost:" + port + "/jwks.json");
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        region.status(),
        region.publicText(),
        Optional.of(
            new Region.Asks(
                "https://london.example",
                Region.Algorithm.ES256,
                List.of(),
                Optional.of(new Region.Published(url, List.of(PKI.anchor()), Duration.ofHours(4))),
                List.of(),
                Optional.empty(),
                false)),
        region.answers());
  }

  @Test
  void tellsTheTrialsOfACommand() throws IOException {
    String text = Files.readString(Path.of("regions.yaml"));
    Files.writeString(
        directory.resolve("regions.yaml"), text.replaceAll("localhost:[0-9]+", "localhost:1"));
    var out = new java.io.ByteArrayOutputStream();
    int exit =
        TrustCommand.run(
            Instant::now,
            out,
            new java.io.PrintWriter(new java.io.StringWriter()),
            "check",
            directory.resolve("regions.yaml").toString(),
            "--certs",
            directory.toString(),
            "--connect",
            "--region",
            "london");

    assertThat(exit).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("london refuses connections;", "  not tried: our client certificate")
        .doesNotContain("wessex refuses");
  }
}
