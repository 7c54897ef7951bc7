package dev.ermine.peer;

import dev.ermine.region.Region;
import dev.ermine.trust.GatewayIdentity;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One region's connections on one event loop, all made with one identity of ours. It is confined to
 * that loop, held by each conversation that uses it, and closed when it is retired and none holds
 * it any more.
 */
final class PeerClient implements Carrier {

  private final PeerLoop loop;
  private final Region.Answers answers;
  private final GatewayIdentity identity;
  private final Connections connections;
  private final HttpClientOptions options;
  private final HttpClient pooled;
  private @Nullable HttpClient fresh;
  private final Set<HttpConnection> served = Collections.newSetFromMap(new WeakHashMap<>());
  private int holders;
  private boolean retired;

  PeerClient(
      PeerLoop loop, Region.Answers answers, GatewayIdentity identity, Connections connections) {
    this.loop = loop;
    this.answers = answers;
    this.identity = identity;
    this.connections = connections;
    this.options = ClientSettings.of(answers, identity);
    this.pooled = open(options);
  }

  @Override
  public PeerLoop loop() {
    return loop;
  }

  Region.Answers answers() {
    return answers;
  }

  /** Whether it asks the region as it is declared, and as whom. */
  boolean serves(Region.Answers declared, GatewayIdentity us) {
    return answers.equals(declared) && identity.equals(us);
  }

  /** The count of its connections, which it shares with the region's clients on other loops. */
  @Override
  public Connections connections() {
    return connections;
  }

  /** Its kept-alive connections. */
  HttpClient pooled() {
    return pooled;
  }

  /** Connections used once each. */
  HttpClient fresh() {
    if (fresh == null) {
      fresh = open(new HttpClientOptions(options).setKeepAlive(false));
    }
    return fresh;
  }

  /** Notes that a whole answer came over {@code connection}. */
  @Override
  public void hasServed(HttpConnection connection) {
    served.add(connection);
  }

  /** Whether {@code connection} was kept alive since an earlier answer. */
  @Override
  public boolean isReused(HttpConnection connection) {
    return served.contains(connection);
  }

  void hold() {
    holders++;
  }

  void release() {
    holders--;
    closeIfDone();
  }

  /** No conversation begins with it any more. */
  void retire() {
    retired = true;
    closeIfDone();
  }

  private void closeIfDone() {
    if (retired && holders == 0) {
      pooled.close();
      if (fresh != null) {
        fresh.close();
      }
    }
  }

  /**
   * A connection without an exception handler has its faults logged by Vert.x with what the peer
   * sent. The exchange is told of the same fault, and speaks of it in our words.
   */
  private HttpClient open(HttpClientOptions settings) {
    return loop.vertx()
        .httpClientBuilder()
        .with(settings)
        .with(ClientSettings.pool(answers))
        .withConnectHandler(this::opened)
        .build();
  }

  private void opened(HttpConnection connection) {
    connections.opened();
    connection.exceptionHandler(toldToItsExchange -> {}).closeHandler(any -> connections.closed());
  }
}
