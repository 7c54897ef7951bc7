package dev.ermine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.Stories;
import dev.ermine.testing.Answer;
import dev.ermine.testing.Asker;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Request;
import dev.ermine.testing.GatewayProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A region that is suspended under load, while it answers, while an answer that holds much of it is
 * being written, and while it has connections of its own open.
 */
class SuspensionIT {

  /** Two are promised, of a machine that has nothing else to do. */
  private static final Duration IN_FORCE = Duration.ofSeconds(4);

  private static final String PATIENT =
      """
      {"resourceType":"Patient","id":"p1","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"%s"}]}"""
          .formatted(Stories.OTHER_SUBJECT);

  /** More than the buffers between gateway and reader hold. */
  private static final String LARGE =
      searchset(
          IntStream.range(0, 1_500)
              .mapToObj(SuspensionIT::observation)
              .collect(Collectors.joining(",")));

  private static final String REGION =
      """
        %1$s:
          name: Record of %1$s
          organisation: { ods: QMJ, name: %1$s }
          status: active
          asks:
            issuer: https://%1$s.example.nhs.uk
            algorithm: ES256
            keys: [ { jwks: %1$s.jwks.json, use: active } ]
            certificates: [ { file: %1$s-client.crt } ]
          answers:
            base: %2$s
            anchors: [ %3$s-ca.crt ]
            token: { audience: %2$s, algorithm: ES256, use: query }
            budget: 30s
            limits: { connections: 32, bytes: 8MB, entries: 2000, pages: 20, rate: 1000/s }
            types: [Patient, AllergyIntolerance, Condition, Observation]
      """;
  private static final String AGREEMENT =
      """
        - id: DSA-%1$s
          releases: %1$s
          to: [%2$s]
          purposes: [TREAT]
          roles: [R8000]
          types: [Patient, AllergyIntolerance, Condition, Observation]
          relationship: required
          valid: { from: 2021-12-01, until: 2099-11-30 }
      """;

  @TempDir static Path directory;
  private static DevPki pki;
  private static EvilPeer london;
  private static EvilPeer wessex;
  private static GatewayProcess gateway;
  private static String good;

  /** An answer to a caller, and when it was read to its end. */
  private record Finished(Instant at, Answer answer) {}

  @BeforeAll
  static void open() {
    pki = DevPki.in(directory.resolve("certs"));
    london = region("london");
    wessex = region("wessex");
    good =
        """
        version: 1
        serial: 1
        gateway: { id: ermine-east, organisation: { ods: QM7, name: Hertfordshire and West Essex }, deadline: 30s }
        regions:
          hwe:
            name: HWE Care Record
            organisation: { ods: QM7, name: Hertfordshire and West Essex }
            status: active
            asks:
              issuer: https://hwe.example.nhs.uk
              algorithm: ES256
              keys: [ { jwks: hwe.jwks.json, use: active } ]
              certificates: [ { file: hwe-client.crt } ]
        """
            + REGION.formatted("london", london.base(), "london")
            + REGION.formatted("wessex", wessex.base(), "wessex")
            + "agreements:\n"
            + AGREEMENT.formatted("london", "hwe, wessex")
            + AGREEMENT.formatted("wessex", "hwe, london");
    gateway = GatewayProcess.start(pki, good, directory, Map.of());
  }

  @AfterAll
  static void close() throws IOException {
    if (gateway != null) {
      gateway.close();
    }
    london.close();
    wessex.close();
  }

  @Test
  void isInForceEverywhereWithinSeconds() throws Exception {
    Asker doctor = gateway.asker("hwe");
    assertThat(Answer.of(doctor.search("Observation", Stories.OTHER_SUBJECT)).statuses())
        .containsEntry("london", List.of("answered"))
        .containsEntry("wessex", List.of("answered"));
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
        SSLSocket own = connection("london", 1 << 16);
        SSLSocket slow = connection("hwe", 4096)) {
      ask(own, "london", "AllergyIntolerance");
      assertThat(head(own.getInputStream())).startsWith("HTTP/1.1 200");
      ask(slow, "hwe", "Observation");
      assertThat(head(slow.getInputStream())).startsWith("HTTP/1.1 200");
      Queue<Finished> finished = new ConcurrentLinkedQueue<>();
      Instant end = Instant.now().plusSeconds(9);
      List<Future<?>> load =
          IntStream.range(0, 3)
              .<Future<?>>mapToObj(i -> callers.submit(() -> askUntil(end, finished)))
              .toList();
      Future<HttpResponse<byte[]>> underWay =
          callers.submit(() -> doctor.search("Condition", Stories.OTHER_SUBJECT));
      Thread.sleep(1_500);
      assertThat(underWay.isDone()).isFalse();

      Instant suspended = suspendLondon();
      Answer answer = Answer.of(underWay.get());
      assertThat(Instant.now()).isBefore(suspended.plus(IN_FORCE));
      assertThat(answer.statuses())
          .containsEntry("london", List.of("suspended"))
          .containsEntry("wessex", List.of("answered"));

      Thread.sleep(Duration.between(Instant.now(), suspended.plus(IN_FORCE)));
      assertThat(rest(own)).as("of the region's own connection").isLessThan(200_000);
      assertThat(rest(slow)).as("of an answer that was being read").isLessThan(LARGE.length());
      assertThat(gateway.asker("london").search("Condition", Stories.OTHER_SUBJECT).statusCode())
          .isEqualTo(403);
      assertThat(gateway.told("/q/metrics").lines())
          .contains("ermine_connections_open{region=\"london\"} 0.0");
      for (EvilPeer.Line line : london.lines()) {
        assertThat(line.isLeftWithin(1)).as("London's connection %d", line.number()).isTrue();
      }
      for (Future<?> caller : load) {
        caller.get();
      }
      assertLondonGone(finished, suspended);
    }
    assertThat(gateway.log())
        .extracting(line -> line.path("message").asText())
        .contains("an answer was cut, for trust that it rests on has ended");
    assertThat(gateway.log())
        .noneMatch(line -> line.path("message").asText().equals("a request failed"));
  }

  private static void assertLondonGone(Queue<Finished> finished, Instant suspended) {
    assertThat(finished)
        .anyMatch(each -> each.at().isBefore(suspended) && has(each.answer(), "london"));
    assertThat(finished)
        .filteredOn(each -> each.at().isAfter(suspended.plus(IN_FORCE)))
        .hasSizeGreaterThan(3)
        .allSatisfy(
            each -> {
              assertThat(has(each.answer(), "london")).isFalse();
              assertThat(has(each.answer(), "wessex")).isTrue();
              assertThat(each.answer().statuses()).containsEntry("london", List.of("suspended"));
            });
  }

  private static boolean has(Answer answer, String region) {
    return !answer.entries(region).isEmpty();
  }

  /** An asker keeps its connection; one that was cut off in the midst of an answer asks again. */
  private static void askUntil(Instant end, Queue<Finished> finished) {
    Asker doctor = gateway.asker("hwe");
    while (Instant.now().isBefore(end)) {
      try {
        var response = doctor.search("AllergyIntolerance", Stories.OTHER_SUBJECT);
        if (response.statusCode() == 200) {
          finished.add(new Finished(Instant.now(), Answer.of(response)));
        }
      } catch (java.io.UncheckedIOException cut) {
        // Nothing of a cut answer is used.
      }
    }
  }

  /** It answers at once about allergies and at length about observations; of conditions, never. */
  private static EvilPeer region(String name) {
    return new EvilPeer(
        pki.tls(name + "-server", "gateway-ca"),
        line -> {
          for (Request request = line.next(); request != null; request = line.next()) {
            String target = request.target();
            if (target.contains("/Patient")) {
              line.write(ok(searchset(PATIENT)));
            } else if (target.contains("/Observation") && name.equals("london")) {
              line.write(ok(LARGE));
            } else if (target.contains("/Condition") && name.equals("london")) {
              line.awaitClose();
            } else {
              String type = target.contains("/Condition") ? "Condition" : "AllergyIntolerance";
              type = target.contains("/Observation") ? "Observation" : type;
              line.write(ok(searchset(resource(type, 0, name.equals("london") ? 5_000 : 10))));
            }
          }
        });
  }

  private static String observation(int id) {
    return resource("Observation", id, 4_800);
  }

  private static String resource(String type, int id, int length) {
    return """
        {"resourceType":"%s","id":"x%d","%s":{"reference":"Patient/p1"},"text":{"status":"generated","div":"%s"}}"""
        .formatted(
            type,
            id,
            type.equals("AllergyIntolerance") ? "patient" : "subject",
            "x".repeat(length));
  }

  private static String searchset(String resources) {
    return "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"resource\":"
        + resources.replace("},{\"resourceType\"", "}},{\"resource\":{\"resourceType\"")
        + "}]}";
  }

  private static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: "
        + body.getBytes(UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  private static SSLSocket connection(String region, int buffer) throws IOException {
    SSLSocket socket =
        (SSLSocket) pki.tls(region + "-client", "gateway-ca").getSocketFactory().createSocket();
    socket.setReceiveBufferSize(buffer);
    socket.connect(new InetSocketAddress("localhost", gateway.base().getPort()));
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void ask(SSLSocket socket, String region, String type) throws IOException {
    String form = "patient.identifier=" + Asker.NHS_NUMBER + Stories.OTHER_SUBJECT;
    String request =
        """
        POST /fhir/%s/_search HTTP/1.1
        Host: localhost:%d
        Authorization: Bearer %s
        Content-Type: application/x-www-form-urlencoded
        Content-Length: %d

        """
                .formatted(
                    type, gateway.base().getPort(), gateway.asker(region).token(), form.length())
                .replace("\n", "\r\n")
            + form;
    socket.getOutputStream().write(request.getBytes(UTF_8));
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertThat(next).as("after %s", head).isNotNegative();
      head.append((char) next);
    }
    return head.toString();
  }

  /** How much there still is to read, until the connection ends. */
  private static long rest(SSLSocket socket) throws IOException {
    long read = 0;
    byte[] buffer = new byte[1 << 14];
    try {
      for (int n = 0; n >= 0; n = socket.getInputStream().read(buffer)) {
        read += n;
      }
    } catch (SocketException | SSLException reset) {
      return read;
    }
    return read;
  }

  /** As an editor does: beside it, then in its place. */
  private static Instant suspendLondon() throws IOException {
    int status = good.indexOf("status: active", good.indexOf("  london:\n"));
    String text =
        good.substring(0, status)
            + "status: suspended\n    public: An incident is being looked into."
            + good.substring(good.indexOf('\n', status));
    Path edited = Files.writeString(directory.resolve("edited.yaml"), text);
    Instant now = Instant.now();
    Files.move(
        edited,
        gateway.regions(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    return now;
  }
}
