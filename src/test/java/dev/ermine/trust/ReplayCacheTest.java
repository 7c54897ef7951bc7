package dev.ermine.trust;

import static dev.ermine.trust.World.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.trust.ReplayCache.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ReplayCacheTest {

  private final World.Clock clock = new World.Clock();

  @Test
  void knowsATokenByIssuerAndId() {
    ReplayCache cache = new ReplayCache(clock);
    assertThat(use(cache, "hwe", "id-1")).isEqualTo(Outcome.FIRST_USE);
    assertThat(use(cache, "hwe", "id-1")).isEqualTo(Outcome.REPLAYED);
    assertThat(use(cache, "london", "id-1")).isEqualTo(Outcome.FIRST_USE);
    assertThat(use(cache, "hwe", "id-2")).isEqualTo(Outcome.FIRST_USE);
  }

  @Test
  void letsOneOfManyThreadsBeFirst() throws Exception {
    ReplayCache cache = new ReplayCache(clock);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 200; round++) {
        String id = "id-" + round;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Outcome>> uses = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          uses.add(
              threads.submit(
                  () -> {
                    start.await();
                    return use(cache, "hwe", id);
                  }));
        }
        start.countDown();
        List<Outcome> outcomes = new ArrayList<>();
        for (Future<Outcome> use : uses) {
          outcomes.add(use.get());
        }
        assertThat(outcomes).containsOnlyOnce(Outcome.FIRST_USE);
      }
    }
  }

  @Test
  void refusesRatherThanForgetOneThatLives() {
    ReplayCache cache = new ReplayCache(clock, 3);
    for (int i = 0; i < 3; i++) {
      assertThat(use(cache, "hwe", "id-" + i)).isEqualTo(Outcome.FIRST_USE);
    }
    assertThat(use(cache, "hwe", "id-3")).isEqualTo(Outcome.FULL);
    for (int i = 0; i < 3; i++) {
      assertThat(use(cache, "hwe", "id-" + i)).isEqualTo(Outcome.REPLAYED);
    }
  }

  @Test
  void hasRoomAgainWhenTokensHaveExpired() {
    ReplayCache cache = new ReplayCache(clock, 3);
    for (int i = 0; i < 3; i++) {
      use(cache, "hwe", "id-" + i);
    }
    clock.forward(Duration.ofSeconds(335));
    assertThat(cache.use("hwe", "id-3", clock.instant().plusSeconds(330)))
        .isEqualTo(Outcome.FIRST_USE);
  }

  private static Outcome use(ReplayCache cache, String issuer, String id) {
    return cache.use(issuer, id, NOW.plusSeconds(330));
  }
}
