package dev.ermine.peer;

import static dev.ermine.peer.Asking.PKI;
import static dev.ermine.peer.Asking.answering;
import static dev.ermine.peer.Asking.evil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.peer.ControlClient.Outcome;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.Responders;
import dev.ermine.testing.TestPki;
import dev.ermine.trust.GatewayIdentity;
import dev.ermine.trust.PublishedKeys.Fetched;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exchanges with addresses of a region that are no records, whatever is at the other end. */
class ControlClientTest {

  private static final int LIMIT = 64 * 1024;
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final String SET = "{\"keys\":[]}";

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final AtomicReference<GatewayIdentity> identity =
      new AtomicReference<>(PKI.issue("gateway.example").gateway());
  private final ControlClient client =
      new ControlClient(vertx, identity::get, Responders.silent(InstantSource.system()));

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void fetchesWhatIsAtAnAddressWithOurCertificateOverAConnectionOfItsOwn() throws Exception {
    Queue<X509Certificate> clients = new ConcurrentLinkedQueue<>();
    try (EvilPeer peer =
        evil(
            line -> {
              clients.add(line.client());
              line.next();
              line.write(ok(SET));
              line.awaitClose();
            })) {
      assertThat(text(fetch(peer, LONG))).isEqualTo(SET);
      X509Certificate before = identity.get().certificate();
      identity.set(PKI.issue("gateway.example").gateway());
      assertThat(text(fetch(peer, LONG))).isEqualTo(SET);
      assertThat(clients).containsExactly(before, identity.get().certificate());
      assertThat(peer.requests().getFirst().line()).isEqualTo("GET /fhir/jwks.json HTTP/1.1");
      assertThat(peer.requests().getFirst().header("Authorization")).isNull();
      assertThat(peer.requests().getFirst().header("Accept-Encoding")).isEqualTo("identity");
      for (EvilPeer.Line line : peer.lines()) {
        assertThat(line.isLeftWithin(10)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "301 Moved Permanently",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
        "204 No Content",
        "404 Not Found",
        "500 Internal Server Error"
      })
  void takesNothingButA200AndFollowsNoRedirect(String status) throws Exception {
    try (EvilPeer elsewhere = answering(request -> ok(SET));
        EvilPeer peer =
            answering(
                request ->
                    "HTTP/1.1 "
                        + status
                        + "\r\nLocation: "
                        + elsewhere.base()
                        + "\r\nContent-Length: 0\r\n\r\n")) {
      assertThat(fetch(peer, LONG))
          .isEqualTo(new Fetched.Failed("answered with status " + status.substring(0, 3)));
      assertThat(elsewhere.lines()).isEmpty();
    }
  }

  @Test
  @DisplayName("D3: a body without end is cut, and its connection closed")
  void readsNoMoreThanTheLimit() throws Exception {
    try (EvilPeer peer =
        evil(
            line -> {
              line.next();
              line.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
              String chunk = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
              while (true) {
                line.write(chunk);
              }
            })) {
      assertThat(fetch(peer, LONG))
          .isEqualTo(new Fetched.Failed("failed: more bytes than its limit allows"));
      assertThat(peer.lines().getFirst().isLeftWithin(10)).isTrue();
    }
  }

  @Test
  void readsNothingThatIsAnnouncedAsTooLargeOrCompressed() throws Exception {
    try (EvilPeer large =
            answering(request -> "HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\nx");
        EvilPeer packed =
            answering(
                request ->
                    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx")) {
      assertThat(fetch(large, LONG)).isInstanceOf(Fetched.Failed.class);
      assertThat(fetch(packed, LONG)).isInstanceOf(Fetched.Failed.class);
    }
  }

  @Test
  @DisplayName("D1: an answer that drips ends with its time, and its connection is closed")
  void endsWithItsTime() throws Exception {
    try (EvilPeer peer =
        evil(
            line -> {
              line.next();
              line.write("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n");
              while (true) {
                line.write("x");
                line.pause(50);
              }
            })) {
      assertThat(fetch(peer, Duration.ofMillis(800)))
          .isEqualTo(new Fetched.Failed("did not answer in time"));
      assertThat(peer.lines().getFirst().isLeftWithin(10)).isTrue();
    }
  }

  @Test
  @DisplayName("D2: an exchange that is cancelled closes its connection")
  void endsWhenItIsCancelled() throws Exception {
    try (EvilPeer peer =
        evil(
            line -> {
              line.next();
              line.awaitClose();
            })) {
      CompletableFuture<Outcome> outcome = client.exchange(request(peer, LONG));
      while (peer.requests().isEmpty()) {
        Thread.sleep(10);
      }
      outcome.cancel(true);
      assertThat(peer.lines().getFirst().isLeftWithin(10)).isTrue();
    }
  }

  @Test
  void asksNobodyWhoseCertificateHasAnotherAnchor() throws Exception {
    TestPki strangers = new TestPki("strangers");
    try (EvilPeer peer = answering(request -> ok(SET))) {
      Outcome outcome =
          client
              .exchange(
                  new ControlClient.Request(
                      at(peer),
                      "application/json",
                      Optional.empty(),
                      List.of(strangers.anchor()),
                      LIMIT,
                      LONG))
              .get(20, TimeUnit.SECONDS);
      assertThat(outcome).isEqualTo(new Outcome.Missed(new Miss.Unreachable("TLS was not agreed")));
      assertThat(peer.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 202, 204, 299})
  void hasDeliveredWhatIsTakenIn(int status) throws Exception {
    try (EvilPeer peer = answering(request -> status(status))) {
      assertThat(deliver(peer)).isEmpty();
      EvilPeer.Request request = peer.requests().getFirst();
      assertThat(request.line()).startsWith("POST /");
      assertThat(request.header("content-type")).isEqualTo("application/json");
      assertThat(request.body()).isEqualTo("{}");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 404, 503})
  void hasNotDeliveredWhatIsAnsweredOtherwise(int status) throws Exception {
    try (EvilPeer peer = answering(request -> status(status))) {
      assertThat(deliver(peer)).contains("answered with status " + status);
    }
  }

  private Optional<String> deliver(EvilPeer peer) throws Exception {
    return client
        .deliver(at(peer), List.of(PKI.anchor()), "{}")
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private static String status(int status) {
    return "HTTP/1.1 "
        + status
        + " Said\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n";
  }

  private Fetched fetch(EvilPeer peer, Duration timeout) throws Exception {
    return client
        .jwks(at(peer), List.of(PKI.anchor()), LIMIT, timeout)
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private static ControlClient.Request request(EvilPeer peer, Duration timeout) {
    return new ControlClient.Request(
        at(peer), "application/json", Optional.empty(), List.of(PKI.anchor()), LIMIT, timeout);
  }

  private static URI at(EvilPeer peer) {
    return URI.create(peer.base() + "/jwks.json");
  }

  private static String text(Fetched fetched) {
    return switch (fetched) {
      case Fetched.Body(var body) ->
          new String(body.bytes(), body.from(), body.length(), StandardCharsets.UTF_8);
      case Fetched.Failed(String why) -> "failed: " + why;
    };
  }

  private static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/jwk-set+json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
