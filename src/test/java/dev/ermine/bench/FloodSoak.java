package dev.ermine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.bench.Asking.Question;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** More than can be served at once, and askers who never come to an end. */
class FloodSoak {

  private static final int QUERIES = Integer.getInteger("ermine.flood", 5_000);
  private static final int SLOW = 300;
  private static final int CONNECTIONS = 400;
  private static final int REGIONS = 3;
  private static final int EXCHANGES = REGIONS * 3; // the Patient and two types
  private static final Duration TIME = Duration.ofSeconds(20);

  private static Stage stage;
  private static Asking asking;
  private static Question question;

  @BeforeAll
  static void open() {
    StandIns.Terms terms = StandIns.Terms.usual(Duration.ofSeconds(4));
    stage = Stage.open(REGIONS, 10_000, terms, Stage.asInTheImage(), Map.of());
    asking = stage.asking("hwe", CONNECTIONS);
    question = new Question(HeldRecord.TYPES.subList(0, 2), stage.standIns().first(REGIONS));
    stage.warmUp(asking, question, 4, Duration.ofSeconds(15));
    stage.standIns().be(new Manner.Answer(Duration.ofMillis(20)));
    // Hands are shaken beforehand: the flood is of queries.
    Load.closed(asking, question, CONNECTIONS, Duration.ofSeconds(8));
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  @Test
  void peersSeeNoMoreThanWasAsked() {
    long before = stage.standIns().requests();
    Result result = Load.open(asking, question, 1e6, Duration.ofNanos(1_000L * QUERIES));
    long requests = stage.standIns().requests() - before;
    System.out.printf(
        "%d queries at once: %s; %s; %d requests to regions; the last after %.1f s%n",
        result.count(), result, result.faults().toList(), requests, result.latency(1) / 1e3);
    assertThat(result.count()).isEqualTo(QUERIES);
    assertThat(result.heard()).allMatch(one -> one.answered() || one.turnedAway());
    assertThat(result.count(Heard::answered)).isPositive();
    assertThat(requests)
        .isLessThanOrEqualTo(Math.round(1.1 * EXCHANGES * result.count(Heard::answered)));
    Result after = Load.open(asking, question, 10, Duration.ofSeconds(5));
    assertThat(after.count(Heard::answered)).as("afterwards: " + after).isEqualTo(after.count());
  }

  /** Each sends a byte every half second, of its head or of its body, and begins anew when cut. */
  @Test
  void slowAskersKeepNobodyOut() {
    var over = new AtomicBoolean();
    var connected = new AtomicInteger();
    NetClient client = stage.standIns().vertx().createNetClient(asWessex());
    for (int i = 0; i < SLOW; i++) {
      boolean inBody = i % 2 == 0;
      drip(client, inBody, over, connected);
    }
    Waiting.forMillis(3_000);
    Result result = Load.open(asking, question, 10, TIME);
    over.set(true);
    Waiting.on(client.close());
    System.out.printf(
        "beside %d slow askers (%d connections in all): %s, p50 %.0f ms, p99 %.0f ms%n",
        SLOW, connected.get(), result, result.latency(0.5), result.latency(0.99));
    assertThat(connected.get()).isGreaterThanOrEqualTo(SLOW);
    assertThat(result.heard()).allMatch(Heard::answered);
  }

  private static NetClientOptions asWessex() {
    return new NetClientOptions()
        .setSsl(true)
        .setHostnameVerificationAlgorithm("HTTPS")
        .setKeyCertOptions(StandIns.pair(stage.pki(), "wessex-client"))
        .setTrustOptions(
            new PemTrustOptions().addCertPath(stage.pki().file("gateway-ca.crt").toString()));
  }

  private static void drip(
      NetClient client, boolean inBody, AtomicBoolean over, AtomicInteger connected) {
    client
        .connect(stage.gateway().base().getPort(), "localhost")
        .onSuccess(
            socket -> {
              connected.incrementAndGet();
              socket.closeHandler(
                  _ -> {
                    if (!over.get()) {
                      drip(client, inBody, over, connected);
                    }
                  });
              socket.write(head(inBody));
              dripOn(socket);
            });
  }

  private static String head(boolean inBody) {
    String head =
        HttpMethod.POST
            + " /fhir/_search HTTP/1.1\r\nHost: localhost:"
            + stage.gateway().base().getPort()
            + "\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    return inBody ? head + "Content-Length: 1000\r\n\r\n" : head + "X-Slow: ";
  }

  private static void dripOn(NetSocket socket) {
    stage.standIns().vertx().setTimer(500, _ -> socket.write("x").onSuccess(_ -> dripOn(socket)));
  }
}
