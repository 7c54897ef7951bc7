package dev.ermine.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A port on loopback where so many wait to be accepted that the kernel answers no further SYN: a
 * black hole, as a firewall that drops packets is one.
 */
public final class FullBacklog implements AutoCloseable {

  private static final int MORE_THAN_WAIT = 16;

  private final ServerSocket door;
  private final List<Socket> waiting = new ArrayList<>();

  /** Nobody gets through it from now on. */
  public FullBacklog() {
    try {
      this.door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      fill();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void fill() throws IOException {
    for (int i = 0; i < MORE_THAN_WAIT; i++) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), door.getLocalPort()), 300);
      } catch (SocketTimeoutException full) {
        return;
      }
    }
    throw new IllegalStateException("this kernel answers however many wait");
  }

  /** An address there. */
  public URI base() {
    return URI.create("https://localhost:" + door.getLocalPort() + "/fhir");
  }

  /** Lets whoever waits in. */
  public Socket accept() throws IOException {
    return door.accept();
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : waiting) {
      socket.close();
    }
    door.close();
  }
}
