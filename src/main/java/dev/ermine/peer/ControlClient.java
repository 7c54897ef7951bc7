package dev.ermine.peer;

import dev.ermine.federation.Room;
import dev.ermine.fhir.Slice;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.region.Region;
import dev.ermine.trust.AnchoredServers;
import dev.ermine.trust.GatewayIdentity;
import dev.ermine.trust.PublishedKeys;
import dev.ermine.trust.Revocations;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.impl.VertxInternal;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The way to the addresses of a region that are no records: its keys, its token endpoint, its
 * privacy office. As bounded as the way to records, over mutual TLS, with a connection for each
 * exchange.
 *
 * <p>Nothing is ever asked here but what {@code regions.yaml} names.
 */
public final class ControlClient {

  /** Exchanges at once with servers of one set of anchors; others wait, as far as they can. */
  private static final int CONNECTIONS = 16;

  private static final int WAITING = 1024;

  /** Of what is said to a delivery: nothing is read of it. */
  private static final int RECEIPT = 64 * 1024;

  private static final Duration DELIVERY = Duration.ofSeconds(10);

  /** No exchange takes longer. */
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /**
   * What is asked.
   *
   * @param content what is posted; empty for a GET
   * @param anchors certificates that the server's certificate must chain to
   * @param limit bytes of the answer's body, at most
   * @param timeout for all of it
   */
  public record Request(
      URI url,
      String accept,
      Optional<Content> content,
      List<X509Certificate> anchors,
      int limit,
      Duration timeout) {

    /** What is posted, and of which media type. */
    public record Content(String type, String text) {

      /** The type alone. */
      @Override
      public String toString() {
        return "Content[" + type + "]";
      }
    }

    public Request {
      anchors = List.copyOf(anchors);
    }

    /** Where it goes, never what it says. */
    @Override
    public String toString() {
      return "Request[" + url + "]";
    }
  }

  /** What came of it. */
  public sealed interface Outcome {

    /** A whole answer. Whatever it says is the peer's. */
    record Answer(int status, Optional<String> contentType, Optional<String> retryAfter, Slice body)
        implements Outcome {

      /** The status alone. */
      @Override
      public String toString() {
        return "Answer[" + status + "]";
      }
    }

    /** None, and why. */
    record Missed(Miss miss) implements Outcome {}
  }

  private record Way(List<X509Certificate> anchors, GatewayIdentity identity) {}

  private final Supplier<GatewayIdentity> inForce;
  private final Revocations revocations;
  private final PeerLoop loop;
  private final Connections connections = new Connections();
  private final Map<Way, HttpClient> clients = new HashMap<>();

  /**
   * @param inForce who we are to them now; looked at for each exchange
   */
  public ControlClient(Vertx vertx, Supplier<GatewayIdentity> inForce, Revocations revocations) {
    VertxInternal internal = (VertxInternal) vertx;
    this.inForce = inForce;
    this.revocations = revocations;
    this.loop = PeerLoop.on(internal, internal.getEventLoopGroup().next(), revocations);
  }

  /** Completes normally within the request's timeout; cancelling it resets the exchange. */
  public CompletableFuture<Outcome> exchange(Request request) {
    return exchange(request, inForce.get());
  }

  /** The same, as {@code identity}. */
  public CompletableFuture<Outcome> exchange(Request request, GatewayIdentity identity) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    loop.run(() -> begin(request, identity, outcome));
    return outcome;
  }

  /** A JWK Set, as {@link PublishedKeys} wants it fetched. */
  public CompletionStage<PublishedKeys.Fetched> jwks(
      URI url, List<X509Certificate> anchors, int limit, Duration timeout) {
    String accept = "application/jwk-set+json, application/json";
    return exchange(new Request(url, accept, Optional.empty(), anchors, limit, timeout))
        .thenApply(ControlClient::fetched);
  }

  private static PublishedKeys.Fetched fetched(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answer answer when answer.status() == 200 ->
          new PublishedKeys.Fetched.Body(answer.body());
      case Outcome.Answer answer ->
          new PublishedKeys.Fetched.Failed("answered with status " + answer.status());
      case Outcome.Missed(Miss miss) -> new PublishedKeys.Fetched.Failed(Faults.words(miss));
    };
  }

  /**
   * Posts JSON that is to be taken in, whatever is said to it.
   *
   * @return why it was not; empty when it was
   */
  public CompletionStage<Optional<String>> deliver(
      URI url, List<X509Certificate> anchors, String json) {
    Request.Content content = new Request.Content("application/json", json);
    return exchange(new Request(url, "*/*", Optional.of(content), anchors, RECEIPT, DELIVERY))
        .thenApply(ControlClient::refusal);
  }

  private static Optional<String> refusal(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answer answer when answer.status() / 100 == 2 -> Optional.empty();
      case Outcome.Answer answer -> Optional.of("answered with status " + answer.status());
      case Outcome.Missed(Miss miss) -> Optional.of(Faults.words(miss));
    };
  }

  private void begin(
      Request request, GatewayIdentity identity, CompletableFuture<Outcome> outcome) {
    if (outcome.isDone()) {
      return;
    }
    try {
      Way way = new Way(request.anchors(), identity);
      Attempt attempt =
          new Attempt(
              new Once(loop, connections, servers(way), () -> forget(way)),
              request.content().map(Request.Content::text),
              request.limit(),
              new Allowance(request.limit(), Room.BOUNDLESS));
      long millis = Math.clamp(request.timeout().toMillis(), 1, LONGEST.toMillis());
      long timer = loop.vertx().setTimer(millis, any -> attempt.stop(Faults.TIMED_OUT));
      var _ = outcome.whenComplete((any, cancelled) -> loop.run(() -> ended(attempt, timer)));
      attempt
          .reply()
          .onSuccess(reply -> outcome.complete(outcome(reply)))
          .onFailure(outcome::completeExceptionally);
      attempt.begin(client(way), head(request));
    } catch (RuntimeException defect) {
      outcome.completeExceptionally(defect);
    }
  }

  private void ended(Attempt attempt, long timer) {
    loop.vertx().cancelTimer(timer);
    attempt.stop(Faults.TIMED_OUT);
  }

  private static Outcome outcome(Reply reply) {
    return switch (reply) {
      case Reply.Opened _ -> throw new IllegalStateException("no address is a document's");
      case Reply.Response(var status, var type, var retryAfter, _, var body) ->
          new Outcome.Answer(status, type, retryAfter, body);
      case Reply.Failed failed -> new Outcome.Missed(failed.miss());
    };
  }

  /** Once we are somebody else, what we were asks no more; its last exchanges end as they would. */
  private HttpClient client(Way way) {
    List<Way> past =
        clients.keySet().stream().filter(it -> !it.identity().equals(way.identity())).toList();
    past.stream().map(clients::remove).forEach(this::retire);
    return clients.computeIfAbsent(way, this::open);
  }

  /** The next exchange that way has a client of its own, and so sessions of its own. */
  private void forget(Way way) {
    Optional.ofNullable(clients.remove(way)).ifPresent(this::retire);
  }

  private void retire(HttpClient client) {
    loop.vertx().setTimer(LONGEST.toMillis(), any -> client.close());
  }

  private HttpClient open(Way way) {
    return loop.vertx()
        .httpClientBuilder()
        .with(ClientSettings.ofControl(servers(way), way.identity()).setKeepAlive(false))
        .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING))
        .withConnectHandler(
            connection -> {
              connections.opened();
              connection
                  .exceptionHandler(toldToItsExchange -> {})
                  .closeHandler(any -> connections.closed());
            })
        .build();
  }

  private AnchoredServers servers(Way way) {
    return new AnchoredServers(way.anchors(), Optional.empty(), revocations);
  }

  private static RequestOptions head(Request request) {
    URI url = request.url();
    RequestOptions head =
        new RequestOptions()
            .setMethod(request.content().isPresent() ? HttpMethod.POST : HttpMethod.GET)
            .setSsl(true)
            .setHost(url.getHost())
            .setPort(url.getPort() < 0 ? 443 : url.getPort())
            .setURI(target(url))
            .setFollowRedirects(false)
            .putHeader(HttpHeaders.ACCEPT, request.accept())
            .putHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
    request.content().ifPresent(it -> head.putHeader(HttpHeaders.CONTENT_TYPE, it.type()));
    return head;
  }

  private static String target(URI url) {
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
  }

  /** Connections that serve once. */
  private record Once(
      PeerLoop loop, Connections connections, AnchoredServers servers, Runnable forgetting)
      implements Carrier {

    @Override
    public void forgetSessions() {
      forgetting.run();
    }

    @Override
    public Region.Wire wire() {
      return Region.Wire.USUAL;
    }

    @Override
    public void hasServed(HttpConnection connection) {}

    @Override
    public boolean isStillTrusted(HttpConnection connection) {
      return servers.stillTrusts(connection.sslSession());
    }

    @Override
    public boolean isReused(HttpConnection connection) {
      return false;
    }
  }
}
