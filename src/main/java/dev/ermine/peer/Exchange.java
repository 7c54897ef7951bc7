package dev.ermine.peer;

import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.Status;
import dev.ermine.trace.Span;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request and its reply. When a kept-alive connection turns out to be stale, or to hold bytes
 * that an earlier answer left behind, it is asked once more on a fresh one: all requests are
 * searches and reads, which change nothing.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2">RFC 9110: idempotent
 *     methods</a>
 */
final class Exchange {

  private final PeerClient client;
  private final PeerRequest request;
  private final Supplier<RequestOptions> options;
  private final Supplier<Span> spans;
  private final Rate rate;
  private final Allowance allowance;
  private final Promise<Reply> reply = Promise.promise();
  private @Nullable Attempt attempt;

  /**
   * An exchange that has not begun.
   *
   * @param options the request's head with a token; called for each attempt
   * @param spans called for each attempt
   */
  Exchange(
      PeerClient client,
      PeerRequest request,
      Supplier<RequestOptions> options,
      Supplier<Span> spans,
      Rate rate,
      Allowance allowance) {
    this.client = client;
    this.request = request;
    this.options = options;
    this.spans = spans;
    this.rate = rate;
    this.allowance = allowance;
  }

  Future<Reply> reply() {
    return reply.future();
  }

  void begin() {
    attempt(client.pooled())
        .onSuccess(
            first -> {
              if (first instanceof Reply.Failed failed && failed.stale()) {
                again();
              } else {
                reply.tryComplete(first);
              }
            })
        .onFailure(reply::tryFail);
  }

  /** Ends it now, and closes its connection. */
  void stop(Miss why) {
    reply.tryComplete(new Reply.Failed(why));
    if (attempt != null) {
      attempt.stop(why);
    }
  }

  private void again() {
    if (!reply.future().isComplete()) {
      attempt(client.fresh()).onSuccess(reply::tryComplete).onFailure(reply::tryFail);
    }
  }

  private Future<Reply> attempt(HttpClient connections) {
    if (!rate.take()) {
      Miss spent = new Miss.Throttled(Optional.of(Duration.ofSeconds(1)));
      return Future.succeededFuture(new Reply.Failed(spent));
    }
    try {
      Attempt next =
          new Attempt(client, request.form(), client.answers().limits().bytes(), allowance);
      attempt = next;
      RequestOptions head = options.get();
      Span span = spans.get();
      next.reply().onSuccess(reply -> end(span, reply));
      next.begin(connections, head.putHeader("traceparent", span.trace().header()));
      return next.reply();
    } catch (RuntimeException defect) {
      return Future.failedFuture(defect);
    }
  }

  private static void end(Span span, Reply reply) {
    switch (reply) {
      case Reply.Response response -> span.end(response.status());
      case Reply.Failed failed -> span.end(Status.of(failed.miss()));
    }
  }
}
