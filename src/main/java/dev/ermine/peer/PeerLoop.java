package dev.ermine.peer;

import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/** An event loop with its own client per region. All but {@link #run} is called on the loop. */
final class PeerLoop {

  private final ContextInternal context;
  private final PemKeyCertOptions certificate;
  private final Map<RegionId, PeerClient> clients = new HashMap<>();

  private PeerLoop(ContextInternal context, PemKeyCertOptions certificate) {
    this.context = context;
    this.certificate = certificate;
  }

  static PeerLoop on(VertxInternal vertx, EventLoop eventLoop, PemKeyCertOptions certificate) {
    ClassLoader loader = VertxPeer.class.getClassLoader();
    return new PeerLoop(vertx.createEventLoopContext(eventLoop, null, loader), certificate);
  }

  /** Runs {@code action} on this loop, soon. */
  void run(Runnable action) {
    context.runOnContext(any -> action.run());
  }

  Vertx vertx() {
    return context.owner();
  }

  /** Does {@code work} off this loop, and tells of it on this loop. */
  <T> Future<T> aside(Callable<T> work) {
    return context.executeBlocking(work, false).map(done -> Objects.requireNonNull(done));
  }

  /**
   * The client of {@code region} as it is declared now. One of an earlier declaration is retired.
   */
  PeerClient client(Region region, Connections connections) {
    Region.Answers answers = region.answers().orElseThrow();
    PeerClient client = clients.get(region.id());
    if (client != null && client.answers().equals(answers)) {
      return client;
    }
    PeerClient successor = new PeerClient(this, answers, certificate, connections);
    clients.put(region.id(), successor);
    if (client != null) {
      client.retire();
    }
    return successor;
  }
}
