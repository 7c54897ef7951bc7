package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The end of service. */
class DrainTest {

  private final Drain drain = new Drain();

  @Test
  void letsInWhileItHasOnlyBegun() {
    drain.begin();
    assertThat(drain.hasBegun()).isTrue();
    assertThat(drain.enter()).isTrue();
  }

  @Test
  void letsNobodyInOnceItIsOver() throws Exception {
    assertThat(drain.finish(Duration.ZERO)).isTrue();
    assertThat(drain.hasBegun()).isTrue();
    assertThat(drain.enter()).isFalse();
    assertThat(drain.during(() -> "begun")).isEmpty();
  }

  @Test
  void waitsForThoseInsideAndLetsNobodyIn() throws Exception {
    assertThat(drain.enter()).isTrue();
    var over = beside(() -> drain.finish(Duration.ZERO));
    awaitRefusal();
    assertThat(over.isDone()).isFalse();
    assertThat(drain.during(() -> "done for one inside")).contains("done for one inside");
    drain.leave();
    assertThat(over.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void waitsForWorkWhoseCallerHasLeft() throws Exception {
    var begun = new CountDownLatch(1);
    var enough = new CountDownLatch(1);
    assertThat(drain.enter()).isTrue();
    var done = beside(() -> drain.during(() -> work(begun, enough)));
    begun.await();
    drain.leave();
    var over = beside(() -> drain.finish(Duration.ZERO));
    awaitRefusal();
    assertThat(over.isDone()).isFalse();
    enough.countDown();
    assertThat(over.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(done.get(10, TimeUnit.SECONDS)).contains("done");
  }

  /** Whoever is let in, is let in before it is over. */
  @Test
  void isNeverOverWithSomebodyInside() throws Exception {
    for (int round = 0; round < 200; round++) {
      var each = new Drain();
      var inside = new AtomicInteger();
      var callers =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (each.enter()) {
                      inside.incrementAndGet();
                      inside.decrementAndGet();
                      each.leave();
                    }
                  });
      assertThat(each.finish(Duration.ZERO)).isTrue();
      assertThat(inside).hasValue(0);
      callers.join();
    }
  }

  private static <T> Future<T> beside(Callable<T> action) {
    var task = new FutureTask<>(action);
    Thread.startVirtualThread(task);
    return task;
  }

  private void awaitRefusal() throws InterruptedException {
    while (drain.enter()) {
      drain.leave();
      Thread.sleep(1);
    }
  }

  private static String work(CountDownLatch begun, CountDownLatch enough) {
    begun.countDown();
    try {
      enough.await();
      return "done";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
