package dev.ermine.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * The end of a connection whose last answer has said {@code Connection: close}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.6">RFC 9112, 9.6: Tear-down</a>
 */
final class HangUp {

  private static final Duration LINGER = Duration.ofSeconds(2);

  private HangUp() {}

  /** What follows an answer: the end of the connection, if the answer says so. */
  static Future<Void> after(RoutingContext wire) {
    boolean announced =
        wire.response().headers().contains(HttpHeaders.CONNECTION, HttpHeaders.CLOSE, true);
    return announced ? linger(wire) : Future.succeededFuture();
  }

  /**
   * Closes when the client has sent all, or has had time to read: one that is still sending when
   * the connection closes would never see the answer.
   */
  private static Future<Void> linger(RoutingContext wire) {
    HttpServerRequest request = wire.request();
    HttpConnection connection = request.connection();
    if (request.isEnded()) {
      return connection.close();
    }
    // Not cut short by the connection's close handler: that one is the server's, which counts by
    // it.
    Promise<Void> enough = Promise.promise();
    long timer = wire.vertx().setTimer(LINGER.toMillis(), _ -> enough.tryComplete());
    request.handler(_ -> {});
    request.endHandler(_ -> enough.tryComplete());
    request.resume();
    return enough
        .future()
        .compose(
            _ -> {
              wire.vertx().cancelTimer(timer);
              return connection.close();
            });
  }
}
