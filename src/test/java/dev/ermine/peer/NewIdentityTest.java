package dev.ermine.peer;

import static dev.ermine.peer.Asking.PKI;
import static dev.ermine.peer.Asking.answers;
import static dev.ermine.peer.Asking.evil;
import static dev.ermine.peer.Asking.isLookup;
import static dev.ermine.peer.Asking.ok;
import static dev.ermine.peer.Asking.patient;
import static dev.ermine.peer.Asking.search;
import static dev.ermine.peer.Asking.searchset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.Deadline;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Request;
import dev.ermine.testing.Responders;
import dev.ermine.trace.Spans;
import dev.ermine.trust.GatewayIdentity;
import dev.ermine.trust.Thumbprints;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A client certificate that is exchanged between questions. */
class NewIdentityTest {

  private static final GatewayIdentity BEFORE = PKI.issue("gateway.example").gateway();
  private static final GatewayIdentity AFTER = PKI.issue("gateway.example").gateway();
  private static final int LOOPS = 2;

  /** A request as the peer saw it: over which connection, by whom, with which token. */
  private record Seen(int line, String client, String bearer) {}

  private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  private final AtomicReference<GatewayIdentity> inForce = new AtomicReference<>(BEFORE);
  private Vertx vertx;
  private EvilPeer region;

  /** Bound as a real one is: it names the certificate that it is given for. */
  private VertxPeer peer;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS));
    peer =
        new VertxPeer(
            vertx,
            inForce::get,
            PeerCredentials.plain(
                (question, certificate) -> () -> Thumbprints.x5tS256(certificate)),
            Spans.ofThisProcess(),
            Responders.silent(InstantSource.system()),
            InstantSource.system());
    region =
        evil(
            line -> {
              for (Request request = line.next(); request != null; request = line.next()) {
                String bearer = request.header("Authorization").substring("Bearer ".length());
                seen.add(new Seen(line.number(), Thumbprints.x5tS256(line.client()), bearer));
                line.write(ok(isLookup(request) ? searchset(patient("p1")) : searchset()));
              }
            });
  }

  @AfterEach
  void close() throws Exception {
    region.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  @DisplayName(
      "D8: after the client certificate has changed, no request goes over the old connection")
  void asksOverNewConnectionsAloneAndClosesTheOld() throws Exception {
    askOnEachLoop();
    List<EvilPeer.Line> old = region.lines();
    assertThat(old).isNotEmpty();
    seen.clear();
    inForce.set(AFTER);
    askOnEachLoop();
    assertThat(seen)
        .isNotEmpty()
        .allSatisfy(
            request -> {
              assertThat(request.client()).isEqualTo(Thumbprints.x5tS256(AFTER.certificate()));
              assertThat(request.line()).isGreaterThanOrEqualTo(old.size());
            });
    for (EvilPeer.Line line : old) {
      assertThat(line.isLeftWithin(10)).as("connection %d is closed", line.number()).isTrue();
    }
  }

  @Test
  void bindsEveryTokenToTheCertificateOfItsConnectionWhileTheyAreExchanged() throws Exception {
    askOnEachLoop();
    List<CompletableFuture<PeerAnswer>> answers = new ArrayList<>();
    for (int round = 0; round < 60; round++) {
      inForce.set(round % 2 == 0 ? AFTER : BEFORE);
      for (int i = 0; i < 3; i++) {
        answers.add(ask().toCompletableFuture());
      }
    }
    for (CompletableFuture<PeerAnswer> answer : answers) {
      assertThat(answer.get(30, TimeUnit.SECONDS)).isNotNull();
    }
    assertThat(seen).extracting(Seen::client).contains(thumbprint(BEFORE), thumbprint(AFTER));
    assertThat(seen).allMatch(request -> request.bearer().equals(request.client()));
  }

  @Test
  void endsAnAnswerOverTheConnectionThatItBeganWith() throws Exception {
    CompletableFuture<PeerAnswer> answer = ask().toCompletableFuture();
    inForce.set(AFTER);
    askOnEachLoop();
    assertThat(answer.get(30, TimeUnit.SECONDS)).isInstanceOf(PeerAnswer.Answered.class);
  }

  private static String thumbprint(GatewayIdentity identity) {
    return Thumbprints.x5tS256(identity.certificate());
  }

  private void askOnEachLoop() throws Exception {
    for (int i = 0; i < LOOPS * 2; i++) {
      assertThat(ask().toCompletableFuture().get(30, TimeUnit.SECONDS))
          .isInstanceOf(PeerAnswer.Answered.class);
    }
  }

  private CompletionStage<PeerAnswer> ask() {
    return peer.ask(
        search(answers(region.base()), "Condition"), Deadline.in(Duration.ofSeconds(20)));
  }
}
