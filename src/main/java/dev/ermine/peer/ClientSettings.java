package dev.ermine.peer;

import dev.ermine.region.Region;
import dev.ermine.region.Region.Wire.Protocol;
import dev.ermine.trust.AnchoredServers;
import dev.ermine.trust.GatewayIdentity;
import dev.ermine.trust.ShownIdentity;
import dev.ermine.trust.TlsTerms;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.core.tracing.TracingPolicy;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * How a region is connected to: HTTP/1.1, or HTTP/2 where it insists, mutual TLS, nothing that
 * grows without a bound.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9325">RFC 9325: Recommendations for Secure Use of
 *     TLS</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113">RFC 9113: HTTP/2</a>
 */
final class ClientSettings {

  private static final int HEADER_BYTES = 16 * 1024;

  /**
   * How long a connection is kept with nothing to do: longer than the gaps of a quiet hour, and
   * shorter than what firewalls and balancers between forget connections after without a word (four
   * minutes and up), for such a one costs whoever is lent it his whole deadline.
   */
  private static final Duration KEPT = Duration.ofMinutes(2);

  /** How many may wait for each connection. */
  private static final int WAITING_PER_CONNECTION = 8;

  /** HTTP/2 over one connection would stop altogether when that one does. */
  private static final int HTTP_2_CONNECTIONS = 2;

  /** What is taken from a document's connection at once. */
  static final int CHUNK = 16 * 1024;

  /** What may have come of a document that is not read yet; the system doubles it. */
  private static final int DOCUMENT_BUFFER = 64 * 1024;

  private ClientSettings() {}

  /** As a region says. */
  static HttpClientOptions of(AnchoredServers servers, GatewayIdentity identity, Line line) {
    return of(servers, identity, line.wire().protocol(), line.connect())
        .setHttp2MultiplexingLimit(Math.max(1, line.connections() / http2Connections(line)));
  }

  /** As anybody who is not asked for records. */
  static HttpClientOptions ofControl(AnchoredServers servers, GatewayIdentity identity) {
    return of(servers, identity, Protocol.HTTP_1_1, Region.Wire.CONNECT);
  }

  private static HttpClientOptions of(
      AnchoredServers servers, GatewayIdentity identity, Protocol protocol, Duration connect) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setKeepAlive(true)
            .setKeepAliveTimeout(Math.toIntExact(KEPT.toSeconds()))
            .setPipelining(false)
            .setTcpNoDelay(true)
            .setDecompressionSupported(false)
            .setMaxRedirects(0)
            .setMaxHeaderSize(HEADER_BYTES)
            .setConnectTimeout(Math.toIntExact(Math.max(1, connect.toMillis())))
            // A span would hold the URL, and with GET the URL holds the patient.
            .setTracingPolicy(TracingPolicy.IGNORE);
    return secured(spoken(options, protocol), servers, identity, connect);
  }

  /** Whoever speaks HTTP/2 is offered nothing else, so that no fall-back goes unseen. */
  private static HttpClientOptions spoken(HttpClientOptions options, Protocol protocol) {
    return switch (protocol) {
      case HTTP_1_1 -> options.setProtocolVersion(HttpVersion.HTTP_1_1).setUseAlpn(false);
      case HTTP_2 ->
          options
              .setProtocolVersion(HttpVersion.HTTP_2)
              .setUseAlpn(true)
              .setAlpnVersions(List.of(HttpVersion.HTTP_2))
              .setHttp2KeepAliveTimeout(Math.toIntExact(KEPT.toSeconds()))
              .setInitialSettings(
                  new Http2Settings().setPushEnabled(false).setMaxHeaderListSize(HEADER_BYTES));
    };
  }

  private static HttpClientOptions secured(
      HttpClientOptions options,
      AnchoredServers servers,
      GatewayIdentity identity,
      Duration connect) {
    TlsTerms.SUITES.forEach(options::addEnabledCipherSuite);
    return options
        .setSsl(true)
        .setSslEngineOptions(new PeerTls(connect))
        .setVerifyHost(true)
        .setTrustAll(false)
        .setTrustOptions(TrustOptions.wrap(servers))
        .setKeyCertOptions(KeyCertOptions.wrap(new ShownIdentity(() -> identity)))
        .setEnabledSecureTransportProtocols(new LinkedHashSet<>(TlsTerms.PROTOCOLS));
  }

  /**
   * The same for connections that serve once, which resume the same sessions. One of HTTP/2 is not
   * closed by what it served, but soon after.
   */
  static HttpClientOptions once(HttpClientOptions options) {
    return new HttpClientOptions(options).setKeepAlive(false).setHttp2KeepAliveTimeout(1);
  }

  /** As many exchanges at once as the region allows connections: over HTTP/2 it has fewer. */
  static PoolOptions pool(Line line) {
    return new PoolOptions()
        .setHttp1MaxSize(line.connections())
        .setHttp2MaxSize(http2Connections(line))
        .setMaxWaitQueueSize(line.connections() * WAITING_PER_CONNECTION);
  }

  private static int http2Connections(Line line) {
    return Math.min(HTTP_2_CONNECTIONS, line.connections());
  }

  /** For one document each: no more of it is taken in than can soon be passed on. */
  static HttpClientOptions ofDocuments(HttpClientOptions settings) {
    return new HttpClientOptions(settings)
        .setKeepAlive(false)
        .setMaxChunkSize(CHUNK)
        .setReceiveBufferSize(DOCUMENT_BUFFER);
  }

  /** As many as there may be documents, which are counted over all event loops: nobody waits. */
  static PoolOptions poolOfDocuments(Line line) {
    return new PoolOptions().setHttp1MaxSize(line.open()).setMaxWaitQueueSize(line.open());
  }
}
