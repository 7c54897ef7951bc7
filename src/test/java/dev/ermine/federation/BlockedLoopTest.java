package dev.ermine.federation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.ResultParameters;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.peer.PeerCredentials.Tokens;
import dev.ermine.peer.VertxPeer;
import dev.ermine.region.Region;
import dev.ermine.testing.Given;
import dev.ermine.testing.Responders;
import dev.ermine.testing.TestPki;
import dev.ermine.trace.Spans;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Questions that no event loop gets to, for something blocks it. */
@Timeout(30)
class BlockedLoopTest {

  private static final Duration LONG = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final AtomicInteger exchanges = new AtomicInteger();
  private final VertxPeer peer =
      new VertxPeer(
          vertx,
          new TestPki("test authority").issue("gateway.example")::gateway,
          (_, _, _) -> CompletableFuture.completedFuture(new Tokens.Held(this::token, () -> {})),
          Spans.ofThisProcess(),
          Responders.silent(InstantSource.system()),
          InstantSource.system());

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private String token() {
    exchanges.incrementAndGet();
    return "a.test.token";
  }

  @Test
  void endAtTheirDeadlineAndAreNotAskedAfterIt() throws Exception {
    CountDownLatch free = new CountDownLatch(1);
    onLoop(() -> await(free));
    Fanout.Timed answer = new Fanout(peer).ask(List.of(question()), in(300)).getFirst();
    assertThat(answer.answer()).isEqualTo(new PeerAnswer.Missed(new PeerAnswer.Miss.TimedOut()));
    assertThat(answer.took()).isLessThan(Duration.ofSeconds(5));
    free.countDown();
    awaitLoop();
    assertThat(exchanges).as("nobody waits for them any more").hasValue(0);

    new Fanout(peer).ask(List.of(question()), in(3_000));
    assertThat(exchanges).as("the next one is asked").hasPositiveValue();
  }

  private void onLoop(Runnable what) {
    vertx.getOrCreateContext().runOnContext(_ -> what.run());
  }

  private void awaitLoop() {
    CountDownLatch reached = new CountDownLatch(1);
    onLoop(reached::countDown);
    await(reached);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Deadline in(int millis) {
    return Deadline.in(Duration.ofMillis(millis));
  }

  private static PeerQuestion question() {
    return new PeerQuestion.Search(
        Given.region("localhost", Region.Status.ACTIVE, LONG),
        Given.gateway(),
        new Call(Given.requester("thumbprint"), "request-1", "127.0.0.1", Traceparent.fresh()),
        Given.ADA,
        List.of("Observation"),
        List.of(),
        ResultParameters.NONE,
        new PeerQuestion.Consulting.Nowhere());
  }
}
