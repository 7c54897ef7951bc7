package dev.ermine.peer;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;

/**
 * The frames of HTTP/2 that a peer sends over one connection and that answer nothing: some keep it
 * alive, a flood of them ends it. Floods of others the codec bounds: of empty and small frames, of
 * headers, and of what waits to be acknowledged.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-10.5">RFC 9113, 10.5: denial of
 *     service</a>
 */
final class IdleFrames {

  private static final int AT_MOST = 100;
  private static final long PERIOD = Duration.ofSeconds(10).toNanos();

  private final HttpConnection connection;
  private long began = System.nanoTime();
  private int came;

  private IdleFrames(HttpConnection connection) {
    this.connection = connection;
  }

  /**
   * Ends {@code connection} when it is flooded with them. One of HTTP/1.1 has none, nor a window.
   */
  static void bound(HttpConnection connection) {
    if (connection.getWindowSize() < 0) {
      return;
    }
    IdleFrames frames = new IdleFrames(connection);
    connection.pingHandler(any -> frames.came());
    connection.remoteSettingsHandler(any -> frames.came());
  }

  private void came() {
    long now = System.nanoTime();
    if (now - began > PERIOD) {
      began = now;
      came = 0;
    }
    if (++came > AT_MOST) {
      connection.close();
    }
  }
}
