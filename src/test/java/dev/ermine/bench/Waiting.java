package dev.ermine.bench;

import io.vertx.core.Future;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the bench's own thread waits for. */
final class Waiting {

  private static final int SECONDS = 60;

  private Waiting() {}

  /** What the event loop comes to, which it does soon. */
  static <T> T on(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the bench's own server or client failed", e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** That something has come about, which it does soon. */
  static void on(CountDownLatch latch) {
    try {
      if (!latch.await(SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("what the bench waits for has not come about");
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Lets time pass. */
  static void forMillis(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while measuring", e);
  }
}
