package dev.ermine.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A region of one patient on loopback, over mutual TLS: it answers from bytes written beforehand,
 * as well or as badly as it is told to at the time, and counts what it is asked.
 */
final class StandIn {

  private static final String FHIR_JSON = "application/fhir+json";

  private final String id;
  private final Vertx vertx;
  private final HttpServerOptions options;
  private final LongAdder requests = new LongAdder();
  private final AtomicInteger connections = new AtomicInteger();
  private final Queue<Visit> visits = new ConcurrentLinkedQueue<>();

  private volatile HeldRecord held;
  private volatile Manner manner = Manner.WELL;
  private volatile boolean watched;
  private volatile int port;
  private @Nullable HttpServer server;

  /**
   * One request while it was watched, in nanoseconds of {@link System#nanoTime}.
   *
   * @param trace the trace that the asker's query is in
   * @param ended when the last byte was handed over, or its asker had gone
   */
  record Visit(String trace, String path, long began, long ended) {}

  StandIn(String id, Vertx vertx, HttpServerOptions options, HeldRecord held) {
    this.id = id;
    this.vertx = vertx;
    this.options = options;
    this.held = held;
    listen();
  }

  /** Its id in {@code regions.yaml}. */
  String id() {
    return id;
  }

  /** The port that it listens on, whenever it does. */
  int port() {
    return port;
  }

  /** Its FHIR base. */
  String base() {
    return "https://localhost:" + port + "/fhir";
  }

  /** Treats every request so from now on. */
  synchronized void be(Manner wanted) {
    manner = wanted;
    boolean closed = wanted instanceof Manner.Refusal;
    if (closed && server != null) {
      Waiting.on(server.close());
      server = null;
    } else if (!closed && server == null) {
      listen();
    }
  }

  /** Holds this from now on. */
  void hold(HeldRecord wanted) {
    held = wanted;
  }

  /** How many requests have come so far. */
  long requests() {
    return requests.sum();
  }

  /** How many connections are open. */
  int connections() {
    return connections.get();
  }

  /** Notes each visit from now on, or none. */
  void watch(boolean wanted) {
    watched = wanted;
  }

  /** What was noted since the last time, in the order of their ends. */
  List<Visit> visits() {
    List<Visit> noted = new java.util.ArrayList<>();
    for (Visit next = visits.poll(); next != null; next = visits.poll()) {
      noted.add(next);
    }
    return noted;
  }

  private void listen() {
    server =
        Waiting.on(
            vertx
                .createHttpServer(options)
                .connectionHandler(
                    connection -> {
                      connections.incrementAndGet();
                      connection.closeHandler(_ -> connections.decrementAndGet());
                    })
                .requestHandler(this::serve)
                .listen(port, "localhost"));
    port = server.actualPort();
  }

  private void serve(HttpServerRequest request) {
    requests.increment();
    if (watched) {
      note(request);
    }
    request.endHandler(_ -> treat(request, now(manner)));
  }

  private void note(HttpServerRequest request) {
    long began = System.nanoTime();
    String parent = request.getHeader("traceparent");
    String trace = parent == null ? "" : parent.split("-", -1)[1];
    String path = request.path();
    request
        .response()
        .endHandler(_ -> visits.add(new Visit(trace, path, began, System.nanoTime())));
  }

  private static Manner now(Manner manner) {
    return manner instanceof Manner.Flap(Manner one, Manner other)
        ? now(System.nanoTime() / 1_000_000_000L % 2 == 0 ? one : other)
        : manner;
  }

  private void treat(HttpServerRequest request, Manner now) {
    switch (now) {
      case Manner.Answer(var delay) when delay.isZero() -> answer(request);
      case Manner.Answer(var delay) -> vertx.setTimer(delay.toMillis(), _ -> answer(request));
      case Manner.Unsteady(var least, var most) ->
          vertx.setTimer(
              ThreadLocalRandom.current().nextLong(least.toMillis(), most.toMillis()),
              _ -> answer(request));
      case Manner.Drip(var between) -> drip(request, between.toMillis());
      case Manner.Silence _ -> {} // the connection stays as it is
      case Manner.Refusal _, Manner.Reset _ -> request.connection().close();
      case Manner.Failure(int status, String retryAfter) -> fail(request, status, retryAfter);
      case Manner.Flap flap -> treat(request, now(flap));
    }
  }

  private void answer(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return; // its asker waited no longer
    }
    Optional<Buffer> found = held.at(request.path());
    if (found.isPresent()) {
      response.putHeader("content-type", FHIR_JSON).end(found.get());
    } else {
      fail(request, 404, "");
    }
  }

  private void drip(HttpServerRequest request, long millis) {
    HttpServerResponse response = request.response();
    response.putHeader("content-type", FHIR_JSON).putHeader("content-length", "10000");
    vertx.setPeriodic(
        0,
        millis,
        timer -> {
          if (response.closed() || response.ended()) {
            vertx.cancelTimer(timer);
          } else {
            response.write(" ");
          }
        });
  }

  private static void fail(HttpServerRequest request, int status, String retryAfter) {
    HttpServerResponse response = request.response().setStatusCode(status);
    if (!retryAfter.isEmpty()) {
      response.putHeader("retry-after", retryAfter);
    }
    response.end();
  }
}
