package dev.ermine.app;

import static java.util.Map.entry;

import dev.ermine.http.Callers;
import dev.ermine.peer.VertxPeer;
import dev.ermine.region.Fault;
import dev.ermine.region.LiveRegions;
import dev.ermine.region.Regions;
import dev.ermine.trust.TrustVerifier;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;

/** The look, each second, at whether the officers have changed the regions. */
@Singleton
final class RegionsWatch {

  private static final Logger LOG = Logger.getLogger(RegionsWatch.class);

  private final LiveRegions live;
  private final RegionMeters meters;
  private final CertificateMeters certificates;
  private final VertxPeer peer;
  private final Callers callers;
  private final MeterRegistry registry;
  private final Counter loaded;
  private final Counter refused;

  RegionsWatch(
      LiveRegions live,
      RegionMeters meters,
      CertificateMeters certificates,
      VertxPeer peer,
      Callers callers,
      MeterRegistry registry) {
    this.live = live;
    this.meters = meters;
    this.certificates = certificates;
    this.peer = peer;
    this.callers = callers;
    this.registry = registry;
    this.loaded = reloads("loaded");
    this.refused = reloads("refused");
    gauge("serial", "the version in force", regions -> regions.current().serial());
    gauge(
        "refused",
        "whether the newest is refused",
        regions -> regions.lastFaults().isPresent() ? 1 : 0);
    gauge(
        "in.force.since.seconds",
        "since when, in seconds since 1970",
        regions -> regions.since().getEpochSecond());
    gauge(
        "last.success.seconds",
        "when last found good, in seconds since 1970",
        regions -> regions.lastSuccess().getEpochSecond());
    follow(live.current());
  }

  private Counter reloads(String result) {
    return Counter.builder("ermine.regions.reloads")
        .description("new versions of regions.yaml")
        .tags("result", result)
        .register(registry);
  }

  private void gauge(String name, String says, ToDoubleFunction<LiveRegions> value) {
    Gauge.builder("ermine.regions." + name, live, value)
        .description("regions.yaml: " + says)
        .register(registry);
  }

  @Scheduled(every = "1s", delayed = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  synchronized void look() {
    switch (live.refresh()) {
      case UNCHANGED -> {}
      case LOADED -> {
        loaded.increment();
        follow(live.current());
        tell(live.current());
      }
      case FAULTY -> {
        refused.increment();
        tell(live.lastFaults().orElse(List.of()));
      }
    }
    // Each time, for certificates and what is known of them end by themselves.
    callers.look();
  }

  private void follow(Regions regions) {
    peer.follow(regions);
    meters.follow(regions);
    certificates.follow(regions);
  }

  private static void tell(Regions regions) {
    LOG.infof(
        "regions.yaml is in force",
        entry("serial", regions.serial()),
        entry("hash", regions.hash()));
    TrustVerifier.faults(regions)
        .forEach(fault -> LOG.errorf("regions.yaml has a fault", entry("fault", fault)));
  }

  private void tell(List<Fault> faults) {
    LOG.errorf(
        "regions.yaml is refused, and its last good version stays in force",
        entry("serial", live.current().serial()));
    faults.forEach(fault -> LOG.errorf("regions.yaml has a fault", entry("fault", fault)));
  }
}
