package dev.ermine.peer;

import static dev.ermine.peer.Asking.PKI;
import static dev.ermine.peer.Asking.SERVER;
import static dev.ermine.peer.Asking.answers;
import static dev.ermine.peer.Asking.condition;
import static dev.ermine.peer.Asking.entries;
import static dev.ermine.peer.Asking.failing;
import static dev.ermine.peer.Asking.missed;
import static dev.ermine.peer.Asking.patient;
import static dev.ermine.peer.Asking.region;
import static dev.ermine.peer.Asking.search;
import static dev.ermine.peer.Asking.searchset;
import static dev.ermine.peer.Asking.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.Deadline;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Limits;
import dev.ermine.region.Region.Wire;
import dev.ermine.region.Region.Wire.Protocol;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Script;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Regions that are asked by HTTP/2. */
@Timeout(60)
class Http2Test {

  private static final PeerAnswer NO_HTTP_2 = missed(Faults.NO_HTTP_2);
  private static final PeerAnswer TOO_LARGE = missed(failing("more bytes than its limit allows"));
  private static final String SETTINGS = "000000040000000000";
  private static final String PING = "0000080600000000000123456789abcdef";
  private static final PeerAnswer FOUND =
      new PeerAnswer.Answered(
          entries(patient("p1")),
          Map.of("Condition", new TypeAnswer.Read(entries(condition("c1")), List.of())));

  private final Asking asking = new Asking();
  private final Context loop = asking.vertx.getOrCreateContext();
  private final Connections connections = asking.peer.connections(new RegionId("london"));
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final AtomicInteger lines = new AtomicInteger();
  private final Queue<HttpVersion> versions = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    asking.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void sharesFewConnectionsAmongManyExchanges() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Region.Answers wanted =
        served(
            request -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              request.response().endHandler(any -> now.decrementAndGet());
              vertx.setTimer(50, any -> answer(request));
            });
    String[] types = {"Condition", "Flag", "Goal", "Device", "Task", "List", "Basic", "Slot"};
    for (CompletableFuture<PeerAnswer> each :
        Stream.generate(() -> ask(wanted, types)).limit(6).toList()) {
      assertThat(((PeerAnswer.Answered) told(each)).types().values())
          .hasSize(types.length)
          .allMatch(TypeAnswer.Read.class::isInstance);
    }
    assertThat(lines.get()).isBetween(1, 2);
    assertThat(most.get()).isBetween(4, wanted.limits().connections());
    assertThat(versions).containsOnly(HttpVersion.HTTP_2);
    await(() -> connections.inUse() == 0 && connections.waiting() == 0);
    assertThat(connections.open()).isEqualTo(lines.get());
  }

  @Test
  void endsAnExchangeAtItsDeadlineAndNotItsNeighbours() throws Exception {
    Queue<Throwable> reset = new ConcurrentLinkedQueue<>();
    Region.Answers wanted =
        served(
            request -> {
              if (request.path().contains("Flag")) {
                request.response().exceptionHandler(reset::add);
              } else if (request.path().contains("Goal")) {
                vertx.setTimer(1_500, any -> answer(request));
              } else {
                answer(request);
              }
            });
    assertThat(told(ask(wanted, "Condition"))).isEqualTo(FOUND);
    CompletableFuture<PeerAnswer> neighbour = ask(wanted, "Goal");
    PeerAnswer.Answered late =
        (PeerAnswer.Answered) told(ask(wanted, Duration.ofMillis(800), "Flag"));
    assertThat(late.types())
        .containsOnly(Map.entry("Flag", new TypeAnswer.Unread(new Miss.TimedOut())));
    assertThat(neighbour).isNotDone();
    assertThat(told(neighbour)).isInstanceOf(PeerAnswer.Answered.class);
    await(() -> reset.size() == 1);
    assertThat(lines.get()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stopsABodyAtItsLimit(boolean announced) throws Exception {
    Region.Answers wanted =
        served(
            request -> {
              request.response().putHeader("Content-Type", "application/fhir+json");
              if (announced) {
                request.response().putHeader("Content-Length", "1000001");
              }
              flood(request);
            });
    assertThat(told(ask(wanted, "Condition"))).isEqualTo(TOO_LARGE);
    await(() -> connections.inUse() == 0);
  }

  private void flood(HttpServerRequest request) {
    Buffer chunk = Buffer.buffer(" ".repeat(16_384));
    request.response().write(chunk).onSuccess(any -> flood(request));
  }

  @Test
  void readsNoHeadersOfAMegabyte() throws Exception {
    Region.Answers wanted =
        served(
            request ->
                request.response().putHeader("X-Long", "x".repeat(1_000_000)).end(searchset()));
    assertThat(told(ask(wanted, "Condition")))
        .isInstanceOfSatisfying(
            PeerAnswer.Missed.class,
            missed -> assertThat(missed.miss()).isInstanceOf(Miss.Failing.class));
  }

  @Test
  void tooManyInterimResponsesAreNoAnswer() throws Exception {
    Region.Answers wanted =
        served(
            request -> {
              for (int i = 0; i < 100; i++) {
                request.response().writeContinue();
              }
            });
    assertThat(told(ask(wanted, "Condition")))
        .isEqualTo(missed(failing("too many interim responses")));
    await(() -> connections.open() == 0);
  }

  @Test
  void asksOnceMoreWhereAConnectionHasGone() throws Exception {
    AtomicInteger served = new AtomicInteger();
    Region.Answers wanted =
        served(
            request -> {
              if (served.incrementAndGet() == 3) {
                request.connection().close();
              } else {
                answer(request);
              }
            });
    assertThat(told(ask(wanted, "Condition"))).isEqualTo(FOUND);
    assertThat(told(ask(wanted, "Condition"))).isEqualTo(FOUND);
    assertThat(served.get()).isEqualTo(5);
  }

  @Test
  void asksNotAgainWhatThePeerHasEnded() throws Exception {
    AtomicInteger served = new AtomicInteger();
    Region.Answers wanted =
        served(
            request -> {
              if (served.incrementAndGet() > 2) {
                request.response().reset(2);
              } else {
                answer(request);
              }
            });
    assertThat(told(ask(wanted, "Condition"))).isEqualTo(FOUND);
    assertThat(told(ask(wanted, "Condition")))
        .isEqualTo(missed(failing("the connection ended before its answer did")));
    assertThat(served.get()).isEqualTo(3);
  }

  @Test
  @DisplayName("D8: an exchange over HTTP/2 ends when its region is suspended")
  void isCutOffWithItsRegion() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Region.Answers wanted = served(request -> asked.incrementAndGet());
    CompletableFuture<PeerAnswer> answer = ask(wanted, "Condition");
    await(() -> asked.get() == 1);
    asking.peer.follow(
        new Regions(2, "0".repeat(64), Asking.GATEWAY, List.of(), List.of(), List.of()));
    assertThat(told(answer)).isEqualTo(missed(Faults.NOT_TRUSTED));
    await(() -> connections.open() == 0 && connections.inUse() == 0);
  }

  @Test
  void isWarmedUpByOneConnection() throws Exception {
    Region.Answers wanted = served(this::answer);
    asking.peer.follow(
        new Regions(
            2, "0".repeat(64), Asking.GATEWAY, List.of(region(wanted)), List.of(), List.of()));
    asking.peer.warm();
    await(() -> connections.warm() == 2);
    assertThat(told(ask(wanted, "Condition"))).isEqualTo(FOUND);
    assertThat(lines.get()).isEqualTo(2);
  }

  /** One that leaves ALPN out, and one that offers something else. */
  @ParameterizedTest
  @CsvSource({"''", "http/1.1"})
  void isNotSpokenToOtherwise(String offered) throws Exception {
    try (EvilPeer peer = agreeing(offered, Script.answering(any -> Asking.ok(searchset())))) {
      assertThat(told(ask(http2(peer.base()), "Condition"))).isEqualTo(NO_HTTP_2);
      assertThat(peer.requests()).isEmpty();
      await(() -> connections.open() == 0);
    }
  }

  @Test
  void isUnreachableWhereItsSettingsNeverCome() throws Exception {
    try (EvilPeer peer =
        agreeing(
            "h2",
            line -> {
              line.session();
              line.awaitClose();
            })) {
      Instant begun = Instant.now();
      assertThat(told(ask(http2(peer.base()), "Condition")))
          .isEqualTo(missed(new Miss.Unreachable("no connection")));
      assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(5));
      assertThat(peer.lines().getFirst().isLeftWithin(5)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PING, SETTINGS})
  void endsAConnectionThatFloodsIt(String frame) throws Exception {
    byte[] flood = HexFormat.of().parseHex(frame.repeat(50));
    try (EvilPeer peer =
        agreeing(
            "h2",
            line -> {
              line.write(HexFormat.of().parseHex(SETTINGS));
              while (true) {
                line.write(flood);
                line.pause(20);
              }
            })) {
      Instant begun = Instant.now();
      assertThat(told(ask(http2(peer.base()), "Condition")))
          .isEqualTo(missed(failing("the connection ended before its answer did")));
      assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(5));
      assertThat(peer.lines().getFirst().isLeftWithin(5)).isTrue();
    }
  }

  private static EvilPeer agreeing(String protocol, Script script) {
    return new EvilPeer(
        PKI.server(SERVER),
        parameters -> {
          parameters.setApplicationProtocols(
              protocol.isEmpty() ? new String[0] : new String[] {protocol});
          return parameters;
        },
        script);
  }

  /** Asked by a region that speaks HTTP/2 and answers so. */
  private Region.Answers served(Handler<HttpServerRequest> handler) throws Exception {
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setUseAlpn(true)
            .setClientAuth(ClientAuth.REQUIRED)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setKeyValue(Buffer.buffer(SERVER.keyPem()))
                    .setCertValue(Buffer.buffer(SERVER.certificatePem())))
            .setTrustOptions(
                new PemTrustOptions()
                    .addCertValue(
                        Buffer.buffer(
                            new dev.ermine.testing.TestPki.Identity(PKI.anchor(), SERVER.key())
                                .certificatePem())));
    HttpServer server =
        vertx
            .createHttpServer(options)
            .connectionHandler(any -> lines.incrementAndGet())
            .requestHandler(
                request -> {
                  versions.add(request.version());
                  handler.handle(request);
                });
    server
        .listen(0, "localhost")
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
    return http2(URI.create("https://localhost:" + server.actualPort() + "/fhir"));
  }

  private static Region.Answers http2(URI base) {
    return with(
        with(answers(base), new Limits(8, 1_000_000, 50, 5, 1_000)),
        new Wire(Protocol.HTTP_2, Optional.empty(), Optional.empty()));
  }

  private void answer(HttpServerRequest request) {
    boolean lookup = request.path().contains("/Patient");
    request
        .response()
        .putHeader("Content-Type", "application/fhir+json")
        .end(searchset(lookup ? patient("p1") : condition("c1")));
  }

  private CompletableFuture<PeerAnswer> ask(Region.Answers answers, String... types) {
    return ask(answers, Duration.ofSeconds(8), types);
  }

  /** Always from the same event loop, and so over the same connections. */
  private CompletableFuture<PeerAnswer> ask(
      Region.Answers answers, Duration deadline, String... types) {
    CompletableFuture<PeerAnswer> answer = new CompletableFuture<>();
    loop.runOnContext(
        any ->
            asking
                .peer
                .ask(search(answers, types), Deadline.in(deadline))
                .thenAccept(answer::complete));
    return answer;
  }

  private static PeerAnswer told(CompletableFuture<PeerAnswer> answer) throws Exception {
    return answer.get(20, TimeUnit.SECONDS);
  }

  private static void await(BooleanSupplier state) throws InterruptedException {
    Instant end = Instant.now().plusSeconds(10);
    while (!state.getAsBoolean()) {
      assertThat(Instant.now()).as("it did not come to be").isBefore(end);
      Thread.sleep(10);
    }
  }
}
