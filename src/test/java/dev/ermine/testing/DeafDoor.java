package dev.ermine.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A port of loopback at which a new connection hears nothing, neither yes nor no: its queue is full
 * of connections that nobody accepts, so Linux drops each further SYN.
 */
final class DeafDoor implements AutoCloseable {

  private static final int MOST = 64;
  private static final int MILLIS = 300;

  private final ServerSocket door;
  private final List<Socket> queued;

  private DeafDoor(ServerSocket door, List<Socket> queued) {
    this.door = door;
    this.queued = queued;
  }

  static DeafDoor open() throws IOException {
    var door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    var deaf = new DeafDoor(door, new ArrayList<>());
    while (deaf.hears()) {
      if (deaf.queued.size() > MOST) {
        throw new IOException("this system queues more connections than it is told to");
      }
    }
    return deaf;
  }

  private boolean hears() throws IOException {
    var next = new Socket();
    queued.add(next);
    try {
      next.connect(new InetSocketAddress(door.getInetAddress(), door.getLocalPort()), MILLIS);
      return true;
    } catch (SocketTimeoutException full) {
      return false;
    }
  }

  int port() {
    return door.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : queued) {
      socket.close();
    }
    door.close();
  }
}
