package dev.ermine.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine and versions that figures are of, as a line of text. */
final class Conditions {

  private Conditions() {}

  static String now() {
    return "Java %s, %d × %s shared by gateway, stand-ins and load; load average %.1f at the end"
        .formatted(
            Runtime.version(),
            Runtime.getRuntime().availableProcessors(),
            processor(),
            ProcessFigures.load());
  }

  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("core");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
