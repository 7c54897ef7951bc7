package dev.ermine.app;

import static java.util.Map.entry;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/** The look, each second, at whether the operators have changed the keys of page tokens. */
@Singleton
final class PageKeysWatch {

  private static final Logger LOG = Logger.getLogger(PageKeysWatch.class);

  private final LivePageKeys keys;

  PageKeysWatch(LivePageKeys keys, MeterRegistry registry) {
    this.keys = keys;
    LiveMeters.register(registry, "ermine.page.keys", "the keys of page tokens", keys);
  }

  @Scheduled(every = "1s", delayed = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void look() {
    switch (keys.refresh()) {
      case UNCHANGED -> {}
      case LOADED -> LOG.infof("page keys are in force, the first one seals", inForce());
      case FAULTY -> {
        LOG.errorf("page keys are refused, and the last good ones stay in force", inForce());
        keys.refused()
            .orElse(List.of())
            .forEach(fault -> LOG.errorf("page keys have a fault", entry("fault", fault)));
      }
    }
  }

  private Map.Entry<String, String> inForce() {
    return entry("keys", String.join(", ", keys.current().ids()));
  }
}
