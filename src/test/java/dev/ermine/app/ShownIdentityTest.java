package dev.ermine.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.http.ServerTls;
import dev.ermine.trust.GatewayIdentity;
import dev.ermine.trust.ShownIdentity;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server with the gateway's TLS, whose identity is exchanged while it listens. */
@DisplayName("D7: a new identity is shown without a restart, and closes no connection")
class ShownIdentityTest {

  private static final AtomicReference<GatewayIdentity> IN_FORCE = new AtomicReference<>();
  private static Vertx vertx;
  private static HttpServer server;

  @BeforeAll
  static void listen() throws Exception {
    HttpServerOptions options = new HttpServerOptions().setPort(0).setHost("localhost");
    TrustManagerFactory nobody = TrustManagerFactory.getInstance("PKIX");
    nobody.init(trusting(MadePair.pair().make().certificate()));
    new ServerTls(new ShownIdentity(IN_FORCE::get), (X509TrustManager) nobody.getTrustManagers()[0])
        .customizeHttpsServer(options);
    vertx = Vertx.vertx();
    server =
        vertx
            .createHttpServer(options)
            .requestHandler(request -> request.response().end("here"))
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .get();
  }

  @AfterAll
  static void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @ParameterizedTest
  @CsvSource({
    "EC, 256, TLSv1.3",
    "EC, 256, TLSv1.2",
    "EC, 384, TLSv1.3",
    "EC, 384, TLSv1.2",
    "RSA, 2048, TLSv1.3",
    "RSA, 2048, TLSv1.2",
  })
  void showsEveryKindOfKeyByEveryVersion(String type, int bits, String protocol) throws Exception {
    GatewayIdentity root = MadePair.pair().subject("CN=root").make();
    GatewayIdentity identity = MadePair.pair().key(type, bits).make(root);
    IN_FORCE.set(identity);
    try (SSLSocket socket = connect(root.certificate(), protocol)) {
      assertThat(socket.getSession().getPeerCertificates())
          .containsExactlyElementsOf(identity.chain());
      assertThat(ask(socket)).contains("200 OK");
    }
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.3", "TLSv1.2"})
  void showsANewIdentityToNewConnectionsAndKeepsTheOld(String protocol) throws Exception {
    GatewayIdentity before = MadePair.pair().make();
    GatewayIdentity after = MadePair.pair().key("RSA", 2048).make();
    IN_FORCE.set(before);
    try (SSLSocket kept = connect(before.certificate(), protocol)) {
      assertThat(ask(kept)).contains("200 OK");
      IN_FORCE.set(after);
      try (SSLSocket fresh = connect(after.certificate(), protocol)) {
        assertThat(fresh.getSession().getPeerCertificates()[0]).isEqualTo(after.certificate());
        assertThat(ask(fresh)).contains("200 OK");
      }
      assertThat(ask(kept)).contains("200 OK");
    }
  }

  @Test
  void endsAHandshakeWithTheIdentityThatItBeganWith() {
    GatewayIdentity before = MadePair.pair().make();
    GatewayIdentity after = MadePair.pair().make();
    AtomicReference<GatewayIdentity> inForce = new AtomicReference<>(before);
    ShownIdentity shown = new ShownIdentity(inForce::get);
    String begun = shown.chooseServerAlias("EC", null, null);
    inForce.set(after);
    String next = shown.chooseServerAlias("EC", null, null);
    assertThat(shown.getPrivateKey(begun)).isEqualTo(before.key());
    assertThat(shown.getCertificateChain(begun)).containsExactlyElementsOf(before.chain());
    assertThat(shown.getPrivateKey(next)).isEqualTo(after.key());
    assertThat(shown.getPrivateKey("another")).isNull();
  }

  private static SSLSocket connect(X509Certificate trusted, String protocol) throws Exception {
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusting(trusted));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("localhost", server.actualPort());
    socket.setEnabledProtocols(new String[] {protocol});
    socket.setSoTimeout(20_000);
    socket.startHandshake();
    return socket;
  }

  private static KeyStore trusting(X509Certificate certificate) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("anchor", certificate);
    return store;
  }

  private static String ask(SSLSocket socket) throws IOException {
    socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
    byte[] answer = new byte[4096];
    int length = 0;
    while (!new String(answer, 0, length, US_ASCII).endsWith("here")) {
      int read = socket.getInputStream().read(answer, length, answer.length - length);
      if (read < 0) {
        break;
      }
      length += read;
    }
    return new String(answer, 0, length, US_ASCII);
  }
}
