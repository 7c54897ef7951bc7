package dev.ermine.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux tells of a process. */
record ProcessFigures(long pid) {

  private static final double TICKS = 100; // a second: USER_HZ of every platform that Java runs on

  static ProcessFigures of(Process process) {
    return new ProcessFigures(process.pid());
  }

  /** CPU that it has used so far, in user and system, in milliseconds. */
  double cpuMillis() {
    String stat = read("stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1); // from field 3
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 1e3 / TICKS;
  }

  /** Memory that it holds, in MiB. */
  double residentMegabytes() {
    return megabytes("VmRSS:");
  }

  /** The most memory that it has ever held, in MiB. */
  double peakMegabytes() {
    return megabytes("VmHWM:");
  }

  private double megabytes(String name) {
    return read("status")
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
        .findFirst()
        .orElseThrow();
  }

  /** The machine's load average of the last minute. */
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private String read(String file) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(pid), file));
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " is gone, or this is not Linux", e);
    }
  }
}
