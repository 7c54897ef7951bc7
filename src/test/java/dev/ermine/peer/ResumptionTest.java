package dev.ermine.peer;

import static dev.ermine.peer.Asking.PKI;
import static dev.ermine.peer.Asking.missed;
import static dev.ermine.peer.Asking.patient;
import static dev.ermine.peer.Asking.response;
import static dev.ermine.peer.Asking.search;
import static dev.ermine.peer.Asking.searchset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.Deadline;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Script;
import dev.ermine.testing.Responders;
import dev.ermine.testing.TestPki;
import dev.ermine.trace.Spans;
import dev.ermine.trust.GatewayIdentity;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of TLS that a second connection to a region resumes. */
@Timeout(60)
class ResumptionTest {

  private static final GatewayIdentity US = PKI.issue("gateway.example").gateway();
  private static final GatewayIdentity US_RENEWED = PKI.issue("gateway.example").gateway();
  private static final PeerAnswer FOUND =
      new PeerAnswer.Answered(Asking.entries(patient("p1")), Map.of());

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final AtomicReference<GatewayIdentity> identity = new AtomicReference<>(US);
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final VertxPeer gateway =
      new VertxPeer(
          vertx,
          identity::get,
          PeerCredentials.plain((question, certificate) -> () -> "a.test.token"),
          Spans.ofThisProcess(),
          Responders.silent(now::get),
          now::get);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void isResumedByTheNextConnection(String protocol) throws Exception {
    try (EvilPeer peer = closing(protocol)) {
      askTimes(3, Asking.answers(peer.base()));
      assertThat(agreed(peer)).hasSize(3).containsOnly(agreed(peer).getFirst());
      assertThat(peer.lines().getLast().session().getProtocol()).isEqualTo(protocol);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void isResumedByTheConnectionThatReplacesAStaleOne(String protocol) throws Exception {
    Script stale =
        line -> {
          line.next();
          line.write(Asking.ok(searchset(patient("p1"))));
          line.next();
          line.reset();
        };
    try (EvilPeer peer = speaking(protocol, Asking.SERVER, stale)) {
      askTimes(2, Asking.answers(peer.base()));
      assertThat(agreed(peer)).hasSize(2).containsOnly(agreed(peer).getFirst());
    }
  }

  @Test
  void isNotResumedUnderOtherAnchors() throws Exception {
    try (EvilPeer peer = closing("TLSv1.3")) {
      Region.Answers before = Asking.answers(peer.base());
      askTimes(2, before);
      askTimes(1, anchored(before, List.of(PKI.anchor(), new TestPki("another").anchor())));
      assertThat(agreed(peer)).hasSize(3);
      assertThat(agreed(peer).get(1)).isEqualTo(agreed(peer).get(0));
      assertThat(agreed(peer).get(2)).isNotEqualTo(agreed(peer).get(0));
    }
  }

  @Test
  void isOfNoUseOnceItsAnchorsAreWithdrawn() throws Exception {
    try (EvilPeer peer = closing("TLSv1.3")) {
      Region.Answers before = Asking.answers(peer.base());
      askTimes(2, before);
      assertThat(ask(anchored(before, List.of(new TestPki("another").anchor()))))
          .isEqualTo(missed(new PeerAnswer.Miss.Unreachable("TLS was not agreed")));
      assertThat(peer.requests()).hasSize(2);
    }
  }

  @Test
  void isNotResumedAsSomebodyElse() throws Exception {
    try (EvilPeer peer = closing("TLSv1.3")) {
      askTimes(1, Asking.answers(peer.base()));
      identity.set(US_RENEWED);
      askTimes(1, Asking.answers(peer.base()));
      assertThat(peer.lines().getLast().client()).isEqualTo(US_RENEWED.certificate());
      assertThat(agreed(peer)).doesNotHaveDuplicates();
    }
  }

  /** The trust manager is not asked when a session is resumed. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void isOfNoUseOnceTheServersCertificateHasExpired(String protocol) throws Exception {
    TestPki.Identity server =
        PKI.issue("localhost", Instant.now().minusSeconds(60), Instant.now().plusSeconds(3600));
    try (EvilPeer peer = speaking(protocol, server, CLOSING)) {
      askTimes(2, Asking.answers(peer.base()));
      now.set(server.certificate().getNotAfter().toInstant().plusSeconds(1));
      assertThat(ask(Asking.answers(peer.base()))).isEqualTo(missed(Faults.NOT_TRUSTED));
      assertThat(peer.requests()).hasSize(2);
      awaitNone();
      now.set(Instant.now());
      askTimes(1, Asking.answers(peer.base()));
      assertThat(agreed(peer).getLast())
          .as("agreed anew, for the server may have another certificate by then")
          .isNotEqualTo(agreed(peer).getFirst());
    }
  }

  @Test
  void isNoReasonToAskOverAKeptConnectionOnceTheServersCertificateHasExpired() throws Exception {
    TestPki.Identity server =
        PKI.issue("localhost", Instant.now().minusSeconds(60), Instant.now().plusSeconds(3600));
    Script keeping = Script.answering(any -> Asking.ok(searchset(patient("p1"))));
    try (EvilPeer peer = speaking("TLSv1.3", server, keeping)) {
      askTimes(2, Asking.answers(peer.base()));
      assertThat(peer.lines()).hasSize(1);
      now.set(server.certificate().getNotAfter().toInstant().plusSeconds(1));
      assertThat(ask(Asking.answers(peer.base()))).isEqualTo(missed(Faults.NOT_TRUSTED));
      assertThat(peer.requests()).hasSize(2);
      assertThat(peer.lines().getFirst().isLeftWithin(10)).isTrue();
      assertThat(peer.lines()).as("one more, which might show another").hasSize(2);
      assertThat(peer.lines().getLast().isLeftWithin(10)).isTrue();
      assertThat(agreed(peer)).as("agreed anew").doesNotHaveDuplicates();
    }
  }

  private static final Script CLOSING =
      line -> {
        line.next();
        line.write(response("200 OK", searchset(patient("p1")), "Connection: close"));
      };

  /** A peer that serves one request over each connection. */
  private static EvilPeer closing(String protocol) {
    return speaking(protocol, Asking.SERVER, CLOSING);
  }

  private static EvilPeer speaking(String protocol, TestPki.Identity server, Script script) {
    return new EvilPeer(
        PKI.server(server),
        parameters -> {
          parameters.setProtocols(new String[] {protocol});
          return parameters;
        },
        script);
  }

  private static Region.Answers anchored(
      Region.Answers a, List<java.security.cert.X509Certificate> anchors) {
    return new Region.Answers(
        a.base(),
        a.documents(),
        anchors,
        a.revocation(),
        a.token(),
        a.lookup(),
        a.search(),
        a.read(),
        a.budget(),
        a.limits(),
        a.types());
  }

  /** When the session of each connection was agreed: a resumed one keeps its time. */
  private static List<Long> agreed(EvilPeer peer) throws IOException {
    List<Long> times = new java.util.ArrayList<>();
    for (EvilPeer.Line line : peer.lines()) {
      times.add(line.session().getCreationTime());
    }
    return times;
  }

  private void awaitNone() throws InterruptedException {
    Connections connections = gateway.connections(new RegionId("london"));
    for (int i = 0; connections.open() > 0; i++) {
      assertThat(i).as("connections are still counted").isLessThan(500);
      Thread.sleep(10);
    }
  }

  private void askTimes(int times, Region.Answers answers) throws Exception {
    for (int i = 0; i < times; i++) {
      Thread.sleep(5); // so that no two sessions are agreed within one tick of the clock
      assertThat(ask(answers)).isEqualTo(FOUND);
    }
  }

  private PeerAnswer ask(Region.Answers answers) throws Exception {
    return gateway
        .ask(search(answers), Deadline.in(Duration.ofSeconds(15)))
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }
}
