package dev.ermine;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import dev.ermine.region.Approval.Kind;
import dev.ermine.testing.Answer;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.Officers;
import dev.ermine.testing.Ports;
import dev.ermine.testing.TestPki;
import dev.ermine.testing.TestPki.Identity;
import dev.ermine.testing.TestTokens;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged gateway between two regions that nobody here knows, with keys of their own: all of
 * it made as the README says, and nothing else.
 */
class SomeoneElseIT {

  private static final String PATIENT =
      """
      {"resourceType":"Patient","id":"s-1","identifier":[
        {"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9000000009"}]}""";
  private static final String CONDITION =
      """
      {"resourceType":"Condition","id":"c-1","subject":{"reference":"Patient/s-1"},
        "code":{"text":"Migraine"}}""";

  @TempDir private Path directory;
  private final TestPki authority = new TestPki("Somebody's CA");
  private final Identity gateway = authority.issue("localhost");
  private final Identity north = authority.issue("north.example");
  private Officers officers;

  @Test
  void answersWithWhatTheReadmeAsksFor() throws Exception {
    ECKey northKey = new ECKeyGenerator(Curve.P_256).keyID("north-1").generate();
    int port = Ports.free();
    URI base = URI.create("https://localhost:" + port);
    try (var south = new EvilPeer(authority.server(authority.issue("localhost")), south())) {
      writeCerts(northKey);
      officers = new Officers(directory, "alice", "bob");
      writeRegions(south.base());
      Process process = run(base, port);
      try {
        Answer answer = awaitAnswer(process, base, northKey);
        assertThat(answer.status()).as("%s", answer.resource()).isEqualTo(200);
        assertThat(answer.resources("south", "Condition"))
            .extracting(condition -> condition.at("/code/text").asText())
            .containsExactly("Migraine");
        assertThat(answer.header("Ermine-Account"))
            .isEqualTo("known=1, agreed=1, asked=1, answered=1, all-answered");
        assertThat(south.requests())
            .allSatisfy(request -> assertThat(request.header("Authorization")).isNotNull());
        assertThat(Files.readAllLines(directory.resolve("ermine.audit.ndjson"))).hasSize(2);
      } finally {
        process.destroy();
        process.waitFor();
      }
    }
  }

  /** Steps 1 and 2. */
  private void writeCerts(ECKey northKey) throws Exception {
    Path certs = Files.createDirectory(directory.resolve("my-certs"));
    for (String name : List.of("gateway-server", "gateway-client")) {
      Files.writeString(certs.resolve(name + ".crt"), pem(gateway.certificate().getEncoded()));
      Files.writeString(ownersAlone(certs.resolve(name + ".key")), gateway.keyPem());
    }
    ECKey signing = new ECKeyGenerator(Curve.P_256).keyID("crossing-1").generate();
    Files.writeString(
        ownersAlone(certs.resolve("gateway-signing.jwks.json")),
        new JWKSet(signing).toString(false));
    Files.writeString(
        ownersAlone(certs.resolve("page-keys.jwks.json")),
        new JWKSet(new OctetSequenceKeyGenerator(256).keyID("pages-1").generate()).toString(false));
    Files.writeString(certs.resolve("north-client.crt"), pem(north.certificate().getEncoded()));
    Files.writeString(certs.resolve("north.jwks.json"), new JWKSet(northKey).toString(true));
    Files.writeString(certs.resolve("south-ca.crt"), pem(authority.anchor().getEncoded()));
  }

  private static Path ownersAlone(Path file) throws IOException {
    return Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /** Step 3. */
  private void writeRegions(URI south) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    String bound =
        Officers.bound(
            regions(south),
            directory.resolve("my-certs"),
            now.minus(Duration.ofDays(1)),
            now.plus(Duration.ofDays(90)));
    officers.sign(Kind.REGIONS, directory.resolve("my-regions.yaml"), bound, "alice", "bob");
  }

  private static String regions(URI south) {
    return """
        version: 1
        serial: 1
        gateway:
          id: crossing
          organisation: { ods: X26, name: Somebody }
          deadline: 10s
        regions:
          north:
            name: North
            organisation: { ods: RQW, name: Northern Trust }
            status: active
            asks:
              issuer: https://north.example
              algorithm: ES256
              keys: [{ jwks: north.jwks.json, use: active }]
              certificates: [{ file: north-client.crt }]
          south:
            name: South
            organisation: { ods: RJ6, name: Southern Trust }
            status: active
            answers:
              base: %1$s
              anchors: [south-ca.crt]
              token: { audience: %1$s, algorithm: ES256, use: query }
              lookup: two-step
              search: post
              budget: 8s
              types: [Patient, Condition]
        agreements:
          - id: SOUTH-TO-NORTH
            releases: south
            to: [north]
            purposes: [TREAT]
            roles: [R8000]
            types: [Patient, Condition]
            relationship: required
            valid: { from: 2021-12-01, until: 2099-11-30 }
        """
        .formatted(south);
  }

  /** Step 4, as the script does it. */
  private Process run(URI base, int port) throws IOException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    officers.properties().forEach((name, value) -> words.add("-D" + name + "=" + value));
    words.addAll(
        List.of(
            "-Dermine.certs=my-certs",
            "-Dermine.base-url=" + base,
            "-Dquarkus.http.ssl-port=" + port,
            "-Dquarkus.management.port=0",
            "-Dermine.regions=my-regions.yaml",
            "-jar",
            Path.of(System.getProperty("ermine.jar", "target/quarkus-app/quarkus-run.jar"))
                .toAbsolutePath()
                .toString()));
    return new ProcessBuilder(words)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("log").toFile())
        .start();
  }

  private Answer awaitAnswer(Process process, URI base, ECKey key) throws Exception {
    Instant end = Instant.now().plus(Duration.ofSeconds(60));
    try (var http = HttpClient.newBuilder().sslContext(authority.server(north)).build()) {
      while (true) {
        try {
          return Answer.of(http.send(question(base, key), BodyHandlers.ofByteArray()));
        } catch (ConnectException notYet) {
          assertThat(process.isAlive() && Instant.now().isBefore(end))
              .as(Files.readString(directory.resolve("log")))
              .isTrue();
          Thread.sleep(100);
        }
      }
    }
  }

  private HttpRequest question(URI base, ECKey key) {
    String token =
        TestTokens.token(
                "https://north.example", base + "/fhir", north.certificate(), Instant.now())
            .sign(key);
    return HttpRequest.newBuilder(URI.create(base + "/fhir/Condition/_search"))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(
            BodyPublishers.ofString(
                "patient.identifier=https://fhir.nhs.uk/Id/nhs-number%7C9000000009"))
        .build();
  }

  /** A region that knows one patient with one condition. */
  private static EvilPeer.Script south() {
    return EvilPeer.Script.answering(
        request -> {
          String resource = request.target().contains("/Patient/") ? PATIENT : CONDITION;
          String bundle =
              "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"resource\":"
                  + resource
                  + ",\"search\":{\"mode\":\"match\"}}]}";
          return "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: "
              + bundle.length()
              + "\r\n\r\n"
              + bundle;
        });
  }

  private static String pem(byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
  }
}
