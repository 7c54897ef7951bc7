package dev.ermine.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of this machine for a process that is yet to listen, or for nobody.
 *
 * <p>They lie below those that a system gives to outgoing connections (from 32768 on Linux, 49152
 * elsewhere): one of those may be given away again before the process that was told it listens.
 */
public final class Ports {

  private static final int FIRST = 12_000;
  private static final int LAST = 32_000;

  private static int last = ThreadLocalRandom.current().nextInt(FIRST, LAST); // JVMs start apart

  private Ports() {}

  /** One that nobody listens on, and that this JVM has not handed out before. */
  public static synchronized int free() {
    for (int tried = FIRST; tried < LAST; tried++) {
      last = last + 1 < LAST ? last + 1 : FIRST;
      if (isFree(last)) {
        return last;
      }
    }
    throw new IllegalStateException("no port is free from " + FIRST + " to " + LAST);
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false; // taken, which is an answer
    }
  }
}
