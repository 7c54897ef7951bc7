package dev.ermine.peer;

import dev.ermine.federation.Deadline;
import dev.ermine.federation.Peer;
import dev.ermine.federation.PeerQuestion;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.trust.GatewayIdentity;
import io.netty.channel.EventLoop;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
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
  private final InstantSource clock;
  private final ConcurrentMap<EventLoop, PeerLoop> loops = new ConcurrentHashMap<>();
  private final ConcurrentMap<RegionId, Rate> rates = new ConcurrentHashMap<>();

  /**
   * Peers that know us by our client certificate.
   *
   * @param inForce who we are to them now; looked at for each question
   * @param clock for {@code Retry-After} dates alone
   */
  public VertxPeer(
      Vertx vertx,
      Supplier<GatewayIdentity> inForce,
      PeerCredentials credentials,
      InstantSource clock) {
    this.vertx = (VertxInternal) vertx;
    this.inForce = inForce;
    this.credentials = credentials;
    this.clock = clock;
  }

  @Override
  public CompletionStage<PeerAnswer> ask(PeerQuestion question, Deadline deadline) {
    CompletableFuture<PeerAnswer> answer = new CompletableFuture<>();
    try {
      GatewayIdentity identity = inForce.get();
      Supplier<String> tokens = credentials.of(question, identity.certificate());
      PeerLoop loop = currentLoop();
      loop.run(() -> begin(question, deadline, identity, tokens, loop, answer));
    } catch (RuntimeException defect) {
      answer.complete(defective(defect));
    }
    return answer;
  }

  /**
   * The current event loop, or the next one. An inbound request has a context of its own, so the
   * loop and not the context is what connections belong to.
   */
  private PeerLoop currentLoop() {
    ContextInternal current = vertx.getContext();
    EventLoop eventLoop =
        current == null ? vertx.getEventLoopGroup().next() : current.nettyEventLoop();
    return loops.computeIfAbsent(eventLoop, each -> PeerLoop.on(vertx, each));
  }

  private void begin(
      PeerQuestion question,
      Deadline deadline,
      GatewayIdentity identity,
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
          new Conversation(question, loop.client(region, identity), rate(region), tokens, clock);
      var _ = answer.whenComplete((any, cancelled) -> loop.run(conversation::end));
      conversation.endAt(
          deadline.orEarlier(Deadline.in(answers.budget())),
          () -> answer.complete(new PeerAnswer.Missed(Faults.TIMED_OUT)));
      Future.succeededFuture(question)
          .compose(asked -> walk(asked, conversation))
          .onComplete(walked -> answer.complete(outcome(walked)));
    } catch (RuntimeException defect) {
      answer.complete(defective(defect));
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

  private static PeerAnswer outcome(AsyncResult<PeerAnswer> walked) {
    return walked.succeeded() ? walked.result() : defective(walked.cause());
  }

  /** A fault of ours is told by class and place: its message might hold a patient's data. */
  private static PeerAnswer defective(Throwable defect) {
    StackTraceElement[] trace = defect.getStackTrace();
    LOG.errorf(
        "asking a region failed by a defect of the gateway: %s at %s",
        defect.getClass().getName(), trace.length == 0 ? "an unknown place" : trace[0]);
    return new PeerAnswer.Missed(new Miss.Failing("a defect of the gateway"));
  }
}
