package dev.ermine.peer;

import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import dev.ermine.trust.AnchoredServers;
import dev.ermine.trust.GatewayIdentity;
import dev.ermine.trust.Revocations;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One counterpart's connections on one event loop, all made with one identity of ours. It is
 * confined to that loop, held by each conversation that uses it, and closed when it is retired and
 * none holds it any more.
 */
final class PeerClient implements Carrier {

  /** What another version of the regions says of it. */
  enum Standing {
    /** It is connected to as it was. */
    UNCHANGED,
    /** Differently, and trusted as it was: what is under way may end. */
    CHANGED,
    /** It may not be asked any more, or not over these connections. */
    ENDED
  }

  private final PeerLoop loop;
  private final Counterpart counterpart;
  private final Line line;
  private final GatewayIdentity identity;
  private final Connections connections;
  private final Revocations revocations;
  private final AnchoredServers servers;
  private final HttpClientOptions options;
  private final HttpClient pooled;
  private @Nullable HttpClient fresh;
  private @Nullable HttpClient documents;
  private final Set<HttpConnection> served = Collections.newSetFromMap(new WeakHashMap<>());
  private final Set<HttpConnection> alive = new HashSet<>();
  private final Set<Conversation> holders = new LinkedHashSet<>();
  private boolean retired;
  private boolean closed;

  PeerClient(
      PeerLoop loop,
      Counterpart counterpart,
      Line line,
      GatewayIdentity identity,
      Connections connections,
      Revocations revocations) {
    this.loop = loop;
    this.counterpart = counterpart;
    this.line = line;
    this.identity = identity;
    this.connections = connections;
    this.revocations = revocations;
    this.servers = new AnchoredServers(line.anchors(), line.revocation(), revocations);
    this.options = ClientSettings.of(servers, identity, line);
    this.pooled = open(options);
  }

  @Override
  public PeerLoop loop() {
    return loop;
  }

  /** Whether it still asks, over connections such as these, and as whom. */
  boolean serves(Line declared, GatewayIdentity us) {
    return !retired && line.equals(declared) && identity.equals(us);
  }

  /** The count of its connections, which it shares with the region's clients on other loops. */
  @Override
  public Connections connections() {
    return connections;
  }

  /** How many connections it has now. */
  int open() {
    return alive.size();
  }

  /** Its kept-alive connections. */
  HttpClient pooled() {
    return pooled;
  }

  /** Connections used once each, which resume the TLS sessions of the others. */
  HttpClient fresh() {
    if (fresh == null) {
      fresh = open(ClientSettings.once(options));
    }
    return fresh;
  }

  /** Connections used once each, for a document that may take its time. */
  HttpClient documents() {
    if (documents == null) {
      documents = open(ClientSettings.ofDocuments(options), ClientSettings.poolOfDocuments(line));
    }
    return documents;
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

  /** What these regions say of the one that it asks. */
  Standing standing(Regions regions) {
    Optional<Region.Answers> declared = counterpart.in(regions).filter(line::isTrusted);
    if (declared.isEmpty()) {
      return Standing.ENDED;
    }
    Region.Answers now = declared.get();
    if (Line.of(now).equals(line)) {
      return Standing.UNCHANGED;
    }
    AnchoredServers trusted = new AnchoredServers(now.anchors(), now.revocation(), revocations);
    return alive.stream().map(HttpConnection::sslSession).allMatch(trusted::stillTrusts)
        ? Standing.CHANGED
        : Standing.ENDED;
  }

  @Override
  public boolean isStillTrusted(HttpConnection connection) {
    return servers.stillTrusts(connection.sslSession());
  }

  @Override
  public void forgetSessions() {
    if (options.getSslEngineOptions() instanceof PeerTls tls) {
      tls.forgetSessions();
    }
  }

  @Override
  public Region.Wire wire() {
    return line.wire();
  }

  void hold(Conversation conversation) {
    holders.add(conversation);
  }

  void release(Conversation conversation) {
    holders.remove(conversation);
    closeIfDone();
  }

  /** No conversation begins with it any more. */
  void retire() {
    retired = true;
    closeIfDone();
  }

  /** Every conversation with it ends at once, and its connections with them. */
  void cutOff() {
    retired = true;
    List.copyOf(holders).forEach(Conversation::cutOff);
    closeIfDone();
  }

  private void closeIfDone() {
    if (retired && holders.isEmpty() && !closed) {
      closed = true;
      loop.closed(this);
      pooled.close();
      if (fresh != null) {
        fresh.close();
      }
      if (documents != null) {
        documents.close();
      }
    }
  }

  /**
   * A connection without an exception handler has its faults logged by Vert.x with what the peer
   * sent. The exchange is told of the same fault, and speaks of it in our words.
   */
  private HttpClient open(HttpClientOptions settings) {
    return open(settings, ClientSettings.pool(line));
  }

  private HttpClient open(HttpClientOptions settings, PoolOptions pool) {
    return loop.vertx()
        .httpClientBuilder()
        .with(settings)
        .with(pool)
        .withConnectHandler(this::opened)
        .build();
  }

  private void opened(HttpConnection connection) {
    connections.opened();
    alive.add(connection);
    // TLS would have 16 KiB of the heap for each record, of which nobody sees more than a copy.
    ((ConnectionBase) connection).channel().config().setAllocator(PooledByteBufAllocator.DEFAULT);
    IdleFrames.bound(connection);
    connection
        .exceptionHandler(toldToItsExchange -> {})
        .closeHandler(
            any -> {
              connections.closed();
              alive.remove(connection);
            });
  }
}
