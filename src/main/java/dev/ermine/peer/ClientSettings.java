package dev.ermine.peer;

import dev.ermine.region.Region;
import dev.ermine.trust.AnchoredServers;
import dev.ermine.trust.GatewayIdentity;
import dev.ermine.trust.ShownIdentity;
import dev.ermine.trust.TlsTerms;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.core.tracing.TracingPolicy;
import java.util.LinkedHashSet;
import java.util.concurrent.TimeUnit;

/**
 * How a region is connected to: HTTP/1.1, mutual TLS, nothing that grows without a bound.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9325">RFC 9325: Recommendations for Secure Use of
 *     TLS</a>
 */
final class ClientSettings {

  private static final int CONNECT_MILLIS = 1_000;
  private static final int HANDSHAKE_MILLIS = 2_000;
  private static final int HEADER_BYTES = 16 * 1024;

  /** How many may wait for each connection. */
  private static final int WAITING_PER_CONNECTION = 8;

  private ClientSettings() {}

  static HttpClientOptions of(AnchoredServers servers, GatewayIdentity identity) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_1_1)
            .setKeepAlive(true)
            .setPipelining(false)
            .setTcpNoDelay(true)
            .setDecompressionSupported(false)
            .setMaxRedirects(0)
            .setMaxHeaderSize(HEADER_BYTES)
            .setConnectTimeout(CONNECT_MILLIS)
            // A span would hold the URL, and with GET the URL holds the patient.
            .setTracingPolicy(TracingPolicy.IGNORE);
    return secured(options, servers, identity);
  }

  private static HttpClientOptions secured(
      HttpClientOptions options, AnchoredServers servers, GatewayIdentity identity) {
    TlsTerms.SUITES.forEach(options::addEnabledCipherSuite);
    options.setSslHandshakeTimeout(HANDSHAKE_MILLIS);
    options.setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    return options
        .setSsl(true)
        .setVerifyHost(true)
        .setTrustAll(false)
        .setTrustOptions(TrustOptions.wrap(servers))
        .setKeyCertOptions(KeyCertOptions.wrap(new ShownIdentity(() -> identity)))
        .setEnabledSecureTransportProtocols(new LinkedHashSet<>(TlsTerms.PROTOCOLS));
  }

  static PoolOptions pool(Region.Answers answers) {
    int connections = answers.limits().connections();
    return new PoolOptions()
        .setHttp1MaxSize(connections)
        .setMaxWaitQueueSize(connections * WAITING_PER_CONNECTION);
  }
}
