package dev.ermine.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A program beside the gateway that listens on ports of its own. It ends when it is closed, and
 * also when the process that started it dies.
 */
final class ChildProcess implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(60);

  private final Process process;
  private final Process watch;

  private ChildProcess(Process process, Process watch) {
    this.process = process;
    this.watch = watch;
  }

  /** Starts it, and waits until it listens on {@code port}; what it says goes to {@code log}. */
  static ChildProcess start(List<String> command, int port, Path log) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Process watch = new ProcessBuilder("sh", "-c", "read -r line; kill " + process.pid()).start();
      var child = new ChildProcess(process, watch);
      child.awaitListening(port, log);
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Process process() {
    return process;
  }

  private void awaitListening(int port, Path log) throws IOException {
    long end = System.nanoTime() + START.toNanos();
    while (!listens(port)) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        close();
        throw new IllegalStateException(
            "a program to compare with did not start: " + Files.readString(log));
      }
      Waiting.forMillis(50);
    }
  }

  private static boolean listens(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false; // not yet
    }
  }

  @Override
  public void close() {
    watch.destroyForcibly();
    process.destroyForcibly().onExit().join();
  }
}
