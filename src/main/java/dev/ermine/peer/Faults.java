package dev.ermine.peer;

import dev.ermine.merge.PeerAnswer.Miss;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong with a connection, in our words: an exception's message may hold the peer's. */
final class Faults {

  static final Miss TIMED_OUT = new Miss.TimedOut();
  static final Miss NOT_TRUSTED = new Miss.Unreachable("trust in it has ended");
  static final Miss NO_HTTP_2 = new Miss.Unreachable("HTTP/2 was not agreed");
  static final Miss TOO_LARGE = new Miss.Failing("more bytes than its limit allows");
  static final Miss.Failing DOCUMENT_TOO_LARGE =
      new Miss.Failing("its document is larger than its limit allows");

  /** Ours to be out of, not the region's. */
  static final Miss NO_ROOM = new Miss.NoRoom();

  private static final Miss NO_TLS = new Miss.Unreachable("TLS was not agreed");
  private static final Miss NO_HOST = new Miss.Unreachable("its host name is not known");
  private static final Miss NOT_IN_TIME = new Miss.Unreachable("no connection in time");
  private static final Miss NO_CONNECTION = new Miss.Unreachable("no connection");
  private static final Miss CUT_OFF =
      new Miss.Failing("the connection ended before its answer did");
  private static final Miss NOT_HTTP = new Miss.Failing("its answer is not HTTP");

  /** Whatever is asked, and about whom; 501 is about what is asked. */
  private static final Set<Miss> OF_SERVER =
      Stream.concat(
              Stream.of(NO_TLS, NO_HOST, NOT_IN_TIME, NO_CONNECTION, NO_HTTP_2, CUT_OFF, NOT_HTTP),
              IntStream.range(500, 600).filter(status -> status != 501).mapToObj(Faults::ofStatus))
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<Integer> PASSING = Set.of(502, 503, 504);

  private Faults() {}

  /** Before a request could be sent. */
  static Miss connecting(Throwable fault) {
    if (has(fault, ConnectionPoolTooBusyException.class)) {
      return new Miss.Throttled(Optional.empty());
    }
    if (has(fault, SslHandshakeTimeoutException.class)) {
      return NOT_IN_TIME;
    }
    if (has(fault, SSLException.class)) {
      return has(fault, Faults::isOfProtocol) ? NO_HTTP_2 : NO_TLS;
    }
    if (has(fault, UnknownHostException.class)) {
      return NO_HOST;
    }
    return has(fault, ConnectTimeoutException.class) ? NOT_IN_TIME : NO_CONNECTION;
  }

  /**
   * Whether it is the alert that none of the protocols offered is spoken. JSSE tells it in words.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7301#section-3.2">RFC 7301, 3.2</a>
   */
  private static boolean isOfProtocol(Throwable fault) {
    return fault instanceof SSLException
        && String.valueOf(fault.getMessage()).contains("no_application_protocol");
  }

  /** Whether the peer has ended one exchange of HTTP/2, after it had begun to look at it. */
  static boolean isReset(Throwable fault) {
    return has(
        fault,
        it ->
            it instanceof StreamResetException reset
                && reset.getCode() != Http2Error.REFUSED_STREAM.code());
  }

  /**
   * After a request was sent, before a response began. With TLS 1.3 a refused client hears late.
   */
  static Miss awaiting(Throwable fault) {
    return has(fault, SSLException.class) ? NO_TLS : receiving(fault);
  }

  /** While a response came. */
  static Miss receiving(Throwable fault) {
    boolean closed =
        has(fault, HttpClosedException.class)
            || has(fault, StreamResetException.class)
            || has(fault, IOException.class);
    return closed ? CUT_OFF : NOT_HTTP;
  }

  /** A response with a status that no answer has. */
  static Miss ofStatus(int status) {
    return new Miss.Failing("answered with status " + status);
  }

  /** Whether it tells of a server that is down or broken, and not of what it was asked. */
  static boolean isOfServer(Miss miss) {
    return OF_SERVER.contains(miss);
  }

  /**
   * Whether the same may be answered when it is asked again at once: there was no connection, or it
   * broke, or something between us and the server failed. Not after TLS or a name, which are as
   * they are, nor where time has passed.
   */
  static boolean mayPass(Reply reply) {
    return switch (reply) {
      case Reply.Failed failed ->
          failed.miss().equals(NO_CONNECTION) || failed.miss().equals(CUT_OFF);
      case Reply.Response response -> PASSING.contains(response.status()) && !response.throttles();
      case Reply.Opened _ -> false;
    };
  }

  /** What is told of an address that is no record. */
  static String words(Miss miss) {
    return switch (miss) {
      case Miss.TimedOut _ -> "did not answer in time";
      case Miss.Unreachable(String why) -> "could not be reached: " + why;
      case Miss.Failing(String why) -> "failed: " + why;
      case Miss.Throttled _ -> "has no capacity left for us";
      case Miss.NoRoom _ -> "sent more than we could hold";
      case Miss.Refused _ -> "refused us";
    };
  }

  private static boolean has(Throwable fault, Class<? extends Throwable> kind) {
    return has(fault, kind::isInstance);
  }

  private static boolean has(Throwable fault, Predicate<Throwable> kind) {
    @Nullable Throwable cause = fault;
    for (int depth = 0; cause != null && depth < 8; depth++) {
      if (kind.test(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
