package dev.ermine.http;

import static java.util.Map.entry;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The leaving of one answer, byte by byte. Its reader holds the memory that it stands in: one that
 * has all but stopped is cut off, since neither the server's idle timeout nor its write queue ends
 * a reader that drips.
 */
final class Outflow {

  private static final Logger LOG = Logger.getLogger(Outflow.class);

  /** From one look to the next so many bytes have to leave, after the first. */
  static final Duration LOOK = Duration.ofSeconds(10);

  static final int LEAST = 64 * 1024;

  private final RoutingContext wire;
  private final Channel channel;
  private final ScheduledFuture<?> looks;
  private boolean hasBegun;
  private long left;

  private Outflow(RoutingContext wire, Duration look) {
    this.wire = wire;
    this.channel = channelOf(wire);
    long millis = look.toMillis();
    this.looks =
        channel.eventLoop().scheduleAtFixedRate(this::look, millis, millis, TimeUnit.MILLISECONDS);
  }

  /**
   * Watches over what answers {@code wire}.
   *
   * @param out told once, when all of it has left or its client has gone
   */
  static void watch(RoutingContext wire, Runnable out) {
    watch(wire, LOOK, out);
  }

  /** The same, looking so often. */
  static void watch(RoutingContext wire, Duration look, Runnable out) {
    Outflow outflow = new Outflow(wire, look);
    wire.addEndHandler(_ -> outflow.ended(out));
  }

  static Channel channelOf(RoutingContext wire) {
    return ((ConnectionBase) wire.request().connection()).channel();
  }

  /** Where it is told of the end is anybody's thread, and bytes may wait to be written yet. */
  private void ended(Runnable out) {
    channel
        .eventLoop()
        .execute(
            () ->
                channel
                    .writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(
                        _ -> {
                          looks.cancel(false);
                          out.run();
                        }));
  }

  private void look() {
    HttpServerResponse response = wire.response();
    long waiting = waiting();
    long now = response.bytesWritten() - waiting;
    if (hasBegun && waiting > 0 && now - left < LEAST) {
      LOG.warnf(
          "an answer was cut, for its reader has all but stopped",
          entry("requestId", String.valueOf(response.headers().get("X-Request-Id"))));
      reset(channel);
    }
    hasBegun = response.headWritten();
    left = now;
  }

  /** Bytes that the client's side does not take. */
  private long waiting() {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    return queue == null ? 0 : queue.totalPendingWriteBytes();
  }

  /**
   * Ends a connection in the midst of an answer. It is reset, so that not even what the kernel
   * still holds is sent; whoever reads it misses what its length has announced.
   */
  static void reset(Channel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      // From the first handler on, past TLS: its farewell would wait for what is queued.
      var _ = channel.pipeline().firstContext().close();
    }
  }
}
