package dev.ermine.app;

import static java.util.Map.entry;

import dev.ermine.policy.OptOutList;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;

/** The look, each second, at whether the list of opt-outs has changed, or counts no longer. */
@Singleton
final class OptOutsWatch {

  private static final Logger LOG = Logger.getLogger(OptOutsWatch.class);

  private final LiveOptOuts optOuts;
  private Optional<String> told = Optional.empty();

  OptOutsWatch(LiveOptOuts optOuts, MeterRegistry registry) {
    this.optOuts = optOuts;
    gauge(registry, "refused", "whether the newest is refused", OptOutsWatch::isRefused);
    gauge(registry, "patients", "how many it lists", OptOutsWatch::count);
    gauge(
        registry,
        "expires.seconds",
        "when its last day ends, in seconds since 1970",
        OptOutsWatch::end);
    tell();
  }

  private void gauge(
      MeterRegistry registry, String name, String says, ToDoubleFunction<LiveOptOuts> value) {
    Gauge.builder("ermine.opt.outs." + name, optOuts, value)
        .description("the list of opt-outs: " + says)
        .register(registry);
  }

  private static double isRefused(LiveOptOuts optOuts) {
    return optOuts.refused().isPresent() ? 1 : 0;
  }

  private static double count(LiveOptOuts optOuts) {
    return optOuts.list().map(OptOutList::count).orElse(0);
  }

  /** Not a number while there is no list. */
  private static double end(LiveOptOuts optOuts) {
    return optOuts.list().map(OptOutsWatch::end).orElse(Double.NaN);
  }

  private static double end(OptOutList list) {
    return list.until().plusDays(1).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
  }

  @Scheduled(every = "1s", delayed = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  synchronized void look() {
    switch (optOuts.refresh()) {
      case UNCHANGED -> {}
      case LOADED -> tell();
      case FAULTY -> {
        LOG.error("the list of opt-outs is refused, and so is every use beyond individual care");
        optOuts
            .refused()
            .orElse(List.of())
            .forEach(
                fault -> LOG.errorf("the list of opt-outs has a fault", entry("fault", fault)));
      }
    }
    tellWhetherItCounts();
  }

  private void tell() {
    optOuts
        .list()
        .ifPresent(
            list ->
                LOG.infof(
                    "a list of opt-outs is there",
                    entry("made", list.made()),
                    entry("validUntil", list.until()),
                    entry("patients", list.count())));
    tellWhetherItCounts();
  }

  /** The end of a list is news once. */
  private void tellWhetherItCounts() {
    Optional<String> now = optOuts.notCounting();
    if (!now.equals(told)) {
      told = now;
      now.ifPresent(why -> LOG.errorf("the list of opt-outs does not count", entry("why", why)));
    }
  }
}
