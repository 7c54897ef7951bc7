package dev.ermine.app;

import static java.util.Map.entry;

import dev.ermine.region.DeclaredKey;
import dev.ermine.region.LiveRegions;
import dev.ermine.region.Regions;
import dev.ermine.trust.GatewayKeys;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The look, each second, at whether the operators have changed the gateway's own signing keys; the
 * series of keys follow it, and the regions.
 */
@Singleton
final class SigningKeysWatch {

  private static final Logger LOG = Logger.getLogger(SigningKeysWatch.class);

  private record Shown(Regions regions, GatewayKeys own) {}

  private final LiveKeys keys;
  private final LiveRegions regions;
  private final KeyMeters meters;
  private Shown shown;

  SigningKeysWatch(LiveKeys keys, LiveRegions regions, KeyMeters meters, MeterRegistry registry) {
    this.keys = keys;
    this.regions = regions;
    this.meters = meters;
    this.shown = new Shown(regions.current(), keys.current());
    meters.follow(shown.regions(), shown.own());
    LiveMeters.register(registry, "ermine.signing.keys", "the gateway's own signing keys", keys);
  }

  @Scheduled(every = "1s", delayed = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void look() {
    switch (keys.refresh()) {
      case UNCHANGED -> {}
      case LOADED ->
          LOG.infof(
              "the gateway's own signing keys are in force", entry("keys", told(keys.current())));
      case FAULTY -> {
        LOG.errorf(
            "signing keys of the gateway's own are refused, and the last good ones stay in force",
            entry("keys", told(keys.current())));
        keys.refused()
            .orElse(List.of())
            .forEach(fault -> LOG.errorf("signing keys have a fault", entry("fault", fault)));
      }
    }
    follow();
  }

  private static String told(GatewayKeys keys) {
    return keys.declared().stream().map(SigningKeysWatch::told).collect(Collectors.joining(", "));
  }

  private static String told(DeclaredKey key) {
    return key.keyId() + " " + key.use().name().toLowerCase(Locale.ROOT);
  }

  /** Shows the keys in force, and no others. */
  synchronized void follow() {
    Shown now = new Shown(regions.current(), keys.current());
    if (!now.equals(shown)) {
      meters.follow(now.regions(), now.own());
      shown = now;
    }
  }
}
