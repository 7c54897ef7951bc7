package dev.ermine.peer;

import dev.ermine.federation.PeerQuestion;
import dev.ermine.fhir.BodyScanner;
import dev.ermine.fhir.Slice;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.Status;
import dev.ermine.merge.document.ByteRange;
import dev.ermine.peer.PeerCredentials.Tokens.Held;
import dev.ermine.region.Region;
import dev.ermine.trace.Span;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
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

  /** How long a region may send nothing of a document that is being read. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private final PeerQuestion question;
  private final Region.Answers answers;
  private final PeerLoop loop;
  private final PeerClient client;
  private final Turn.Taken turn;
  private final Function<HttpMethod, Span> spans;
  private final InstantSource clock;
  private final Allowance allowance;
  private final Deque<Exchange> waiting = new ArrayDeque<>();
  private final Set<Exchange> open = new LinkedHashSet<>();
  private final List<Attempt> documents = new ArrayList<>();
  private final Promise<Void> ended = Promise.promise();
  private Consumer<Miss> stopped = why -> {};
  private boolean answered;
  private @Nullable Held tokens;

  Conversation(
      PeerQuestion question,
      PeerClient client,
      Turn.Taken turn,
      Function<HttpMethod, Span> spans,
      InstantSource clock) {
    this.question = question;
    this.answers = question.region().answers().orElseThrow();
    this.loop = client.loop();
    this.client = client;
    this.turn = turn;
    this.spans = spans;
    this.clock = clock;
    this.allowance = new Allowance(answers.limits().bytes(), question.call().room());
    client.hold(this);
  }

  /** Shows these tokens from now on: nothing is asked before. */
  void show(Held held) {
    tokens = held;
  }

  /** How the region is asked, as it was declared when the question was planned. */
  Region.Answers answers() {
    return answers;
  }

  /** Ends it when its turn does, unless it has been; {@code stopped} is told why it was. */
  void endInTime(Consumer<Miss> stopped) {
    this.stopped = stopped;
    long millis = Math.max(1, turn.end().left().toMillis());
    long timer =
        loop.vertx()
            .setTimer(
                millis,
                any -> {
                  if (!answered) {
                    end();
                    stopped.accept(Faults.TIMED_OUT);
                  }
                });
    ended.future().onComplete(any -> loop.vertx().cancelTimer(timer));
  }

  /** Ends it at once; of what has been read nothing is used. */
  void cutOff() {
    stopped.accept(Faults.NOT_TRUSTED);
    end(Faults.NOT_TRUSTED);
  }

  /** Answered with a document that is on its way: it ends with that, whenever it does. */
  void endWithDocument() {
    answered = true;
    Future.join(documents.stream().map(Attempt::passed).toList()).onComplete(any -> end());
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
    documents.forEach(document -> document.stop(why));
    client.release(this);
  }

  /**
   * Asks for FHIR: what the response means, its body scanned.
   *
   * @param most entries of it that are kept
   */
  Future<Reading> read(PeerRequest request, int most) {
    return exchange(request)
        .compose(
            reply ->
                switch (reply) {
                  case Reply.Failed failed -> missing(failed.miss());
                  case Reply.Opened _ -> throw new IllegalStateException("FHIR is never opened");
                  case Reply.Response response ->
                      meaning(response)
                          .map(Future::succeededFuture)
                          .orElseGet(() -> scanned(response, most));
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
            turn,
            answers.limits().bytes(),
            allowance);
    waiting.add(exchange);
    beginNext();
    return exchange.reply();
  }

  /** Asks for a document, over a connection of its own: its body comes as it is read. */
  Future<Reply> open(PeerRequest request, Optional<ByteRange> range) {
    if (ended.future().isComplete()) {
      return Future.succeededFuture(new Reply.Failed(Faults.TIMED_OUT));
    }
    Optional<Miss> refused = turn.exchange();
    if (refused.isPresent()) {
      return Future.succeededFuture(new Reply.Failed(refused.get()));
    }
    Region.Limits limits = answers.limits();
    Attempt attempt =
        new Attempt(
            client,
            request.form(),
            limits.bytes(),
            allowance,
            new Opening(true, limits.document(), SILENCE));
    documents.add(attempt);
    RequestOptions head = head(request);
    range.ifPresent(part -> head.putHeader("Range", part.header()));
    Span span = spans.apply(request.method());
    attempt.reply().onSuccess(reply -> told(reply, span));
    attempt.begin(client.documents(), head.putHeader("traceparent", span.trace().header()));
    return attempt.reply();
  }

  private void told(Reply reply, Span span) {
    switch (reply) {
      case Reply.Opened opened -> span.end(opened.status());
      case Reply.Response response -> span.end(response.status());
      case Reply.Failed failed -> span.end(Status.of(failed.miss()));
    }
    if (!ended.future().isComplete()) {
      note(reply);
    }
  }

  private void beginNext() {
    while (open.size() < answers.limits().connections() && !waiting.isEmpty()) {
      Exchange exchange = waiting.remove();
      open.add(exchange);
      exchange.reply().onComplete(any -> finished(exchange));
      exchange.begin();
    }
  }

  private void finished(Exchange exchange) {
    open.remove(exchange);
    if (exchange.reply().succeeded() && !ended.future().isComplete()) {
      note(exchange.reply().result());
    }
    beginNext();
  }

  private void note(Reply reply) {
    turn.heard(reply);
    if (reply instanceof Reply.Response response) {
      RetryAfter.pause(response, clock.instant()).ifPresent(turn::pause);
      if (response.status() == 401) {
        tokens().refused().run();
      }
    }
  }

  private Held tokens() {
    return Objects.requireNonNull(tokens, "a conversation shows tokens");
  }

  /**
   * The request's head. Nothing of the asker's own headers is in it but the request's id; its place
   * in the trace each attempt adds for itself.
   */
  private RequestOptions head(PeerRequest request) {
    RequestOptions options =
        request
            .head()
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
  Future<Reading> scanned(Reply.Response response, int most) {
    if (!MediaType.isFhirJson(response.contentType())) {
      return missing(new Miss.Failing("its answer is not FHIR in JSON"));
    }
    Slice body = response.body();
    if (body.length() <= SCANNED_ON_LOOP) {
      return Future.succeededFuture(scan(body, most));
    }
    Promise<Reading> reading = Promise.promise();
    loop.aside(() -> scan(body, most)).onSuccess(reading::tryComplete).onFailure(reading::tryFail);
    ended.future().onComplete(any -> reading.tryComplete(new Reading.Missing(Faults.TIMED_OUT)));
    return reading.future();
  }

  private Reading scan(Slice body, int most) {
    return BodyScanner.scan(body.bytes(), body.length(), most, allowance::keep)
        .<Reading>map(Reading.Body::new)
        .orElseGet(() -> new Reading.Missing(Faults.NO_ROOM));
  }

  private static Future<Reading> missing(Miss miss) {
    return Future.succeededFuture(new Reading.Missing(miss));
  }
}
