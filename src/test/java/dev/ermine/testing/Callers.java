package dev.ermine.testing;

import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Callers at the same time, who each ask one query after another over a connection of their own
 * that is kept alive, and count honestly: what fails is not asked again.
 */
public final class Callers implements AutoCloseable {

  /**
   * A query.
   *
   * @param id its {@code X-Request-Id}, as the answer has it where there is one
   * @param status of its answer; 0 when there was none
   * @param told why there was none
   */
  public record Asked(String id, Instant began, int status, String told) {

    public boolean answered() {
      return status == 200;
    }
  }

  private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<Thread> threads;

  private Callers(
      List<Asker> askers, Function<Asker, HttpRequest.Builder> query, Duration between) {
    this.threads =
        askers.stream()
            .map(asker -> Thread.ofPlatform().start(() -> askUntilOver(asker, query, between)))
            .toList();
  }

  /**
   * Each of {@code askers} begins to ask.
   *
   * @param query a POST: the client repeats none by itself
   * @param between an answer and the next query
   */
  public static Callers start(
      Stream<Asker> askers, Function<Asker, HttpRequest.Builder> query, Duration between) {
    return new Callers(askers.toList(), query, between);
  }

  private void askUntilOver(
      Asker asker, Function<Asker, HttpRequest.Builder> query, Duration between) {
    try {
      do {
        asked.add(ask(asker, query.apply(asker)));
      } while (!over.await(between.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Asked ask(Asker asker, HttpRequest.Builder query) {
    String id = UUID.randomUUID().toString();
    Instant began = Instant.now();
    try {
      HttpResponse<byte[]> response = asker.send(query.header("X-Request-Id", id));
      String answered = response.headers().firstValue("X-Request-Id").orElse(id);
      return new Asked(answered, began, response.statusCode(), "");
    } catch (UncheckedIOException e) {
      return new Asked(id, began, 0, String.valueOf(e.getCause()));
    }
  }

  /** What has been asked and has ended so far. */
  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  /** No caller begins another query; those under way end. */
  @Override
  public void close() {
    over.countDown();
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
