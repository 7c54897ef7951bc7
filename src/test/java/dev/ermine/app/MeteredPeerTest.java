package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.Call;
import dev.ermine.federation.Deadline;
import dev.ermine.federation.PeerQuestion;
import dev.ermine.federation.Quality;
import dev.ermine.federation.Traceparent;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.peer.Connections;
import dev.ermine.peer.Documents;
import dev.ermine.peer.Spared;
import dev.ermine.region.Region;
import dev.ermine.testing.Given;
import dev.ermine.testing.SelfSigned;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MeteredPeerTest {

  private static final Region LONDON = Given.region("london");

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final RegionMeters regions =
      new RegionMeters(
          registry,
          region -> new Connections(),
          region -> new Spared(Spared.State.CLOSED, Duration.ZERO),
          region -> 0,
          region -> new Documents(),
          new Quality(Given.NOON));
  private final AtomicReference<java.time.Instant> now = new AtomicReference<>(Given.NOON);
  private final InstantSource clock = now::get;
  private final LastWords words = new LastWords(clock);
  private final CompletableFuture<PeerAnswer> asked = new CompletableFuture<>();

  @BeforeEach
  void follow() {
    regions.follow(
        Given.regions(SelfSigned.certificate(Given.NOON, Given.NOON.plusSeconds(9)), LONDON));
  }

  @Test
  void timesAnAnswerAndRemembersIt() {
    var _ = ask();
    assertThat(words.of(LONDON.id())).as("not asked yet").isEmpty();
    assertThat(timed()).isZero();
    asked.complete(new PeerAnswer.NotMatched());
    assertThat(timed()).isEqualTo(1);
    assertThat(said()).isEqualTo("answered 2026-11-21T12:00:00Z");
  }

  @Test
  void resetsTheExchangeOfAQuestionThatIsStopped() {
    ask().cancel(true);
    assertThat(asked).isCancelled();
    assertThat(timed()).isEqualTo(1);
    assertThat(said()).isEqualTo("timed out 2026-11-21T12:00:00Z; never answered");
  }

  @Test
  void takesNoNoticeOfAQuestionThatTheRegionWasSpared() {
    asked.complete(new PeerAnswer.Missed(new Miss.Unreachable("it has failed again and again")));
    assertThat(ask()).isCompleted();
    assertThat(timed()).isZero();
    assertThat(words.of(LONDON.id())).isEmpty();
  }

  @Test
  void remembersTheLastAnswerThroughMisses() {
    words.note(LONDON.id(), new PeerAnswer.NotMatched());
    now.set(Given.NOON.plusSeconds(60));
    words.note(LONDON.id(), new PeerAnswer.Missed(new Miss.Unreachable("no connection")));
    assertThat(said())
        .isEqualTo(
            "unreachable: no connection 2026-11-21T12:01:00Z; answered 2026-11-21T12:00:00Z");
    words.note(LONDON.id(), new PeerAnswer.NotMatched());
    assertThat(said()).isEqualTo("answered 2026-11-21T12:01:00Z");
  }

  private CompletableFuture<PeerAnswer> ask() {
    PeerQuestion question =
        new PeerQuestion.Search(
            LONDON,
            Given.gateway(),
            new Call(Given.requester("thumbprint"), "r-1", "127.0.0.1", Traceparent.fresh()),
            Given.ADA,
            List.of("Observation"),
            List.of(),
            ResultParameters.NONE,
            new PeerQuestion.Consulting.Nowhere());
    return new MeteredPeer((any, deadline) -> asked, regions, words)
        .ask(question, Deadline.in(Duration.ofSeconds(9)))
        .toCompletableFuture();
  }

  private String said() {
    return words.of(LONDON.id()).orElseThrow().toString();
  }

  private long timed() {
    return registry.get("ermine.region.asked").tag("region", "london").timer().count();
  }
}
