package dev.ermine.peer;

import static dev.ermine.peer.Asking.PKI;
import static dev.ermine.peer.Asking.isLookup;
import static dev.ermine.peer.Asking.missed;
import static dev.ermine.peer.Asking.ok;
import static dev.ermine.peer.Asking.patient;
import static dev.ermine.peer.Asking.region;
import static dev.ermine.peer.Asking.search;
import static dev.ermine.peer.Asking.searchset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.Deadline;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Revocation;
import dev.ermine.region.Regions;
import dev.ermine.testing.Authority;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Request;
import dev.ermine.testing.TestPki;
import dev.ermine.trace.Spans;
import dev.ermine.trust.Revocations;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Regions whose server's certificate may be revoked. */
@Timeout(60)
class RevokedServerTest {

  private final Instant began = Instant.now();
  private static final Duration LONG = Duration.ofSeconds(40);
  private final Authority issuer = new Authority("region's authority", began);
  private final TestPki.Identity server = issuer.issue("server");
  private static final Miss NO_TLS = new Miss.Unreachable("TLS was not agreed");

  private final AtomicReference<Instant> now = new AtomicReference<>(began);
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch mayAnswer = new CountDownLatch(1);
  private final Revocations revocations = new Revocations(now::get, this::good);
  private Vertx vertx;
  private VertxPeer gateway;
  private EvilPeer peer;

  private byte[] good(URI responder, byte[] request) throws IOException {
    return issuer.responder().answer(request);
  }

  @BeforeEach
  void open() {
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    gateway =
        new VertxPeer(
            vertx,
            PKI.issue("gateway.example")::gateway,
            PeerCredentials.plain((question, certificate) -> () -> "a.test.token"),
            Spans.ofThisProcess(),
            revocations,
            now::get);
    peer =
        new EvilPeer(
            server.client(PKI.anchor()),
            line -> {
              for (Request request = line.next(); request != null; request = line.next()) {
                if (!isLookup(request)) {
                  asked.countDown();
                  await(mayAnswer);
                }
                line.write(
                    ok(searchset(isLookup(request) ? patient("p1") : Asking.condition("c"))));
              }
            });
  }

  @AfterEach
  void close() throws Exception {
    mayAnswer.countDown();
    peer.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void isAskedWhileAListInDateClearsIt() throws Exception {
    mayAnswer.countDown();
    assertThat(answer(by(issuer.list()))).isInstanceOf(PeerAnswer.Answered.class);
  }

  @Test
  void isNotConnectedToOnceItIsRevoked() throws Exception {
    assertThat(answer(by(issuer.list(server.certificate())))).isEqualTo(missed(NO_TLS));
    assertThat(peer.requests()).isEmpty();
  }

  @Test
  @DisplayName("D9: a server whose list has ended is not connected to")
  void isNotConnectedToOnceItsListHasEnded() throws Exception {
    X509CRL list = issuer.list(began.minus(Duration.ofDays(2)), began.minusSeconds(1));
    assertThat(answer(by(list))).isEqualTo(missed(NO_TLS));
    assertThat(peer.requests()).isEmpty();
  }

  @Test
  void isNotAskedOverAKeptAliveConnectionOnceItsListHasEnded() throws Exception {
    mayAnswer.countDown();
    Revocation list = by(issuer.list(began.minusSeconds(60), began.plusSeconds(60)));
    assertThat(answer(list)).isInstanceOf(PeerAnswer.Answered.class);
    int before = peer.requests().size();
    now.set(began.plusSeconds(60));
    assertThat(answer(list)).as("nor over a new one").isEqualTo(missed(NO_TLS));
    assertThat(peer.requests()).hasSize(before);
    assertThat(peer.lines().getFirst().isLeftWithin(10)).isTrue();
  }

  @Test
  void isLeftAtOnceWhenANewListRevokesIt() throws Exception {
    CompletableFuture<PeerAnswer> answer = ask(by(issuer.list()));
    await(asked);
    gateway.follow(regions(by(issuer.list(server.certificate()))));
    assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(missed(Faults.NOT_TRUSTED));
    mayAnswer.countDown();
    assertThat(peer.lines().getFirst().isLeftWithin(10)).isTrue();
  }

  @Test
  void mayEndItsAnswerWhenANewListClearsItToo() throws Exception {
    CompletableFuture<PeerAnswer> answer = ask(by(issuer.list()));
    await(asked);
    gateway.follow(regions(by(issuer.list(issuer.issue("other").certificate()))));
    mayAnswer.countDown();
    assertThat(answer.get(20, TimeUnit.SECONDS)).isInstanceOf(PeerAnswer.Answered.class);
  }

  @Test
  void isConnectedToOnceItsResponderHasSpoken() throws Exception {
    mayAnswer.countDown();
    Revocation responder =
        new Revocation(
            List.of(issuer.certificate()),
            List.of(),
            Optional.of(URI.create("http://ocsp.example")));
    assertThat(answer(responder)).isEqualTo(missed(NO_TLS));
    revocations.askResponders(regions(responder));
    assertThat(answer(responder)).isInstanceOf(PeerAnswer.Answered.class);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private PeerAnswer answer(Revocation revocation) throws Exception {
    return ask(revocation).get(20, TimeUnit.SECONDS);
  }

  private CompletableFuture<PeerAnswer> ask(Revocation revocation) {
    return gateway
        .ask(search(answers(revocation), "Condition"), Deadline.in(LONG))
        .toCompletableFuture();
  }

  private Revocation by(X509CRL list) {
    return new Revocation(
        List.of(issuer.certificate()),
        List.of(new Revocation.Crl("london.crl", list)),
        Optional.empty());
  }

  private Region.Answers answers(Revocation revocation) {
    Region.Answers a = Asking.answers(peer.base());
    return new Region.Answers(
        a.base(),
        a.documents(),
        List.of(issuer.certificate()),
        Optional.of(revocation),
        a.token(),
        a.lookup(),
        a.search(),
        a.read(),
        LONG,
        a.limits(),
        a.types());
  }

  private Regions regions(Revocation revocation) {
    return new Regions(
        2,
        "0".repeat(64),
        new Regions.Gateway("ermine-test", new Organisation("QM7", "HWE"), LONG),
        List.of(region(answers(revocation))),
        List.of(),
        List.of());
  }
}
