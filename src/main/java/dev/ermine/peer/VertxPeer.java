package dev.ermine.peer;

import static java.util.Map.entry;

import dev.ermine.federation.Deadline;
import dev.ermine.federation.Peer;
import dev.ermine.federation.PeerQuestion;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.merge.Status;
import dev.ermine.merge.document.OpenDocument;
import dev.ermine.peer.PeerCredentials.Tokens;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trace.Span;
import dev.ermine.trace.Spans;
import dev.ermine.trust.GatewayIdentity;
import dev.ermine.trust.Revocations;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The regions that speak FHIR R4 over mutual TLS.
 *
 * <p>A question is asked on one event loop, the current one where there is one, over that loop's
 * own connections. It is asked as one identity of ours, in TLS and in its tokens, which are bound
 * to the certificate. One timer ends all its exchanges at the deadline; cancelling its future ends
 * them at once.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html">FHIR R4: RESTful API</a>
 */
public final class VertxPeer implements Peer {

  private static final Logger LOG = Logger.getLogger(VertxPeer.class);

  private final VertxInternal vertx;
  private final Supplier<GatewayIdentity> inForce;
  private final PeerCredentials credentials;
  private final Spans spans;
  private final InstantSource clock;
  private final Duration open;
  private final Revocations revocations;
  private final ConcurrentMap<EventLoop, PeerLoop> loops = new ConcurrentHashMap<>();
  private volatile @Nullable Regions followed;
  private final ConcurrentMap<Counterpart, Tolerance> tolerances = new ConcurrentHashMap<>();
  private final ConcurrentMap<RegionId, Connections> connections = new ConcurrentHashMap<>();
  private final ConcurrentMap<RegionId, Documents> documents = new ConcurrentHashMap<>();

  /**
   * Peers that know us by our client certificate.
   *
   * @param vertx whose event loops they are asked on
   * @param inForce who we are to them now; looked at for each question
   * @param spans told of each question and exchange
   * @param revocations what is known of regions' certificates
   * @param clock for {@code Retry-After} dates alone
   */
  public VertxPeer(
      Vertx vertx,
      Supplier<GatewayIdentity> inForce,
      PeerCredentials credentials,
      Spans spans,
      Revocations revocations,
      InstantSource clock) {
    this(vertx, inForce, credentials, spans, revocations, clock, Breaker.OPEN);
  }

  /**
   * The same, with breakers that are open for another time.
   *
   * @param open how long a region is not asked that has failed again and again
   */
  VertxPeer(
      Vertx vertx,
      Supplier<GatewayIdentity> inForce,
      PeerCredentials credentials,
      Spans spans,
      Revocations revocations,
      InstantSource clock,
      Duration open) {
    this.vertx = (VertxInternal) vertx;
    this.inForce = inForce;
    this.credentials = credentials;
    this.spans = spans;
    this.revocations = revocations;
    this.clock = clock;
    this.open = open;
  }

  /** Runs {@code work} on one of the event loops that regions are asked on, when it has time. */
  public void soon(Runnable work) {
    currentLoop().run(work);
  }

  /** Ends its event loops, and with them whatever is under way. */
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Override
  public CompletionStage<PeerAnswer> ask(PeerQuestion question, Deadline deadline) {
    return switch (tolerance(Counterpart.of(question), question.region().answers().orElseThrow())
        .turn(deadline)) {
      case Turn.Missed(Miss why) -> CompletableFuture.completedFuture(new PeerAnswer.Missed(why));
      case Turn.Taken turn -> turn.isTrial() ? tried(question, turn) : asked(question, turn);
    };
  }

  /**
   * Asks a region that has failed again and again. Its asker waits no longer than for one that is
   * well, and to cancel what it waits for still resets the exchange; left alone, that goes on to
   * the end of its budget, and what comes then is used by nobody.
   */
  private CompletableFuture<PeerAnswer> tried(PeerQuestion question, Turn.Taken turn) {
    CompletableFuture<PeerAnswer> heard = asked(question, turn);
    CompletableFuture<PeerAnswer> answer =
        new CompletableFuture<PeerAnswer>()
            .completeOnTimeout(
                new PeerAnswer.Missed(turn.missOfTrial()),
                turn.patience().toMillis(),
                TimeUnit.MILLISECONDS);
    var _ = heard.thenAccept(said -> complete(answer, said));
    var _ = answer.whenComplete((_, _) -> stopIfCancelled(answer, heard));
    return answer;
  }

  private static void stopIfCancelled(
      CompletableFuture<PeerAnswer> answer, CompletableFuture<PeerAnswer> heard) {
    if (answer.isCancelled()) {
      heard.cancel(true);
    }
  }

  private CompletableFuture<PeerAnswer> asked(PeerQuestion question, Turn.Taken turn) {
    CompletableFuture<PeerAnswer> answer = new CompletableFuture<>();
    var _ = answer.whenComplete((said, _) -> turn.over(said));
    try {
      GatewayIdentity identity = inForce.get();
      CompletionStage<Tokens> tokens = credentials.of(question, identity.certificate(), turn.end());
      PeerLoop loop = currentLoop();
      loop.run(() -> begin(question, turn, identity, tokens, loop, answer));
    } catch (RuntimeException defect) {
      answer.complete(defective(question, defect));
    }
    return answer;
  }

  /**
   * Trusts nobody beyond these regions from now on. What is under way with another, or with one
   * that trust has to be proven to anew, is ended at once, and its connections are closed.
   */
  public void follow(Regions regions) {
    followed = regions;
    tolerances.replaceAll(
        (counterpart, known) -> counterpart.in(regions).map(known::as).orElseGet(known::anew));
    // A loop that is not among them yet sees what is followed before it asks anything.
    loops.values().forEach(loop -> loop.run(() -> loop.follow(regions)));
  }

  /**
   * Opens connections to whoever may be asked, on each event loop, and returns at once: the first
   * question after a start, a change of the regions or of our certificate finds them open.
   */
  public void warm() {
    Regions regions = followed;
    if (regions == null) {
      return;
    }
    GatewayIdentity identity = inForce.get();
    List<WarmUp.Server> servers = new ArrayList<>();
    for (Counterpart counterpart : Counterpart.all(regions)) {
      counterpart
          .in(regions)
          .map(
              answers ->
                  new WarmUp.Server(
                      counterpart,
                      answers,
                      identity,
                      connections(counterpart.region()),
                      tolerance(counterpart, answers).rate()))
          .ifPresent(servers::add);
    }
    for (EventExecutor eventLoop : vertx.getEventLoopGroup()) {
      PeerLoop loop = on((EventLoop) eventLoop);
      List<WarmUp.Server> own = List.copyOf(servers);
      loop.run(() -> loop.warm(own));
      // No server has all loops shake its hand at once.
      Collections.rotate(servers, 5);
    }
  }

  /** The count of connections to {@code region}, always the same one. */
  public Connections connections(RegionId region) {
    return connections.computeIfAbsent(region, any -> new Connections());
  }

  /** Whether {@code region} is spared now; its register, where that is spared more. */
  public Spared spared(RegionId region) {
    return tolerances(region)
        .map(tolerance -> tolerance.breaker().spared())
        .max(Spared.BY_STATE)
        .orElse(Spared.NOT);
  }

  /** How many questions to {@code region} were not asked since it had failed again and again. */
  public long unasked(RegionId region) {
    return tolerances(region).mapToLong(tolerance -> tolerance.spared().sum()).sum();
  }

  private Stream<Tolerance> tolerances(RegionId region) {
    return Stream.of(false, true)
        .map(register -> tolerances.get(new Counterpart(region, register)))
        .filter(Objects::nonNull);
  }

  private Tolerance tolerance(Counterpart asked, Region.Answers answers) {
    return tolerances.compute(
        asked,
        (counterpart, known) ->
            known == null ? Tolerance.of(counterpart, answers, open) : known.as(answers));
  }

  /** The count of documents of {@code region}, always the same one. */
  public Documents documents(RegionId region) {
    return documents.computeIfAbsent(region, any -> new Documents());
  }

  /**
   * The current event loop, or the next one. An inbound request has a context of its own, so the
   * loop and not the context is what connections belong to.
   */
  private PeerLoop currentLoop() {
    ContextInternal current = vertx.getContext();
    EventLoop eventLoop =
        current == null ? vertx.getEventLoopGroup().next() : current.nettyEventLoop();
    return on(eventLoop);
  }

  private PeerLoop on(EventLoop eventLoop) {
    return loops.computeIfAbsent(eventLoop, each -> PeerLoop.on(vertx, each, revocations));
  }

  private void begin(
      PeerQuestion question,
      Turn.Taken turn,
      GatewayIdentity identity,
      CompletionStage<Tokens> tokens,
      PeerLoop loop,
      CompletableFuture<PeerAnswer> answer) {
    if (answer.isDone()) {
      return;
    }
    try {
      Region region = question.region();
      Counterpart counterpart = Counterpart.of(question);
      Optional<Line> line = line(counterpart, region.answers().orElseThrow());
      if (line.isEmpty()) {
        answer.complete(new PeerAnswer.Missed(Faults.NOT_TRUSTED));
        return;
      }
      Span span = spans.region(question.call().trace(), region.id());
      var _ = answer.whenComplete((said, _) -> span.end(status(said)));
      Conversation conversation =
          new Conversation(
              question,
              loop.client(counterpart, line.get(), identity, connections(region.id())),
              turn,
              method -> spans.exchange(span.trace(), region.id(), method.name()),
              clock);
      var _ = answer.whenComplete((said, cancelled) -> loop.run(() -> end(conversation, said)));
      conversation.endInTime(why -> answer.complete(new PeerAnswer.Missed(why)));
      loop.told(tokens)
          .compose(told -> walk(question, conversation, told))
          .onComplete(walked -> complete(answer, outcome(question, walked)));
    } catch (RuntimeException defect) {
      answer.complete(defective(question, defect));
    }
  }

  private static void end(Conversation conversation, @Nullable PeerAnswer said) {
    if (said instanceof PeerAnswer.Document(OpenDocument _, _)) {
      conversation.endWithDocument();
    } else {
      conversation.end();
    }
  }

  /** What comes too late is let go of. */
  private static void complete(CompletableFuture<PeerAnswer> answer, PeerAnswer said) {
    if (!answer.complete(said)) {
      said.abandon();
    }
  }

  private Future<PeerAnswer> walk(PeerQuestion question, Conversation conversation, Tokens tokens) {
    return switch (tokens) {
      case Tokens.None(Miss miss) -> Future.succeededFuture(new PeerAnswer.Missed(miss));
      case Tokens.Held held -> {
        conversation.show(held);
        yield walk(question, conversation);
      }
    };
  }

  /**
   * The line to it as the regions in force have it, though the question may have been planned
   * before these were; empty when they no longer vouch for whoever was to be asked.
   */
  private Optional<Line> line(Counterpart counterpart, Region.Answers asked) {
    Regions regions = followed;
    Line planned = Line.of(asked);
    return regions == null
        ? Optional.of(planned)
        : counterpart.in(regions).filter(planned::isTrusted).map(Line::of);
  }

  private Future<PeerAnswer> walk(PeerQuestion question, Conversation conversation) {
    return switch (question) {
      case PeerQuestion.Search search -> SearchWalk.of(search, conversation).answer();
      case PeerQuestion.Read read -> new ReadWalk(read, conversation).answer();
      case PeerQuestion.Document document ->
          new DocumentWalk(document, conversation, documents(document.region().id())).answer();
      case PeerQuestion.Consents consents ->
          ConsentSearch.inRegister(conversation, consents.patient());
      case PeerQuestion.Demographics asked ->
          DemographicsWalk.answer(conversation, asked.patient());
    };
  }

  private static PeerAnswer outcome(PeerQuestion question, AsyncResult<PeerAnswer> walked) {
    return walked.succeeded() ? walked.result() : defective(question, walked.cause());
  }

  /** What is told of an answer; nobody waits any more for one that there is not. */
  private static Status status(@Nullable PeerAnswer said) {
    return switch (said) {
      case null -> Status.TIMED_OUT;
      case PeerAnswer.Missed(Miss miss) -> Status.of(miss);
      case PeerAnswer.NotMatched _, PeerAnswer.Objected _ -> Status.NOT_MATCHED;
      case PeerAnswer.Document _ -> Status.ANSWERED;
      case PeerAnswer.Answered answered ->
          answered.types().values().stream().anyMatch(TypeAnswer.Unread.class::isInstance)
              ? Status.PART_ANSWERED
              : Status.ANSWERED;
    };
  }

  private static PeerAnswer defective(PeerQuestion question, Throwable defect) {
    LOG.errorf(
        defect,
        "a region could not be asked, by a defect of the gateway",
        entry("region", question.region().id()),
        entry("requestId", question.call().id()),
        entry("traceId", question.call().trace().traceId()));
    return new PeerAnswer.Missed(new Miss.Failing("a defect of the gateway"));
  }
}
