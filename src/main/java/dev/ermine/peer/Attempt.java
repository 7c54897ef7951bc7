package dev.ermine.peer;

import dev.ermine.merge.PeerAnswer.Miss;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request on one connection. Whatever ends it but a whole response resets it, and with it
 * the connection.
 */
final class Attempt {

  /** Interim responses ({@code 1xx}) at most. */
  private static final int INTERIM = 8;

  private final Carrier carrier;
  private final Optional<String> form;
  private final int limit;
  private final Allowance allowance;
  private final Promise<Reply> reply = Promise.promise();
  private @Nullable HttpClientRequest request;
  private boolean heard;
  private int interim;

  /**
   * An attempt that has not begun.
   *
   * @param limit bytes of the body, at most
   */
  Attempt(Carrier carrier, Optional<String> form, int limit, Allowance allowance) {
    this.carrier = carrier;
    this.form = form;
    this.limit = limit;
    this.allowance = allowance;
  }

  Future<Reply> reply() {
    return reply.future();
  }

  void begin(HttpClient connections, RequestOptions options) {
    Future<HttpClientRequest> connecting = connections.request(options);
    carrier.connections().awaited();
    connecting.onComplete(this::connected);
  }

  /** Ends it now. The connection is closed, or will be as soon as there is one. */
  void stop(Miss why) {
    fail(new Reply.Failed(why));
  }

  private void connected(AsyncResult<HttpClientRequest> connection) {
    carrier.connections().awaitedNoMore();
    if (connection.failed()) {
      fail(new Reply.Failed(Faults.connecting(connection.cause())));
      return;
    }
    request = connection.result();
    // Before anything else: Vert.x logs as an error what nobody handles, our own reset too.
    request.exceptionHandler(this::broken);
    if (reply.future().isComplete()) {
      request.reset();
      return;
    }
    if (!carrier.isUnrevoked(request.connection())) {
      request.connection().close();
      fail(new Reply.Failed(Faults.NOT_TRUSTED));
      return;
    }
    carrier.connections().taken();
    reply.future().onComplete(any -> carrier.connections().givenBack());
    request.continueHandler(any -> interim());
    request.earlyHintsHandler(any -> interim());
    request.response().onComplete(this::begun);
    if (form.isPresent()) {
      request.end(Buffer.buffer(form.get()));
    } else {
      request.end();
    }
  }

  private void interim() {
    heard = true;
    if (++interim > INTERIM) {
      fail(new Reply.Failed(new Miss.Failing("too many interim responses")));
    }
  }

  private void begun(AsyncResult<HttpClientResponse> response) {
    if (response.failed()) {
      broken(response.cause());
    } else if (!reply.future().isComplete()) {
      heard = true;
      receive(response.result());
    }
  }

  private void receive(HttpClientResponse response) {
    long announced = announced(response.headers());
    if (announced > limit) {
      fail(new Reply.Failed(Faults.TOO_LARGE));
    } else if (!isIdentity(response.headers())) {
      fail(new Reply.Failed(new Miss.Failing("compressed, which was not asked for")));
    } else {
      BodyBytes body = new BodyBytes(announced, limit);
      response.exceptionHandler(this::broken);
      response.handler(chunk -> add(chunk, body));
      response.endHandler(any -> whole(response, body));
    }
  }

  /** Beyond nineteen digits it is more than any limit; anything odd Netty has refused. */
  private static long announced(MultiMap headers) {
    String length = headers.get(HttpHeaders.CONTENT_LENGTH);
    if (length == null || !length.matches("[0-9]{1,18}")) {
      return length == null ? -1 : Long.MAX_VALUE;
    }
    return Long.parseLong(length);
  }

  private static boolean isIdentity(MultiMap headers) {
    return headers.getAll(HttpHeaders.CONTENT_ENCODING).stream()
        .allMatch(coding -> coding.isBlank() || coding.strip().equalsIgnoreCase("identity"));
  }

  private void add(Buffer chunk, BodyBytes body) {
    if (!reply.future().isComplete() && !(body.add(chunk) && allowance.take(chunk.length()))) {
      fail(new Reply.Failed(Faults.TOO_LARGE));
    }
  }

  /**
   * Vert.x takes the connection back only after this, and may then lend it to another: it is no
   * longer ours to reset, and what follows on this answer can have it a turn later.
   */
  private void whole(HttpClientResponse response, BodyBytes body) {
    MultiMap headers = response.headers();
    carrier.hasServed(response.request().connection());
    request = null;
    Reply whole =
        new Reply.Response(
            response.statusCode(),
            Optional.ofNullable(headers.get(HttpHeaders.CONTENT_TYPE)),
            Optional.ofNullable(headers.get(HttpHeaders.RETRY_AFTER)),
            Optional.ofNullable(headers.get("X-Security-Context")),
            body.slice());
    carrier.loop().run(() -> reply.tryComplete(whole));
  }

  private void broken(Throwable fault) {
    Miss miss = heard ? Faults.receiving(fault) : Faults.awaiting(fault);
    boolean reused = request != null && carrier.isReused(request.connection());
    fail(new Reply.Failed(miss, reused && !heard));
  }

  private void fail(Reply.Failed failure) {
    if (reply.tryComplete(failure) && request != null) {
      request.reset();
    }
  }
}
