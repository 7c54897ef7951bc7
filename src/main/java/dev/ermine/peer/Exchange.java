package dev.ermine.peer;

import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.Status;
import dev.ermine.trace.Span;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.RequestOptions;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request and its reply. When a kept-alive connection turns out to be stale, or to hold bytes
 * that an earlier answer left behind, or what fails may pass, it is asked once more, as far as the
 * region bears it: all requests are searches and reads, which change nothing.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2">RFC 9110: idempotent
 *     methods</a>
 */
final class Exchange {

  private final PeerClient client;
  private final PeerRequest request;
  private final Supplier<RequestOptions> options;
  private final Supplier<Span> spans;
  private final Turn.Taken turn;
  private final int limit;
  private final Allowance allowance;
  private final Promise<Reply> reply = Promise.promise();
  private @Nullable Attempt attempt;

  /**
   * An exchange that has not begun.
   *
   * @param options the request's head with a token; called for each attempt
   * @param spans called for each attempt
   * @param limit bytes of the body, at most
   */
  Exchange(
      PeerClient client,
      PeerRequest request,
      Supplier<RequestOptions> options,
      Supplier<Span> spans,
      Turn.Taken turn,
      int limit,
      Allowance allowance) {
    this.client = client;
    this.request = request;
    this.options = options;
    this.spans = spans;
    this.turn = turn;
    this.limit = limit;
    this.allowance = allowance;
  }

  Future<Reply> reply() {
    return reply.future();
  }

  void begin() {
    turn.exchange()
        .ifPresentOrElse(
            refused -> reply.tryComplete(new Reply.Failed(refused)),
            () -> attempt(client.pooled(), this::repeatOrTell));
  }

  /** A connection that failed may be one of many that have: only a new one tells. */
  private void repeatOrTell(Reply first) {
    if (!reply.future().isComplete() && turn.again(first)) {
      HttpClient connections = first instanceof Reply.Failed ? client.fresh() : client.pooled();
      attempt(connections, reply::tryComplete);
    } else {
      reply.tryComplete(first);
    }
  }

  /** Ends it now, and closes its connection. */
  void stop(Miss why) {
    reply.tryComplete(new Reply.Failed(why));
    if (attempt != null) {
      attempt.stop(why);
    }
  }

  private void attempt(HttpClient connections, Handler<Reply> told) {
    try {
      Attempt next = new Attempt(client, request.form(), limit, allowance);
      attempt = next;
      RequestOptions head = options.get();
      Span span = spans.get();
      next.reply().onSuccess(reply -> end(span, reply)).onSuccess(told);
      next.begin(connections, head.putHeader("traceparent", span.trace().header()));
    } catch (RuntimeException defect) {
      reply.tryFail(defect);
    }
  }

  private static void end(Span span, Reply reply) {
    switch (reply) {
      case Reply.Response response -> span.end(response.status());
      case Reply.Opened opened -> span.end(opened.status());
      case Reply.Failed failed -> span.end(Status.of(failed.miss()));
    }
  }
}
