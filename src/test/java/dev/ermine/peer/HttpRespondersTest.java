package dev.ermine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** OCSP responders, good and hostile, over HTTP. */
@Timeout(60)
class HttpRespondersTest {

  private static final byte[] QUESTION = {0x30, 1, 2, 3};
  private static final byte[] ANSWER = {0x30, 4, 5, 6, 7};
  private static final Duration GENEROUS = Duration.ofSeconds(20);

  private final HttpResponders responders = new HttpResponders();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 9);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void close() {
    over.countDown();
    server.stop(0);
  }

  @Test
  void postsTheRequestAndGivesTheAnswerByteForByte() throws IOException {
    answering(
        exchange -> {
          assertThat(exchange.getRequestMethod()).isEqualTo("POST");
          assertThat(exchange.getRequestHeaders().getFirst("Content-Type"))
              .isEqualTo("application/ocsp-request");
          assertThat(exchange.getRequestHeaders().getFirst("Accept"))
              .isEqualTo("application/ocsp-response");
          assertThat(exchange.getRequestBody().readAllBytes()).isEqualTo(QUESTION);
          answer(exchange, 200, ANSWER);
        });
    assertThat(responders.ask(responder(), QUESTION)).isEqualTo(ANSWER);
  }

  @Test
  void goesToNoOtherAddress() {
    answering(
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          answer(exchange, 307, ANSWER);
        });
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> responders.ask(responder(), QUESTION))
        .withMessage("the responder has answered 307");
    assertThat(asked).containsExactly("/ocsp");
  }

  @Test
  void believesSuccessAlone() {
    answering(exchange -> answer(exchange, 503, ANSWER));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> responders.ask(responder(), QUESTION))
        .withMessage("the responder has answered 503");
  }

  @Test
  void readsAnswersOfUpTo64Kibibytes() throws IOException {
    answering(exchange -> answer(exchange, 200, new byte[64 << 10]));
    assertThat(responders.ask(responder(), QUESTION)).hasSize(64 << 10);
  }

  @Test
  void readsNoLongerAnswer() {
    answering(exchange -> answer(exchange, 200, new byte[(64 << 10) + 1]));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> responders.ask(responder(), QUESTION));
  }

  @Test
  void waitsForNoResponderThatIsSilentOrDrips() {
    answering(any -> await());
    givesUp();
    answering(
        exchange -> {
          exchange.sendResponseHeaders(200, ANSWER.length);
          OutputStream out = exchange.getResponseBody();
          out.write(ANSWER[0]);
          out.flush();
          await();
        });
    givesUp();
  }

  @Test
  void saysWhenNobodyListens() {
    URI nobody = responder();
    server.stop(0);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> responders.ask(nobody, QUESTION))
        .withMessage("the responder has not answered");
  }

  private void givesUp() {
    Instant began = Instant.now();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> responders.ask(responder(), QUESTION))
        .withMessage("the responder has not answered");
    assertThat(Duration.between(began, Instant.now())).isLessThan(GENEROUS);
  }

  private void await() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What fails in the handler closes the connection, which the one who asks is told. */
  private void answering(HttpHandler handler) {
    if (!asked.isEmpty()) {
      server.removeContext("/");
    }
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().getPath());
          handler.handle(exchange);
        });
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private URI responder() {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/ocsp");
  }
}
