package dev.ermine.sandbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The sandbox as a process of its own. It ends when it is closed, or when this process ends. */
final class SandboxProcess implements AutoCloseable {

  private static final int STOP_SECONDS = 10;

  private final Process process;

  private SandboxProcess(Process process) {
    this.process = process;
  }

  /** Starts the regions on their usual ports, and waits until they listen. */
  static SandboxProcess start(Path keys) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Sandbox.class.getName(),
                keys.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var sandbox = new SandboxProcess(process);
    BufferedReader out = process.inputReader();
    String line = out.readLine();
    while (line != null && !line.startsWith("sandbox ready")) {
      line = out.readLine();
    }
    if (line == null) {
      sandbox.close();
      throw new IOException("the sandbox did not start: see above");
    }
    return sandbox;
  }

  Process process() {
    return process;
  }

  /** Closes its input, at which it ends. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
