package dev.ermine.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Random;

/**
 * A line to a stand-in through which bytes travel as badly as it is told: late, slowly, in fits, or
 * not to the end. TCP itself is whole: packets are neither lost nor mixed.
 */
final class Relay implements AutoCloseable {

  /**
   * How bytes travel at the time.
   *
   * @param delayMillis one way
   * @param bytesPerSecond in each direction of a connection; 0 for as many as there are
   * @param stallMillis that one piece in ten is held up besides
   * @param cut of pieces, the part that end their connection in its place
   */
  record Weather(int delayMillis, int bytesPerSecond, int stallMillis, double cut) {

    static final Weather FAIR = new Weather(0, 0, 0, 0);
  }

  private final Vertx vertx;
  private final NetServer server;
  private final NetClient client;
  private final Random random;

  private volatile Weather weather = Weather.FAIR;

  private Relay(Vertx vertx, int to, Random random) {
    this.vertx = vertx;
    this.random = random;
    this.client = vertx.createNetClient();
    this.server =
        Waiting.on(
            vertx
                .createNetServer()
                .connectHandler(
                    near -> {
                      near.pause();
                      client
                          .connect(to, "localhost")
                          .onSuccess(far -> join(near, far))
                          .onFailure(_ -> near.close());
                    })
                .listen(0, "localhost"));
  }

  /** A line to the port {@code to} of this machine. */
  static Relay to(int to, Vertx vertx, Random random) {
    return new Relay(vertx, to, random);
  }

  int port() {
    return server.actualPort();
  }

  void be(Weather wanted) {
    weather = wanted;
  }

  private void join(NetSocket near, NetSocket far) {
    new Direction(near, far).open();
    new Direction(far, near).open();
    near.resume();
  }

  /** Bytes one way: a piece never overtakes the one before. */
  private final class Direction {

    private final NetSocket from;
    private final NetSocket to;
    private long free; // when the last piece will have passed, in milliseconds

    private Direction(NetSocket from, NetSocket to) {
      this.from = from;
      this.to = to;
    }

    private void open() {
      from.handler(this::carry);
      from.closeHandler(_ -> after(free - millis(), to::close));
      from.exceptionHandler(_ -> to.close());
    }

    private void carry(Buffer piece) {
      Weather now = weather;
      if (random.nextDouble() < now.cut()) {
        from.close();
        to.close();
        return;
      }
      long travel = (long) now.delayMillis() + (random.nextInt(10) == 0 ? now.stallMillis() : 0);
      long width = now.bytesPerSecond() == 0 ? 0 : 1_000L * piece.length() / now.bytesPerSecond();
      free = Math.max(free, millis() + travel) + width;
      after(free - millis(), () -> to.write(piece));
    }

    private void after(long millis, Runnable then) {
      if (millis > 0) {
        vertx.setTimer(millis, _ -> then.run());
      } else {
        then.run();
      }
    }

    private static long millis() {
      return System.nanoTime() / 1_000_000L;
    }
  }

  @Override
  public void close() {
    Waiting.on(server.close());
    Waiting.on(client.close());
  }
}
