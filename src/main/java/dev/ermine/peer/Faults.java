package dev.ermine.peer;

import dev.ermine.merge.PeerAnswer.Miss;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong with a connection, in our words: an exception's message may hold the peer's. */
final class Faults {

  static final Miss TIMED_OUT = new Miss.TimedOut();
  static final Miss NOT_TRUSTED = new Miss.Unreachable("trust in it has ended");
  static final Miss TOO_LARGE = new Miss.Failing("more bytes than its limit allows");

  private Faults() {}

  /** Before a request could be sent. */
  static Miss connecting(Throwable fault) {
    if (has(fault, ConnectionPoolTooBusyException.class)) {
      return new Miss.Throttled(Optional.empty());
    }
    if (has(fault, SSLException.class)) {
      return new Miss.Unreachable("TLS was not agreed");
    }
    if (has(fault, UnknownHostException.class)) {
      return new Miss.Unreachable("its host name is not known");
    }
    if (has(fault, ConnectTimeoutException.class)) {
      return new Miss.Unreachable("no connection in time");
    }
    return new Miss.Unreachable("no connection");
  }

  /**
   * After a request was sent, before a response began. With TLS 1.3 a refused client hears late.
   */
  static Miss awaiting(Throwable fault) {
    return has(fault, SSLException.class)
        ? new Miss.Unreachable("TLS was not agreed")
        : receiving(fault);
  }

  /** While a response came. */
  static Miss receiving(Throwable fault) {
    boolean closed =
        has(fault, HttpClosedException.class)
            || has(fault, StreamResetException.class)
            || has(fault, IOException.class);
    return new Miss.Failing(
        closed ? "the connection ended before its answer did" : "its answer is not HTTP");
  }

  /** What is told of an address that is no record. */
  static String words(Miss miss) {
    return switch (miss) {
      case Miss.TimedOut _ -> "did not answer in time";
      case Miss.Unreachable(String why) -> "could not be reached: " + why;
      case Miss.Failing(String why) -> "failed: " + why;
      case Miss.Throttled _ -> "has no capacity left for us";
      case Miss.Refused _ -> "refused us";
    };
  }

  private static boolean has(Throwable fault, Class<? extends Throwable> kind) {
    @Nullable Throwable cause = fault;
    for (int depth = 0; cause != null && depth < 8; depth++) {
      if (kind.isInstance(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
