package dev.ermine.peer;

import dev.ermine.federation.Room;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Wire.Protocol;
import dev.ermine.trust.GatewayIdentity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * How one event loop opens its connections before anything is asked over them. An {@code
 * HttpClient} opens one only for a request, so each server is asked for the head of its capability
 * statement, without a token and about nobody, and whatever it says is thrown away: its TLS has
 * been agreed by then. Few shake hands at a time, and each only while at least half of its region's
 * quota is left. Confined to its loop.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#head">FHIR R4: support for HEAD</a>
 */
final class WarmUp {

  /** Opened at once, at most; a server that cannot be reached holds its two for a while. */
  private static final int AT_ONCE = 8;

  /** Connections to each: a query asks for several types at once. */
  private static final int CONNECTIONS = 2;

  /** How soon a region is looked at again whose quota left nothing over. */
  private static final Duration PAUSE = Duration.ofMillis(250);

  /** How long it is looked at again: what is not open by then, questions open. */
  private static final Duration LASTS = Duration.ofSeconds(20);

  /** A server, as whom it is to be connected to, and what that is counted in and drawn from. */
  record Server(
      Counterpart counterpart,
      Region.Answers answers,
      GatewayIdentity identity,
      Connections connections,
      Rate rate) {

    private int wanted() {
      return answers.wire().protocol() == Protocol.HTTP_2
          ? 1
          : Math.min(CONNECTIONS, answers.limits().connections());
    }
  }

  private final PeerLoop loop;
  private final Deque<Server> waiting = new ArrayDeque<>();
  private int list;
  private long end;
  private int underWay;

  WarmUp(PeerLoop loop) {
    this.loop = loop;
  }

  /** Begins with these servers. Those of an earlier list that have not had their turn are left. */
  void begin(List<Server> servers) {
    waiting.clear();
    waiting.addAll(servers);
    list++;
    end = System.nanoTime() + LASTS.toNanos();
    next();
  }

  private void next() {
    while (underWay <= AT_ONCE - CONNECTIONS && !waiting.isEmpty()) {
      open(waiting.remove());
    }
  }

  private void open(Server server) {
    PeerClient client =
        loop.client(
            server.counterpart(),
            Line.of(server.answers()),
            server.identity(),
            server.connections());
    if (client.open() >= server.wanted()) {
      return;
    }
    for (int i = 0; i < server.wanted(); i++) {
      if (server.rate().takeSpare()) {
        ask(server, client);
      } else if (i == 0) {
        later(server);
        return;
      }
    }
  }

  private void later(Server server) {
    int own = list;
    loop.vertx()
        .setTimer(
            PAUSE.toMillis(),
            any -> {
              if (own == list && System.nanoTime() < end) {
                waiting.add(server);
                next();
              }
            });
  }

  private void ask(Server server, PeerClient client) {
    Region.Answers answers = server.answers();
    int limit = answers.limits().bytes();
    Attempt attempt =
        new Attempt(client, Optional.empty(), limit, new Allowance(limit, Room.BOUNDLESS));
    long timer =
        loop.vertx()
            .setTimer(
                Math.max(1, answers.budget().toMillis()), any -> attempt.stop(Faults.TIMED_OUT));
    underWay++;
    attempt
        .reply()
        .onComplete(
            reply -> {
              loop.vertx().cancelTimer(timer);
              server.connections().warmed(reply.result() instanceof Reply.Response);
              underWay--;
              next();
            });
    attempt.begin(client.pooled(), PeerRequest.capabilities(answers).head());
  }
}
