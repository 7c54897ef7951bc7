package dev.ermine.peer;

import dev.ermine.region.Regions;
import dev.ermine.trust.GatewayIdentity;
import dev.ermine.trust.Revocations;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

/**
 * An event loop with its own client per counterpart. All but {@link #run} is called on the loop.
 */
final class PeerLoop {

  private final ContextInternal context;
  private final Revocations revocations;
  private final Map<Counterpart, PeerClient> clients = new HashMap<>();
  private final Set<PeerClient> open = new HashSet<>();
  private final WarmUp warmUp = new WarmUp(this);

  private PeerLoop(ContextInternal context, Revocations revocations) {
    this.context = context;
    this.revocations = revocations;
  }

  static PeerLoop on(VertxInternal vertx, EventLoop eventLoop, Revocations revocations) {
    ClassLoader loader = VertxPeer.class.getClassLoader();
    return new PeerLoop(vertx.createEventLoopContext(eventLoop, null, loader), revocations);
  }

  /** Runs {@code action} on this loop, soon. */
  void run(Runnable action) {
    context.runOnContext(any -> action.run());
  }

  Vertx vertx() {
    return context.owner();
  }

  /** What was promised elsewhere, told on this loop. */
  <T> Future<T> told(CompletionStage<T> promised) {
    return Future.fromCompletionStage(promised, context);
  }

  /** Does {@code work} off this loop, and tells of it on this loop. */
  <T> Future<T> aside(Callable<T> work) {
    return context.executeBlocking(work, false).map(done -> Objects.requireNonNull(done));
  }

  /**
   * The client that asks {@code counterpart} over such a line, as {@code identity}. One of another
   * line or identity is retired: nothing more is asked over its connections.
   */
  PeerClient client(
      Counterpart counterpart, Line line, GatewayIdentity identity, Connections connections) {
    PeerClient client = clients.get(counterpart);
    if (client != null && client.serves(line, identity)) {
      return client;
    }
    PeerClient successor =
        new PeerClient(this, counterpart, line, identity, connections, revocations);
    clients.put(counterpart, successor);
    open.add(successor);
    if (client != null) {
      client.retire();
    }
    return successor;
  }

  /** Opens connections to these servers, so that what is asked next finds them open. */
  void warm(List<WarmUp.Server> servers) {
    warmUp.begin(servers);
  }

  /** Ends what these regions no longer vouch for, retired clients that are still held included. */
  void follow(Regions regions) {
    for (PeerClient client : List.copyOf(open)) {
      switch (client.standing(regions)) {
        case UNCHANGED -> {}
        case CHANGED -> client.retire();
        case ENDED -> client.cutOff();
      }
    }
  }

  /** That client has no connections any more. */
  void closed(PeerClient client) {
    open.remove(client);
    clients.values().remove(client);
  }
}
