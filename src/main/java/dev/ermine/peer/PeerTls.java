package dev.ermine.peer;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/**
 * TLS to one counterpart: one context for all clients that are opened with it, so that a new
 * connection resumes the session of an earlier one, and one time within which each connection is
 * made, from looking its address up to TLS agreed, and HTTP/2 where it is spoken.
 *
 * <p>Sessions are resumed within it alone. A counterpart with other anchors, or one that is shown
 * another certificate of ours, is given TLS of its own and so agrees it from the beginning.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-2.2">RFC 8446, 2.2: resumption</a>
 */
final class PeerTls extends JdkSSLEngineOptions {

  private final Duration connect;
  private @Nullable Timed context;

  /**
   * @param connect the time within which a connection is made
   */
  PeerTls(Duration connect) {
    this.connect = connect;
  }

  /** The same one: each client copies its options, and all shall have one context. */
  @Override
  public PeerTls copy() {
    return this;
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new DefaultSslContextFactory(SslProvider.JDK, false) {
      @Override
      public SslContext create() throws SSLException {
        return shared(super::create);
      }
    };
  }

  private interface Made {
    SslContext now() throws SSLException;
  }

  private synchronized SslContext shared(Made made) throws SSLException {
    if (context == null) {
      context = new Timed(made, connect);
    }
    return context;
  }

  /**
   * Resumes none of the sessions so far: JSSE has no way to end all that a peer gave tickets for.
   */
  synchronized void forgetSessions() {
    if (context != null) {
      context.renew();
    }
  }

  /** A context whose handshakes have only what is left of the time that a connection has. */
  private static final class Timed extends SslContext {

    private final Made maker;
    private final Duration connect;
    private volatile SslContext made;

    private Timed(Made maker, Duration connect) throws SSLException {
      this.maker = maker;
      this.connect = connect;
      this.made = maker.now();
    }

    private void renew() {
      try {
        made = maker.now();
      } catch (SSLException e) {
        throw new IllegalStateException("TLS cannot be made as it was before", e);
      }
    }

    @Override
    public boolean isClient() {
      return made.isClient();
    }

    @Override
    public List<String> cipherSuites() {
      return made.cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation") // as a type, not to be told of
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
      return made.applicationProtocolNegotiator();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator buffers) {
      return made.newEngine(buffers);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator buffers, String host, int port) {
      return made.newEngine(buffers, host, port);
    }

    @Override
    public SSLSessionContext sessionContext() {
      return made.sessionContext();
    }

    @Override
    protected SslHandler newHandler(
        ByteBufAllocator buffers, String host, int port, boolean startTls, Executor tasks) {
      return new Handshake(newEngine(buffers, host, port), startTls, tasks, connect);
    }
  }

  /** The TLS of one connection, made just before that is. */
  private static final class Handshake extends SslHandler {

    private final long end;

    private Handshake(SSLEngine engine, boolean startTls, Executor tasks, Duration connect) {
      super(engine, startTls, tasks);
      this.end = System.nanoTime() + connect.toNanos();
    }

    @Override
    public void channelActive(ChannelHandlerContext connection) throws Exception {
      setHandshakeTimeout(left(), TimeUnit.NANOSECONDS);
      var _ =
          handshakeFuture()
              .addListener(
                  agreed -> {
                    if (agreed.isSuccess() && "h2".equals(applicationProtocol())) {
                      awaitSettings(connection);
                    }
                  });
      super.channelActive(connection);
    }

    /** HTTP/2 is not there before the peer's settings are, and nothing else waits for those. */
    private void awaitSettings(ChannelHandlerContext connection) {
      var _ =
          connection
              .executor()
              .schedule(
                  () -> {
                    Http2ConnectionHandler http2 =
                        connection.pipeline().get(Http2ConnectionHandler.class);
                    if (http2 != null && !http2.decoder().prefaceReceived()) {
                      var _ = connection.close();
                    }
                  },
                  left(),
                  TimeUnit.NANOSECONDS);
    }

    private long left() {
      return Math.max(TimeUnit.MILLISECONDS.toNanos(1), end - System.nanoTime());
    }
  }
}
