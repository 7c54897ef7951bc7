package dev.ermine.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.LongStream;

/**
 * Histograms of time, all with the same few steps: from a commit to the disk to the longest wait.
 *
 * @see <a href="https://prometheus.io/docs/practices/histograms/">Prometheus: histograms</a>
 */
final class Timers {

  private static final Duration[] STEPS =
      LongStream.of(2, 10, 50, 100, 250, 500, 1000, 1500, 2000, 3000, 5000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private Timers() {}

  static Timer of(MeterRegistry registry, String name, String says, String... tags) {
    return Timer.builder(name)
        .description(says)
        .tags(tags)
        .serviceLevelObjectives(STEPS)
        .register(registry);
  }
}
