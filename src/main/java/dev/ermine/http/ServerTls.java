package dev.ermine.http;

import dev.ermine.trust.TlsTerms;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.util.LinkedHashSet;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;

/**
 * How the gateway ends TLS: 1.3 and 1.2, authenticated encryption alone, one handshake, and a
 * client certificate asked for and checked against the regions in force.
 *
 * @see <a href="https://www.ncsc.gov.uk/guidance/using-tls-to-protect-data">NCSC: Using TLS</a>
 */
public final class ServerTls implements HttpServerOptionsCustomizer {

  private final X509KeyManager own;
  private final X509TrustManager clients;

  /**
   * @param own what is shown of ourselves, asked at each handshake
   * @param clients who may show themselves, asked at each handshake
   */
  public ServerTls(X509KeyManager own, X509TrustManager clients) {
    this.own = own;
    this.clients = clients;
  }

  @Override
  public void customizeHttpsServer(HttpServerOptions options) {
    // Read at the first handshake. Who has shaken hands has shown who they are, once.
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    options
        .setSsl(true)
        .setKeyCertOptions(KeyCertOptions.wrap(own))
        // Asked for, not demanded: without one only public addresses answer, with an outcome.
        .setClientAuth(ClientAuth.REQUEST)
        .setTrustOptions(TrustOptions.wrap(clients))
        .setEnabledSecureTransportProtocols(new LinkedHashSet<>(TlsTerms.PROTOCOLS))
        .setSslHandshakeTimeout(5)
        .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
        .setUseAlpn(false)
        .setTcpNoDelay(true);
    options.getEnabledCipherSuites().clear();
    TlsTerms.SUITES.forEach(options::addEnabledCipherSuite);
  }
}
