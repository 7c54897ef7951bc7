package dev.ermine.http;

import static java.util.Map.entry;

import dev.ermine.trust.Thumbprints;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
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

  /** Of an answer without a bound, in bytes. */
  private static final WriteBufferWaterMark WAITING =
      new WriteBufferWaterMark(16 * 1024, 32 * 1024);

  /** The system doubles it. */
  private static final int SENT_BYTES = 64 * 1024;

  private final Channel channel;
  private final String thumbprint;
  private final Whose whose;
  private final Predicate<String> askers;
  private final Set<Departure> departures = ConcurrentHashMap.newKeySet();

  // The rest is confined to the channel's event loop.
  private boolean wasAsker;
  private boolean ending;
  private int underWay;

  Caller(Channel channel, X509Certificate certificate, Whose whose, Predicate<String> askers) {
    this.channel = channel;
    this.thumbprint = Thumbprints.x5tS256(certificate);
    this.whose = whose;
    this.askers = askers;
  }

  /** Whose requests these are, as it was when the connection was opened. */
  Whose whose() {
    return whose;
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

  /** Ends the connection in the midst of an answer. */
  void cut(Departure departure) {
    channel
        .eventLoop()
        .execute(
            () -> {
              if (departures.contains(departure)) {
                LOG.warnf(
                    "an answer was cut, for trust that it rests on has ended",
                    entry("requestId", departure.requestId()),
                    entry("region", departure.asker().sender()));
                Outflow.reset(channel);
              }
            });
  }

  /** Ends the connection in the midst of an answer that has no end. */
  void reset() {
    channel.eventLoop().execute(() -> Outflow.reset(channel));
  }

  /** Lets little wait here, or in the system, of what this caller has not read yet. */
  void narrow() {
    channel.config().setWriteBufferWaterMark(WAITING);
    channel.config().setOption(ChannelOption.SO_SNDBUF, SENT_BYTES);
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
