package dev.ermine.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** What operators see of keys in files: whether the newest are in force, and since when. */
final class LiveMeters {

  private final MeterRegistry registry;
  private final String name;
  private final String keys;
  private final Live<?> live;

  private LiveMeters(MeterRegistry registry, String name, String keys, Live<?> live) {
    this.registry = registry;
    this.name = name;
    this.keys = keys;
    this.live = live;
  }

  /**
   * Registers them.
   *
   * @param name what their names begin with
   * @param keys which keys they are, in words
   */
  static void register(MeterRegistry registry, String name, String keys, Live<?> live) {
    LiveMeters meters = new LiveMeters(registry, name, keys, live);
    meters.gauge(
        "refused", "whether the newest are refused", it -> it.refused().isPresent() ? 1 : 0);
    meters.gauge(
        "last.success.seconds",
        "when last found good, in seconds since 1970",
        it -> it.lastSuccess().getEpochSecond());
  }

  private void gauge(String last, String says, ToDoubleFunction<Live<?>> value) {
    Gauge.builder(name + "." + last, live, value)
        .description(keys + ": " + says)
        .register(registry);
  }
}
