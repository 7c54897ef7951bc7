package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ermine.merge.document.Extent;
import dev.ermine.merge.document.OpenDocument;
import dev.ermine.merge.document.OpenDocument.Ending;
import dev.ermine.testing.Given;
import dev.ermine.testing.SelfSigned;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Documents that take their time, to a reader who takes all that comes. */
@Timeout(30)
class DocumentBodyTest {

  private static final int PARTS = 20;
  private static final int LONG = 500;
  private static final X509Certificate CERTIFICATE =
      SelfSigned.certificate(Given.NOON, Given.NOON.plusSeconds(3600));

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<Ending> endings = new LinkedBlockingQueue<>();
  private HttpServer server;

  @BeforeEach
  void serve() {
    Router router = Router.router(vertx);
    router.route("/long").handler(wire -> answer(wire, LONG, Duration.ofMillis(300)));
    router.route("/slow").handler(wire -> answer(wire, PARTS, Duration.ofSeconds(20)));
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  private void answer(RoutingContext wire, int parts, Duration longest) {
    Caller caller =
        new Caller(Outflow.channelOf(wire), CERTIFICATE, Whose.STRANGERS, thumbprint -> true);
    OpenDocument document =
        new OpenDocument(
            "application/pdf", new Extent.Unannounced(), new Parts(parts), endings::add);
    DocumentBody body = DocumentBody.of(document, caller, wire, longest);
    wire.response().setChunked(true);
    Thread.startVirtualThread(
        () -> {
          try {
            body.writeTo(new Written(wire));
            wire.end();
          } catch (IOException cut) {
            // The reader hears of it.
          }
        });
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void areCutWhenTheyTakeTooLong() throws Exception {
    assertThatThrownBy(
            () -> {
              try (InputStream document = open("/long")) {
                document.readAllBytes();
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(endings.poll(10, TimeUnit.SECONDS)).isEqualTo(Ending.CUT);
    assertThat(DocumentBody.LONGEST).as("as the README says").isEqualTo(Duration.ofHours(1));
  }

  @Test
  void comeWholeWithinTheirTime() throws Exception {
    try (InputStream document = open("/slow")) {
      assertThat(document.readAllBytes()).hasSize(PARTS);
    }
    assertThat(endings.poll(10, TimeUnit.SECONDS)).isEqualTo(Ending.WHOLE);
  }

  private InputStream open(String path) throws IOException {
    return URI.create("http://127.0.0.1:" + server.actualPort() + path).toURL().openStream();
  }

  /** So many bytes, each a moment after the one before. */
  private static final class Parts extends InputStream {

    private int left;

    Parts(int parts) {
      this.left = parts;
    }

    @Override
    public int read() {
      if (left == 0) {
        return -1;
      }
      left--;
      return 'a';
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int next = read();
      if (next < 0) {
        return -1;
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      into[from] = (byte) next;
      return 1;
    }
  }

  /** The body of a response, written no faster than it leaves. */
  private static final class Written extends OutputStream {

    private final RoutingContext wire;

    Written(RoutingContext wire) {
      this.wire = wire;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        wire.response()
            .write(Buffer.buffer().appendBytes(bytes, from, length))
            .toCompletionStage()
            .toCompletableFuture()
            .join();
      } catch (java.util.concurrent.CompletionException gone) {
        throw new IOException(gone);
      }
    }
  }
}
