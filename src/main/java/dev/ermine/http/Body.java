package dev.ermine.http;

import dev.ermine.federation.Room;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The reading of one request's body, counted and by a deadline: neither the server's idle timeout
 * nor its read timeout ends a body that drips. It runs on the request's event loop.
 */
final class Body {

  static final int MOST_BYTES = 256 * 1024;
  static final Duration DEADLINE = Duration.ofSeconds(10);

  private final HttpServerRequest request;
  private final Room room;
  private final Consumer<byte[]> whole;
  private final Consumer<Fault> broken;
  private final Vertx vertx;
  private final long timer;
  private final Buffer read = Buffer.buffer();
  private boolean done;

  private Body(
      Vertx vertx,
      HttpServerRequest request,
      Room room,
      Consumer<byte[]> whole,
      Consumer<Fault> broken) {
    this.vertx = vertx;
    this.request = request;
    this.room = room;
    this.whole = whole;
    this.broken = broken;
    this.timer =
        vertx.setTimer(DEADLINE.toMillis(), _ -> finish(() -> broken.accept(Fault.SLOW_BODY)));
  }

  /** Reads the body, and tells exactly one of the two, unless the client goes away. */
  static void read(
      Vertx vertx,
      HttpServerRequest request,
      Room room,
      Consumer<byte[]> whole,
      Consumer<Fault> broken) {
    String announced = request.getHeader("content-length");
    if (announced != null && Long.parseLong(announced) > MOST_BYTES) {
      broken.accept(Fault.BODY_TOO_LARGE);
      return;
    }
    new Body(vertx, request, room, whole, broken).start();
  }

  private void start() {
    request.exceptionHandler(_ -> finish(() -> {}));
    request.endHandler(_ -> finish(() -> whole.accept(read.getBytes())));
    request.handler(this::append);
    request.resume();
  }

  private void append(Buffer chunk) {
    if (done) {
      return;
    }
    if (read.length() + chunk.length() > MOST_BYTES) {
      finish(() -> broken.accept(Fault.BODY_TOO_LARGE));
      return;
    }
    if (!room.take(chunk.length(), read.length())) {
      finish(() -> broken.accept(Fault.OVERLOADED));
      return;
    }
    read.appendBuffer(chunk);
  }

  private void finish(Runnable outcome) {
    if (!done) {
      done = true;
      vertx.cancelTimer(timer);
      outcome.run();
    }
  }
}
