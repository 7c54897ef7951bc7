package dev.ermine.peer;

import dev.ermine.federation.Deadline;
import dev.ermine.federation.PeerQuestion;
import dev.ermine.fhir.BodyScanner;
import dev.ermine.fhir.Slice;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.peer.PeerCredentials.Tokens.Held;
import dev.ermine.region.Region;
import dev.ermine.trace.Span;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All exchanges about one question with one region: no more at once than it has connections, all
 * ended by one timer. Confined to its event loop.
 */
final class Conversation {

  /** Larger bodies are scanned off the event loop, which others share. */
  private static final int SCANNED_ON_LOOP = 2_000_000;

  private final PeerQuestion question;
  private final PeerLoop loop;
  private final PeerClient client;
  private final Rate rate;
  private final Function<HttpMethod, Span> spans;
  private final InstantSource clock;
  private final Allowance allowance;
  private final Deque<Exchange> waiting = new ArrayDeque<>();
  private final Set<Exchange> open = new LinkedHashSet<>();
  private final Promise<Void> ended = Promise.promise();
  private Consumer<Miss> stopped = why -> {};
  private @Nullable Held tokens;

  Conversation(
      PeerQuestion question,
      PeerClient client,
      Rate rate,
      Function<HttpMethod, Span> spans,
      InstantSource clock) {
    this.question = question;
    this.loop = client.loop();
    this.client = client;
    this.rate = rate;
    this.spans = spans;
    this.clock = clock;
    this.allowance = new Allowance(client.answers().limits().bytes());
    client.hold(this);
  }

  /** Shows these tokens from now on: nothing is asked before. */
  void show(Held held) {
    tokens = held;
  }

  Region.Answers answers() {
    return client.answers();
  }

  /** Ends it at {@code deadline}, unless it has been; {@code stopped} is told why it was. */
  void endAt(Deadline deadline, Consumer<Miss> stopped) {
    this.stopped = stopped;
    long millis = Math.max(1, deadline.left().toMillis());
    long timer =
        loop.vertx()
            .setTimer(
                millis,
                any -> {
                  end();
                  stopped.accept(Faults.TIMED_OUT);
                });
    ended.future().onComplete(any -> loop.vertx().cancelTimer(timer));
  }

  /** Ends it at once; of what has been read nothing is used. */
  void cutOff() {
    stopped.accept(Faults.NOT_TRUSTED);
    end(Faults.NOT_TRUSTED);
  }

  /** Ends it, answered or given up. */
  void end() {
    end(Faults.TIMED_OUT);
  }

  private void end(Miss why) {
    if (ended.future().isComplete()) {
      return;
    }
    ended.complete();
    List<Exchange> left = new java.util.ArrayList<>(open);
    left.addAll(waiting);
    waiting.clear();
    left.forEach(exchange -> exchange.stop(why));
    client.release(this);
  }

  /** Asks for FHIR: what the response means, its body scanned. */
  Future<Reading> read(PeerRequest request) {
    return exchange(request)
        .compose(
            reply ->
                switch (reply) {
                  case Reply.Failed failed -> missing(failed.miss());
                  case Reply.Response response ->
                      meaning(response)
                          .map(Future::succeededFuture)
                          .orElseGet(() -> scanned(response));
                });
  }

  /** What a response's status says; empty for 200. */
  Optional<Reading> meaning(Reply.Response response) {
    return Reading.ofStatus(response, clock.instant());
  }

  /** Asks, as soon as a connection is free. */
  Future<Reply> exchange(PeerRequest request) {
    if (ended.future().isComplete()) {
      return Future.succeededFuture(new Reply.Failed(Faults.TIMED_OUT));
    }
    Exchange exchange =
        new Exchange(
            client,
            request,
            () -> head(request),
            () -> spans.apply(request.method()),
            rate,
            allowance);
    waiting.add(exchange);
    beginNext();
    return exchange.reply();
  }

  private void beginNext() {
    while (open.size() < answers().limits().connections() && !waiting.isEmpty()) {
      Exchange exchange = waiting.remove();
      open.add(exchange);
      exchange.reply().onComplete(any -> finished(exchange));
      exchange.begin();
    }
  }

  private void finished(Exchange exchange) {
    open.remove(exchange);
    if (exchange.reply().result() instanceof Reply.Response response && response.status() == 401) {
      tokens().refused().run();
    }
    beginNext();
  }

  private Held tokens() {
    return Objects.requireNonNull(tokens, "a conversation shows tokens");
  }

  /**
   * The request's head. Nothing of the asker's own headers is in it but the request's id; its place
   * in the trace each attempt adds for itself.
   */
  private RequestOptions head(PeerRequest request) {
    int port = request.uri().getPort();
    RequestOptions options =
        new RequestOptions()
            .setMethod(request.method())
            .setSsl(true)
            .setHost(request.uri().getHost())
            .setPort(port < 0 ? 443 : port)
            .setURI(request.target())
            .setFollowRedirects(false)
            .putHeader(HttpHeaders.ACCEPT, request.accept())
            .putHeader(HttpHeaders.ACCEPT_ENCODING, "identity")
            .putHeader("Prefer", "handling=lenient")
            .putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + tokens().next().get());
    if (request.form().isPresent()) {
      options.putHeader(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    return question instanceof PeerQuestion.Demographics asked
        ? DemographicsWalk.identified(options, asked)
        : options.putHeader("X-Request-Id", question.call().id());
  }

  /** Reads the body of a response whose status says that it has one. */
  Future<Reading> scanned(Reply.Response response) {
    if (!MediaType.isFhirJson(response.contentType())) {
      return missing(new Miss.Failing("its answer is not FHIR in JSON"));
    }
    Slice body = response.body();
    if (body.length() <= SCANNED_ON_LOOP) {
      return Future.succeededFuture(scan(body));
    }
    Promise<Reading> reading = Promise.promise();
    loop.aside(() -> scan(body)).onSuccess(reading::tryComplete).onFailure(reading::tryFail);
    ended.future().onComplete(any -> reading.tryComplete(new Reading.Missing(Faults.TIMED_OUT)));
    return reading.future();
  }

  private static Reading scan(Slice body) {
    return new Reading.Body(BodyScanner.scan(body.bytes(), body.length()));
  }

  private static Future<Reading> missing(Miss miss) {
    return Future.succeededFuture(new Reading.Missing(miss));
  }
}
