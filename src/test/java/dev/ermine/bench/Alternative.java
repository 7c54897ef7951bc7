package dev.ermine.bench;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One of those that are compared: a query to it, and its process.
 *
 * @param jvm what its JVM tells, where it has one
 */
record Alternative(String name, Query query, Process process, Optional<JvmFigures> jvm) {

  /**
   * What a stretch of load cost, each query alike.
   *
   * @param cpuMillis of the process, in user and system
   * @param peakMegabytes of memory held, since the process began
   * @param collecting milliseconds of garbage collection
   * @param unanswered queries that were not answered whole
   */
  record Cost(
      double cpuMillis,
      double perSecond,
      double allocatedMegabytes,
      double collecting,
      double residentMegabytes,
      double peakMegabytes,
      int unanswered) {}

  /** Loads it for a while, so many queries at a time. */
  Cost load(int atOnce, Duration time) {
    query.prepare();
    double allocated = jvm.map(of -> of.allocatedBytes() / 1e6).orElse(Double.NaN);
    double collected = jvm.map(of -> (double) of.collectingMillis()).orElse(Double.NaN);
    var figures = ProcessFigures.of(process);
    double cpu = figures.cpuMillis();
    Result result = Load.closed(query, atOnce, time);
    double used = figures.cpuMillis() - cpu;
    int count = result.count();
    return new Cost(
        used / count,
        result.perSecond(Heard::whole),
        jvm.map(of -> of.allocatedBytes() / 1e6 - allocated).orElse(Double.NaN) / count,
        jvm.map(of -> of.collectingMillis() - collected).orElse(Double.NaN) / count,
        figures.residentMegabytes(),
        figures.peakMegabytes(),
        count - result.count(Heard::whole));
  }

  /** Loads it until it has answered so many, or used so much CPU. */
  void warmUp(int atOnce, int queries, Duration cpu) {
    System.err.printf("warming up %s%n", name);
    var figures = ProcessFigures.of(process);
    double end = figures.cpuMillis() + cpu.toMillis();
    var ended = new AtomicInteger();
    Load.closed(
        query, atOnce, _ -> ended.incrementAndGet() >= queries || figures.cpuMillis() >= end);
  }
}
