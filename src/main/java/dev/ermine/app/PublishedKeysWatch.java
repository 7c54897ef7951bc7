package dev.ermine.app;

import static java.util.Map.entry;

import dev.ermine.region.LiveRegions;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.PublishedKeys;
import dev.ermine.trust.PublishedKeys.Standing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;

/** The look, each second, at whether the keys that regions publish have to be fetched again. */
@Singleton
final class PublishedKeysWatch {

  private static final Logger LOG = Logger.getLogger(PublishedKeysWatch.class);

  private final PublishedKeys published;
  private final Supplier<Regions> regions;
  private final MultiGauge age;
  private final MultiGauge failures;
  private final Map<RegionId, Optional<String>> told = new HashMap<>();

  @Inject
  PublishedKeysWatch(PublishedKeys published, LiveRegions live, MeterRegistry registry) {
    this(published, live::current, registry);
  }

  PublishedKeysWatch(PublishedKeys published, Supplier<Regions> regions, MeterRegistry registry) {
    this.published = published;
    this.regions = regions;
    this.age =
        MultiGauge.builder("ermine.published.keys.age")
            .description("how old the copy of a region's published keys is that is in force")
            .baseUnit("seconds")
            .register(registry);
    this.failures =
        MultiGauge.builder("ermine.published.keys.failures")
            .description("fetches of a region's published keys that failed, since it was declared")
            .register(registry);
  }

  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  synchronized void look() {
    published.look(regions.get());
    List<Standing> standings = published.standings();
    show(age, standings, PublishedKeysWatch::seconds);
    show(failures, standings, Standing::failures);
    standings.forEach(this::tell);
    told.keySet().retainAll(standings.stream().map(Standing::region).toList());
  }

  private static void show(
      MultiGauge gauge, List<Standing> standings, ToDoubleFunction<Standing> value) {
    gauge.register(
        standings.stream()
            .<MultiGauge.Row<?>>map(
                standing ->
                    MultiGauge.Row.of(
                        Tags.of("region", standing.region().value()), standing, value))
            .toList(),
        true);
  }

  /** Not a number while there is no copy in force. */
  private static double seconds(Standing standing) {
    return standing.age().map(Duration::toSeconds).map(Long::doubleValue).orElse(Double.NaN);
  }

  /** A failure is news once, and so is its end. */
  private void tell(Standing standing) {
    Optional<String> before = Optional.ofNullable(told.get(standing.region())).flatMap(it -> it);
    if (standing.failure().equals(before)) {
      return;
    }
    told.put(standing.region(), standing.failure());
    if (standing.failure().isPresent()) {
      LOG.errorf(
          "the keys that a region publishes cannot be had",
          entry("region", standing.region()),
          entry("fault", standing.failure().get()),
          entry("copy", standing.age().map(it -> it.toSeconds() + " s old").orElse("none")));
    } else {
      LOG.infof(
          "the keys that a region publishes are there again", entry("region", standing.region()));
    }
  }
}
