package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers of one large answer, looked at often. */
@Timeout(30)
class OutflowTest {

  private static final Duration LOOK = Duration.ofMillis(200);

  /** More than the kernel's buffers on both sides hold. */
  private static final int LARGE = 40_000_000;

  /** What the system may hold is left, and goes on in leaps: the smaller, the steadier. */
  private static final int SENT = 16_384;

  /** As records of TLS come. */
  private static final int PART = 16_000;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final CountDownLatch out = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void serve() {
    Router router = Router.router(vertx);
    router
        .route("/large/:look")
        .handler(
            wire -> {
              Duration look = Duration.ofMillis(Long.parseLong(wire.pathParam("look")));
              Outflow.watch(wire, look, out::countDown);
              wire.response().putHeader("Content-Length", String.valueOf(LARGE));
              for (int written = 0; written < LARGE; written += PART) {
                wire.response().write(Buffer.buffer(new byte[PART]));
              }
              wire.end();
            });
    router
        .route("/late")
        .handler(
            wire -> {
              Outflow.watch(wire, LOOK, out::countDown);
              wire.response().setChunked(true).write("a");
              vertx.setTimer(5 * LOOK.toMillis(), _ -> wire.end("b"));
            });
    server =
        vertx
            .createHttpServer(new HttpServerOptions().setSendBufferSize(SENT))
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void cutsAReaderThatStops() throws Exception {
    try (Socket reader = ask("/large/200")) {
      assertThat(reader.getInputStream().readNBytes(1_000)).hasSize(1_000);
      assertThat(out.await(10, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(() -> reader.getInputStream().readNBytes(LARGE))
          .isInstanceOf(SocketException.class);
    }
  }

  @Test
  void cutsAReaderThatDrips() throws Exception {
    try (Socket reader = ask("/large/200")) {
      assertThatThrownBy(() -> drip(reader.getInputStream(), 1_000, 20))
          .isInstanceOf(SocketException.class);
      assertThat(out.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void letsAReaderEndThatGetsOn() throws Exception {
    try (Socket reader = ask("/large/1000")) {
      assertThat(drip(reader.getInputStream(), 1_000_000, 80)).isGreaterThan(LARGE);
      assertThat(out.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** From one look to the next. What little the system holds of it here, both have to pass. */
  @Test
  void asksForSixtyFourKilobytesAtATime() throws Exception {
    try (Socket half = ask("/large/500");
        Socket twice = ask("/large/500")) {
      assertThat(List.of(isCutWithin(6, half, 32 * 1024), isCutWithin(6, twice, 128 * 1024)))
          .extracting(reading -> reading.get(20, TimeUnit.SECONDS))
          .containsExactly(true, false);
    }
  }

  /** Whether a reader of so many bytes each look is. */
  private static CompletableFuture<Boolean> isCutWithin(int seconds, Socket reader, int bytes) {
    return CompletableFuture.supplyAsync(
        () -> {
          long begun = System.nanoTime();
          try {
            while (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(seconds)) {
              reader.getInputStream().readNBytes(bytes / 10);
              Thread.sleep(50);
            }
            return false;
          } catch (IOException cut) {
            return true;
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        reading -> Thread.ofVirtual().start(reading));
  }

  /** What has not been said yet is not the reader's to take. */
  @Test
  void waitsForWhatIsYetToCome() throws Exception {
    try (Socket reader = ask("/late")) {
      assertThat(new String(reader.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 200 ")
          .endsWith("1\r\nb\r\n0\r\n\r\n");
      assertThat(out.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private Socket ask(String path) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16_384);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.actualPort()));
    String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** Reads some, and pauses, until the end. */
  private static long drip(InputStream in, int bytes, int pause) throws Exception {
    long all = 0;
    for (byte[] some = in.readNBytes(bytes); some.length > 0; some = in.readNBytes(bytes)) {
      all += some.length;
      Thread.sleep(pause);
    }
    return all;
  }
}
