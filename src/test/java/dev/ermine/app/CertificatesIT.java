package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.ermine.http.RawTls;
import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.Asker;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Request;
import dev.ermine.testing.GatewayProcess;
import dev.ermine.trust.GatewayIdentity;
import dev.ermine.trust.ShownIdentity;
import dev.ermine.trust.Thumbprints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Certificates that change under the running gateway: its own, in a directory that is mounted as
 * Kubernetes mounts a Secret, and those that its regions have pinned.
 */
class CertificatesIT {

  private static final String REFUSED = "a certificate or key of the gateway's own is refused";
  private static final String IN_FORCE = "a certificate of the gateway's own is in force";
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String PUBLIC = "GET /fhir/metadata HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final String NUMBER = "9000000009";
  private static final List<String> FILES =
      List.of("server.crt", "server.key", "client.crt", "client.key");

  /** A request as the region saw it: over which connection, by whom, bound to whom. */
  private record Seen(int line, String client, String bound) {}

  @TempDir static Path directory;
  private static final Queue<Seen> SEEN = new ConcurrentLinkedQueue<>();
  private static DevPki pki;
  private static Path mount;
  private static int mounted;
  private static EvilPeer south;
  private static GatewayProcess gateway;
  private static Asker doctor;
  private static String regions;

  @BeforeAll
  static void start() throws Exception {
    pki = DevPki.in(directory.resolve("certs"));
    mount = Files.createDirectory(pki.file("live"));
    mountUsual();
    for (String name : FILES) {
      Files.createSymbolicLink(mount.resolve(name), Path.of("..data", name));
    }
    south = new EvilPeer(server(), CertificatesIT::answer);
    regions = regions();
    gateway =
        GatewayProcess.start(
            pki,
            regions,
            directory,
            Map.of(
                "ermine.server-certificate", "live/server.crt",
                "ermine.server-key", "live/server.key",
                "ermine.client-certificate", "live/client.crt",
                "ermine.client-key", "live/client.key"));
    doctor = gateway.asker("hwe");
    ask();
  }

  @AfterAll
  static void stop() throws IOException {
    if (gateway != null) {
      gateway.close();
    }
    south.close();
  }

  @Test
  void startedWithDevelopmentKeysAsTheSandboxAndSaidSo() {
    assertThat(told("quarkus.profile: `sandbox` believes development keys")).isEqualTo(1);
  }

  @Test
  @DisplayName("D7: a new server certificate is shown to new connections, a faulty one to none")
  void showsANewServerCertificateAndKeepsItOverAFaultyOne() throws Exception {
    GatewayIdentity next = MadePair.pair().make();
    try (RawTls kept = new RawTls(pki.tls("hwe-client", "gateway-ca"), port())) {
      assertThat(kept.send(PUBLIC).readAnswer()).startsWith("HTTP/1.1 200 ");
      mount(Map.of("server.crt", pem(next), "server.key", key(next)));
      await(() -> shown().equals(next.certificate()), "the new certificate is shown");
      assertThat(kept.send(PUBLIC).readAnswer()).as("kept").startsWith("HTTP/1.1 200 ");
      mount(Map.of("server.crt", "garbage", "server.key", key(next)));
      await(() -> told(REFUSED, "\"use\":\"server\"") == 1, "it is told");
      Thread.sleep(2500);
      assertThat(told(REFUSED, "\"use\":\"server\"")).as("once").isEqualTo(1);
      assertThat(gateway.output())
          .contains("ermine.server-certificate: `" + mount.resolve("server.crt") + "` holds no");
      assertThat(gateway.told("/q/health/ready")).contains("server key pair refused");
      assertThat(gateway.told("/q/metrics"))
          .contains("ermine_key_pair_refused{use=\"server\"} 1.0")
          .contains("ermine_key_pair_refused{use=\"client\"} 0.0");
      assertThat(shown()).isEqualTo(next.certificate());
      assertThat(kept.send(PUBLIC).readAnswer()).as("kept").startsWith("HTTP/1.1 200 ");
    } finally {
      mountUsual();
    }
    await(() -> shown().equals(pki.certificate("gateway-server")), "the usual one is back");
  }

  @Test
  @DisplayName(
      "D8: after the client certificate has changed, no request goes over the old connection")
  void asksAsItsNewSelfAlone() throws Exception {
    ask();
    int lines = south.lines().size();
    assertThat(SEEN).isNotEmpty().allMatch(seen -> seen.client().equals(seen.bound()));
    GatewayIdentity next = MadePair.pair().make();
    try {
      mount(Map.of("client.crt", pem(next), "client.key", key(next)));
      await(() -> told(IN_FORCE, next.toString()) == 1, "it is in force");
      SEEN.clear();
      for (int i = 0; i < 4; i++) {
        ask();
      }
      String thumbprint = Thumbprints.x5tS256(next.certificate());
      assertThat(SEEN)
          .isNotEmpty()
          .allMatch(seen -> seen.client().equals(thumbprint) && seen.bound().equals(thumbprint))
          .allMatch(seen -> seen.line() >= lines);
    } finally {
      mountUsual();
    }
    String usual = pki.thumbprint("gateway-client");
    await(() -> told(IN_FORCE, usual) > 0, "it is back");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  @DisplayName("D9: a pin taken away revokes at once, on kept-alive, resumed and new connections")
  void hearsNoCertificateWhosePinIsGone(String protocol) throws Exception {
    SSLContext known = pki.tls("hwe-client", "gateway-ca");
    try (RawTls kept = new RawTls(known, port(), protocol)) {
      assertThat(search(kept)).startsWith("HTTP/1.1 200 ");
      write(regions.replace("file: hwe-client.crt", "file: wessex-client.crt"));
      await(() -> isHeardNoMore(kept), "the kept-alive one is closed");
      try (RawTls resumed = new RawTls(known, port(), protocol)) {
        assertThat(search(resumed)).startsWith("HTTP/1.1 401 ");
        assertThat(resumed.session().getCreationTime())
            .as("it is the same TLS session")
            .isEqualTo(kept.session().getCreationTime());
      }
      assertThat(newConnection(protocol)).as("it is not even answered").isEmpty();
    } finally {
      write(regions);
    }
    await(() -> newConnection(protocol).startsWith("HTTP/1.1 200 "), "it is pinned again");
  }

  @Test
  @DisplayName("D8: a suspended region is heard no more on a kept-alive connection")
  void hearsNoSuspendedRegionOnAConnectionThatIsOpen() throws Exception {
    try (RawTls kept = new RawTls(pki.tls("hwe-client", "gateway-ca"), port())) {
      assertThat(search(kept)).startsWith("HTTP/1.1 200 ");
      write(
          regions.replace("status: active # hwe", "status: suspended\n    public: Under review.")
              + "allow-mass-change: 1\n"); // nobody else asks
      await(() -> isHeardNoMore(kept), "its connection is closed");
      assertThat(newConnection("TLSv1.3")).startsWith("HTTP/1.1 403 ");
    } finally {
      write(regions);
    }
    await(() -> newConnection("TLSv1.3").startsWith("HTTP/1.1 200 "), "it is heard again");
  }

  private static void ask() {
    assertThat(doctor.search("Condition", NUMBER).statusCode()).isEqualTo(200);
  }

  /** Whether the gateway has closed that connection; until then it may answer. */
  private static boolean isHeardNoMore(RawTls connection) {
    try {
      return search(connection).isEmpty();
    } catch (IOException closed) {
      return true;
    }
  }

  /** A search over that very connection. */
  private static String search(RawTls connection) throws IOException {
    String form = "patient.identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C" + NUMBER;
    return connection
        .send(
            "POST /fhir/Condition/_search HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + doctor.token()
                + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                + form.length()
                + "\r\n\r\n"
                + form)
        .readAnswer();
  }

  /** The answer to a search over a connection without past; empty where TLS is not agreed. */
  private static String newConnection(String protocol) {
    try (RawTls fresh = new RawTls(pki.tls("hwe-client", "gateway-ca"), port(), protocol)) {
      return search(fresh);
    } catch (IOException refused) {
      return "";
    }
  }

  private static int port() {
    return gateway.base().getPort();
  }

  /** The certificate that a new connection is shown. */
  private static X509Certificate shown() throws Exception {
    SSLContext anyone = SSLContext.getInstance("TLS");
    anyone.init(null, new TrustManager[] {new Everyone()}, null);
    try (RawTls connection = new RawTls(anyone, port())) {
      return (X509Certificate) connection.session().getPeerCertificates()[0];
    }
  }

  private static long told(String... words) {
    return gateway.output().lines().filter(line -> containsAll(line, words)).count();
  }

  private static boolean containsAll(String line, String... words) {
    return Stream.of(words).allMatch(line::contains);
  }

  private static void mountUsual() throws IOException {
    mount(Map.of());
  }

  /** Mounts these files, and for the rest the usual ones, in one step. */
  private static void mount(Map<String, String> contents) throws IOException {
    Path next = Files.createDirectory(mount.resolve("..v" + mounted++));
    for (String name : FILES) {
      String usual = Files.readString(pki.file("gateway-" + name));
      Files.writeString(next.resolve(name), contents.getOrDefault(name, usual));
    }
    Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), next.getFileName());
    Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String pem(GatewayIdentity identity) {
    return MadePair.pem(identity.certificate());
  }

  private static String key(GatewayIdentity identity) {
    return MadePair.pem(identity.key());
  }

  private static void write(String text) throws IOException {
    Path edited = Files.writeString(directory.resolve("edited.yaml"), text);
    Files.move(edited, gateway.regions(), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void await(Callable<Boolean> look, String what) throws Exception {
    Instant end = Instant.now().plus(SOON);
    while (!look.call()) {
      assertThat(Instant.now()).as(what).isBefore(end);
      Thread.sleep(200);
    }
  }

  /** The region's side: whoever comes is heard, and looked at here. */
  private static SSLContext server() throws Exception {
    GatewayIdentity identity = MadePair.pair().make();
    Files.writeString(pki.file("south-ca.crt"), pem(identity));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {new ShownIdentity(() -> identity)},
        new TrustManager[] {new Everyone()},
        null);
    return context;
  }

  private static void answer(EvilPeer.Line line) throws IOException {
    for (Request request = line.next(); request != null; request = line.next()) {
      SEEN.add(new Seen(line.number(), Thumbprints.x5tS256(line.client()), bound(request)));
      String resource =
          request.target().contains("/Patient")
              ? "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p\",\"identifier\":[{\"system\":"
                  + "\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"9000000009\"}]}}"
              : "";
      String bundle =
          "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[" + resource + "]}";
      line.write(
          "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: "
              + bundle.length()
              + "\r\n\r\n"
              + bundle);
    }
  }

  /** The {@code cnf.x5t#S256} of the token. */
  private static String bound(Request request) {
    try {
      String bearer = request.header("Authorization").substring("Bearer ".length());
      return (String)
          SignedJWT.parse(bearer).getJWTClaimsSet().getJSONObjectClaim("cnf").get("x5t#S256");
    } catch (ParseException e) {
      throw new IllegalStateException("not a token", e);
    }
  }

  private static String regions() {
    return """
        version: 1
        serial: 1
        gateway: { id: ermine-east, organisation: { ods: QM7, name: HWE }, deadline: 12s }
        regions:
          hwe:
            name: HWE Care Record
            organisation: { ods: QM7, name: Hertfordshire and West Essex }
            status: active # hwe
            asks:
              issuer: https://hwe.example.nhs.uk
              algorithm: ES256
              keys: [{ jwks: hwe.jwks.json, use: active }]
              certificates: [{ file: hwe-client.crt }]
          south:
            name: South
            organisation: { ods: RJ6, name: South }
            status: active
            answers:
              base: %1$s
              anchors: [south-ca.crt]
              token: { audience: %1$s, algorithm: ES256, use: context }
              lookup: two-step
              search: post
              budget: 8s
              types: [Patient, Condition]
        agreements:
          - id: SOUTH-TO-HWE
            releases: south
            to: [hwe]
            purposes: [TREAT]
            roles: [R8000]
            types: [Patient, Condition]
            relationship: required
            valid: { from: 2021-12-01, until: 2099-11-30 }
        """
        .formatted(south.base());
  }

  /** Trusts everyone: who it was is what the test looks at. */
  static final class Everyone implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
