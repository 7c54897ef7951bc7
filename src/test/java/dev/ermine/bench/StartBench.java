package dev.ermine.bench;

import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.Sandbox;
import dev.ermine.testing.GatewayProcess;
import dev.ermine.testing.Launch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a start costs and what an idle gateway holds: the packaged jar, the same under the image's
 * JVM options, and the image's layout with its AOT cache, in turn, so that what else the machine
 * does falls on all alike. Linux only.
 *
 * <p>CPU is the process's own, user and system, up to its first 200; that does not grow with the
 * machine's load as the time on the wall does.
 */
public final class StartBench {

  private static final int ROUNDS = 5;
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Path LAYOUT = Path.of("target", "image").toAbsolutePath();

  private enum Way {
    JAR("the jar", Launch.jar(List.of())),
    OPTIONS("the jar, the image's options", Launch.jar(List.of("@" + LAYOUT + "/jvm.options"))),
    IMAGE("the image's layout", Launch.image(LAYOUT).with(List.of("-XX:AOTMode=on")));

    private final String words;
    private final Launch launch;

    Way(String words, Launch launch) {
      this.words = words;
      this.launch = launch;
    }
  }

  private record Start(double cpuSeconds, double wallSeconds, double idleMegabytes) {}

  private StartBench() {}

  /** Prints the table. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path files = Files.createTempDirectory("ermine-bench");
    var starts = new EnumMap<Way, List<Start>>(Way.class);
    try (var sandbox = Sandbox.start(DevPki.in(files.resolve("certs")))) {
      String regions = GatewayProcess.regions(sandbox);
      for (int round = 1; round <= ROUNDS; round++) {
        System.err.println("round " + round + " of " + ROUNDS);
        for (Way way : Way.values()) {
          starts.computeIfAbsent(way, _ -> new ArrayList<>()).add(start(way, files, regions));
        }
      }
    }
    print(starts);
  }

  private static Start start(Way way, Path files, String regions)
      throws IOException, InterruptedException {
    DevPki pki = DevPki.in(files.resolve("certs"));
    Instant begin = Instant.now();
    try (var gateway = GatewayProcess.start(pki, regions, files, way.launch, Map.of())) {
      double cpu = seconds(gateway.process().info().totalCpuDuration().orElseThrow());
      double wall = seconds(Duration.between(begin, Instant.now()));
      Thread.sleep(IDLE);
      return new Start(cpu, wall, residentMegabytes(gateway.process().pid()));
    }
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }

  private static double residentMegabytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
        .findFirst()
        .orElseThrow();
  }

  private static void print(Map<Way, List<Start>> starts) {
    System.out.printf(
        "%nMedians of %d alternating rounds; Java %s, %d cores, load %.1f.%n%n",
        ROUNDS,
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    System.out.println(
        "| start | CPU to the first 200 | × the jar's | wall | RSS after %d s idle |"
            .formatted(IDLE.toSeconds()));
    System.out.println("|---|---|---|---|---|");
    double jar = median(starts.get(Way.JAR), Start::cpuSeconds);
    starts.forEach(
        (way, measured) -> {
          double cpu = median(measured, Start::cpuSeconds);
          System.out.printf(
              "| %s | %.2f s | %.2f | %.2f s | %.0f MiB |%n",
              way.words,
              cpu,
              cpu / jar,
              median(measured, Start::wallSeconds),
              median(measured, Start::idleMegabytes));
        });
  }

  private static double median(List<Start> starts, ToDoubleFunction<Start> of) {
    return starts.stream()
        .mapToDouble(of)
        .sorted()
        .skip(starts.size() / 2)
        .findFirst()
        .orElseThrow();
  }
}
