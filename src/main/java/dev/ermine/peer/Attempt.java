package dev.ermine.peer;

import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.region.Region.Wire.Protocol;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request on one connection. Whatever ends it but a whole response resets it, and with it
 * the connection, unless others share that.
 */
final class Attempt {

  /** Interim responses ({@code 1xx}) at most. */
  private static final int INTERIM = 8;

  private final Carrier carrier;
  private final Optional<String> form;
  private final int limit;
  private final Allowance allowance;
  private final Promise<Reply> reply = Promise.promise();
  private final Opening opening;
  private @Nullable HttpClientRequest request;
  private @Nullable BodyBytes body;
  private @Nullable DocumentBytes document;
  private boolean heard;
  private boolean begun;
  private int interim;

  /**
   * An attempt that has not begun.
   *
   * @param limit bytes of the body, at most
   */
  Attempt(Carrier carrier, Optional<String> form, int limit, Allowance allowance) {
    this(carrier, form, limit, allowance, Opening.NONE);
  }

  /** The same, of which a document is not held but passed on. */
  Attempt(Carrier carrier, Optional<String> form, int limit, Allowance allowance, Opening opening) {
    this.opening = opening;
    this.carrier = carrier;
    this.form = form;
    this.limit = limit;
    this.allowance = allowance;
  }

  Future<Reply> reply() {
    return reply.future();
  }

  /** Completes when no document is on its way here. */
  Future<Void> passed() {
    return document == null ? Future.succeededFuture() : document.over();
  }

  void begin(HttpClient connections, RequestOptions options) {
    Future<HttpClientRequest> connecting = connections.request(options);
    carrier.connections().awaited();
    connecting.onComplete(this::connected);
  }

  /** Ends it now. The connection is closed, or will be as soon as there is one. */
  void stop(Miss why) {
    fail(new Reply.Failed(why));
    if (document != null) {
      document.cut(why);
    }
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
    if (!carrier.isStillTrusted(request.connection())) {
      carrier.forgetSessions();
      // It may have another certificate by now, which a new connection shows.
      refuse(new Reply.Failed(Faults.NOT_TRUSTED, true));
      return;
    }
    if (carrier.wire().protocol() == Protocol.HTTP_2 && request.version() != HttpVersion.HTTP_2) {
      refuse(new Reply.Failed(Faults.NO_HTTP_2));
      return;
    }
    carrier.connections().taken();
    reply.future().onComplete(any -> carrier.connections().givenBack());
    request.continueHandler(any -> interim());
    request.earlyHintsHandler(any -> interim());
    request.response().onComplete(this::begun);
    carrier.wire().firstByte().ifPresent(this::expectHead);
    if (form.isPresent()) {
      request.end(Buffer.buffer(form.get()));
    } else {
      request.end();
    }
  }

  /** Sends nothing over the connection, and closes it. */
  private void refuse(Reply.Failed why) {
    if (request != null) {
      request.connection().close();
    }
    fail(why);
  }

  private void expectHead(Duration within) {
    Vertx vertx = carrier.loop().vertx();
    long timer =
        vertx.setTimer(
            Math.max(1, within.toMillis()),
            any -> {
              if (!begun) {
                fail(new Reply.Failed(Faults.TIMED_OUT));
              }
            });
    reply.future().onComplete(any -> vertx.cancelTimer(timer));
  }

  private void interim() {
    heard = true;
    if (++interim > INTERIM && request != null) {
      // Over HTTP/2 too: what follows would cost as much after a reset of this one alone.
      request.connection().close();
      fail(new Reply.Failed(new Miss.Failing("too many interim responses")));
    }
  }

  private void begun(AsyncResult<HttpClientResponse> response) {
    if (response.failed()) {
      broken(response.cause());
    } else if (!reply.future().isComplete()) {
      heard = true;
      begun = true;
      receive(response.result());
    }
  }

  private void receive(HttpClientResponse response) {
    long announced = announced(response.headers());
    if (opening.isFor(response)) {
      open(response, announced);
    } else if (announced > limit) {
      fail(new Reply.Failed(Faults.TOO_LARGE));
    } else if (!isIdentity(response.headers())) {
      fail(new Reply.Failed(new Miss.Failing("compressed, which was not asked for")));
    } else {
      BodyBytes bytes = new BodyBytes(announced, limit, allowance);
      body = bytes;
      response.exceptionHandler(this::broken);
      response.handler(chunk -> add(chunk, bytes));
      response.endHandler(any -> whole(response, bytes));
    }
  }

  /** What follows is read by whoever has the reply; the connection is theirs until then. */
  private void open(HttpClientResponse response, long announced) {
    Optional<Miss> fault = opening.faultOf(response, announced);
    if (fault.isPresent()) {
      fail(new Reply.Failed(fault.get()));
    } else if (!isIdentity(response.headers())) {
      fail(new Reply.Failed(new Miss.Failing("compressed, which was not asked for")));
    } else {
      DocumentBytes bytes = opening.bytes(carrier.loop(), response, announced);
      document = bytes;
      response.pause();
      response.exceptionHandler(this::broken);
      bytes.over().onComplete(any -> letGo());
      bytes.begin();
      reply.tryComplete(opening.opened(response, bytes));
    }
  }

  /** Its connection is used for nothing else: it is closed, with whatever still was on its way. */
  private void letGo() {
    if (request != null) {
      request.reset();
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
    if (!reply.future().isComplete()) {
      body.add(chunk).ifPresent(refused -> fail(new Reply.Failed(refused)));
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
    if (document != null) {
      document.cut(miss);
    }
    boolean reused = request != null && carrier.isReused(request.connection());
    fail(new Reply.Failed(miss, reused && !heard && !Faults.isReset(fault)));
  }

  private void fail(Reply.Failed failure) {
    if (reply.future().isComplete()) {
      return;
    }
    if (body != null) {
      body.drop();
    }
    reply.complete(failure);
    if (request != null) {
      request.reset();
    }
  }
}
