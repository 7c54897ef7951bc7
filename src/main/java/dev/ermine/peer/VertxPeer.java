package dev.ermine.peer;

import static java.util.Map.entry;

import dev.ermine.federation.Deadline;
import dev.ermine.federation.Peer;
import dev.ermine.federation.PeerQuestion;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import io.netty.channel.EventLoop;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The regions that speak FHIR R4 over mutual TLS.
 *
 * <p>A question is asked on one event loop, the current one where there is one, over that loop's
 * own connections. One timer ends all its exchanges at the deadline; cancelling its future ends
 * them at once.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html">FHIR R4: RESTful API</a>
 */
public final class VertxPeer implements Peer {

  private static final Logger LOG = Logger.getLogger(VertxPeer.class);

  private final VertxInternal vertx;
  private final PemKeyCertOptions certificate;
  private final PeerCredentials credentials;
  private final InstantSource clock;
  private final ConcurrentMap<EventLoop, PeerLoop> loops = new ConcurrentHashMap<>();
  private final ConcurrentMap<RegionId, Rate> rates = new ConcurrentHashMap<>();
  private final ConcurrentMap<RegionId, Connections> connections = new ConcurrentHashMap<>();

  /**
   * Peers that know us by {@code certificate}.
   *
   * @param certificate our client certificate's chain and its key
   * @param clock for {@code Retry-After} dates alone
   */
  public VertxPeer(
      Vertx vertx,
      PemKeyCertOptions certificate,
      PeerCredentials credentials,
      InstantSource clock) {
    this.vertx = (VertxInternal) vertx;
    this.certificate = certificate.copy();
    this.credentials = credentials;
    this.clock = clock;
  }

  @Override
  public CompletionStage<PeerAnswer> ask(PeerQuestion question, Deadline deadline) {
    CompletableFuture<PeerAnswer> answer = new CompletableFuture<>();
    try {
      Supplier<String> tokens = credentials.of(question);
      PeerLoop loop = currentLoop();
      loop.run(() -> begin(question, deadline, tokens, loop, answer));
    } catch (RuntimeException defect) {
      answer.complete(defective(question, defect));
    }
    return answer;
  }

  /** The count of connections to {@code region}, always the same one. */
  public Connections connections(RegionId region) {
    return connections.computeIfAbsent(region, any -> new Connections());
  }

  /**
   * The current event loop, or the next one. An inbound request has a context of its own, so the
   * loop and not the context is what connections belong to.
   */
  private PeerLoop currentLoop() {
    ContextInternal current = vertx.getContext();
    EventLoop eventLoop =
        current == null ? vertx.getEventLoopGroup().next() : current.nettyEventLoop();
    return loops.computeIfAbsent(eventLoop, each -> PeerLoop.on(vertx, each, certificate));
  }

  private void begin(
      PeerQuestion question,
      Deadline deadline,
      Supplier<String> tokens,
      PeerLoop loop,
      CompletableFuture<PeerAnswer> answer) {
    if (answer.isDone()) {
      return;
    }
    try {
      Region region = question.region();
      Region.Answers answers = region.answers().orElseThrow();
      Conversation conversation =
          new Conversation(
              question, loop.client(region, connections(region.id())), rate(region), tokens, clock);
      var _ = answer.whenComplete((any, cancelled) -> loop.run(conversation::end));
      conversation.endAt(
          deadline.orEarlier(Deadline.in(answers.budget())),
          () -> answer.complete(new PeerAnswer.Missed(Faults.TIMED_OUT)));
      Future.succeededFuture(question)
          .compose(asked -> walk(asked, conversation))
          .onComplete(walked -> answer.complete(outcome(question, walked)));
    } catch (RuntimeException defect) {
      answer.complete(defective(question, defect));
    }
  }

  private static Future<PeerAnswer> walk(PeerQuestion question, Conversation conversation) {
    return switch (question) {
      case PeerQuestion.Search search -> SearchWalk.of(search, conversation).answer();
      case PeerQuestion.Read read -> new ReadWalk(read, conversation).answer();
      case PeerQuestion.Document document -> new DocumentWalk(document, conversation).answer();
    };
  }

  private Rate rate(Region region) {
    int perSecond = region.answers().orElseThrow().limits().rate();
    return rates.compute(
        region.id(),
        (id, rate) -> rate != null && rate.perSecond() == perSecond ? rate : new Rate(perSecond));
  }

  private static PeerAnswer outcome(PeerQuestion question, AsyncResult<PeerAnswer> walked) {
    return walked.succeeded() ? walked.result() : defective(question, walked.cause());
  }

  private static PeerAnswer defective(PeerQuestion question, Throwable defect) {
    LOG.errorf(
        defect,
        "a region could not be asked, by a defect of the gateway",
        entry("region", question.region().id()),
        entry("requestId", question.requestId()));
    return new PeerAnswer.Missed(new Miss.Failing("a defect of the gateway"));
  }
}
