package dev.ermine.http;

import static java.util.Map.entry;

import dev.ermine.trust.Thumbprints;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.ext.web.RoutingContext;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** One connection that is open to us, and the answers that are being written to it. */
final class Caller {

  private static final Logger LOG = Logger.getLogger(Caller.class);

  private final Channel channel;
  private final String thumbprint;
  private final Predicate<String> askers;
  private final Set<Departure> departures = ConcurrentHashMap.newKeySet();

  // The rest is confined to the channel's event loop.
  private boolean wasAsker;
  private boolean ending;
  private int underWay;

  Caller(Channel channel, X509Certificate certificate, Predicate<String> askers) {
    this.channel = channel;
    this.thumbprint = Thumbprints.x5tS256(certificate);
    this.askers = askers;
  }

  /** A request has come. Its end is told off the event loop, too. */
  void begin(RoutingContext wire) {
    underWay++;
    lookAtTrust();
    wire.addHeadersEndHandler(
        any -> {
          if (ending) {
            wire.response().putHeader("Connection", "close");
          }
        });
    wire.addEndHandler(
        any -> {
          Set<Departure> written = Set.copyOf(departures);
          channel.eventLoop().execute(() -> ended(written));
        });
  }

  private void ended(Set<Departure> written) {
    underWay--;
    // Behind all that waits to be written.
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            any -> {
              departures.removeAll(written);
              closeIfEnding();
            });
  }

  void note(Departure departure) {
    departures.add(departure);
  }

  Stream<Departure> departures() {
    return departures.stream();
  }

  /**
   * Ends the connection in the midst of an answer. It is reset, so that not even what the kernel
   * still holds is sent; whoever reads it misses what its length has announced.
   */
  void cut(Departure departure) {
    channel
        .eventLoop()
        .execute(
            () -> {
              if (departures.contains(departure)) {
                LOG.warnf(
                    "an answer was cut, for trust that it rests on has ended",
                    entry("requestId", departure.requestId()),
                    entry("region", departure.asker().region()));
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
                // From the first handler on, past TLS: its farewell would wait for what is queued.
                var _ = channel.pipeline().firstContext().close();
              }
            });
  }

  /** Lets what is under way on an asker's connection end, and then closes it. */
  void closeUnlessAsker() {
    channel
        .eventLoop()
        .execute(
            () -> {
              lookAtTrust();
              closeIfEnding();
            });
  }

  /** Another's, such as an officer's, has no trust to lose. */
  private void lookAtTrust() {
    boolean asks = askers.test(thumbprint);
    ending |= wasAsker && !asks;
    wasAsker |= asks;
  }

  private void closeIfEnding() {
    if (ending && underWay == 0) {
      var _ = channel.close();
    }
  }
}
