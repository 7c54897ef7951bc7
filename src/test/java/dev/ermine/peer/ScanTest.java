package dev.ermine.peer;

import static dev.ermine.peer.Asking.answering;
import static dev.ermine.peer.Asking.answers;
import static dev.ermine.peer.Asking.ok;
import static dev.ermine.peer.Asking.patient;
import static dev.ermine.peer.Asking.search;
import static dev.ermine.peer.Asking.searchset;
import static dev.ermine.peer.Asking.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.Deadline;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.region.Region.Limits;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.Responders;
import dev.ermine.trace.Spans;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.spi.metrics.PoolMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which thread a body is scanned on: an event loop serves many, and a large body holds it up. */
@Timeout(60)
class ScanTest {

  /** Begun on Vert.x's worker threads; bodies are all that this floor gives them. */
  private final AtomicInteger aside = new AtomicInteger();

  private final Vertx vertx =
      Vertx.builder()
          .with(
              new VertxOptions()
                  .setEventLoopPoolSize(1)
                  .setMetricsOptions(new MetricsOptions().setEnabled(true)))
          .withMetrics(any -> new Workers())
          .build();
  private final VertxPeer gateway =
      new VertxPeer(
          vertx,
          Asking.PKI.issue("gateway.example")::gateway,
          PeerCredentials.plain((question, certificate) -> () -> "a.test.token"),
          Spans.ofThisProcess(),
          Responders.silent(InstantSource.system()),
          InstantSource.system());

  private final class Workers implements VertxMetrics {
    @Override
    public @Nullable PoolMetrics<?> createPoolMetrics(String type, String name, int size) {
      return name.equals("vert.x-worker-thread") ? new Begun() : null;
    }
  }

  private final class Begun implements PoolMetrics<Integer> {
    @Override
    public Integer begin(@Nullable Integer task) {
      return aside.incrementAndGet();
    }
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @ParameterizedTest
  @CsvSource({"1_999_999, 0", "2_000_000, 0", "2_000_001, 1", "3_000_000, 1"})
  void isNoEventLoopWhereTheBodyIsLarge(String bytes, int scannedAside) throws Exception {
    String found = searchset(patient("p1"));
    String body = found + " ".repeat(Integer.parseInt(bytes.replace("_", "")) - found.length());
    try (EvilPeer peer = answering(any -> ok(body))) {
      PeerAnswer answer =
          gateway
              .ask(
                  search(with(answers(peer.base()), new Limits(8, 8_000_000, 50, 5, 1_000))),
                  Deadline.in(Duration.ofSeconds(15)))
              .toCompletableFuture()
              .get(20, TimeUnit.SECONDS);
      assertThat(answer)
          .isEqualTo(new PeerAnswer.Answered(Asking.entries(patient("p1")), Map.of()));
      assertThat(aside).hasValue(scannedAside);
    }
  }
}
