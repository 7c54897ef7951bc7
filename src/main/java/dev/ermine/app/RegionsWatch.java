package dev.ermine.app;

import static java.util.Map.entry;

import dev.ermine.http.Callers;
import dev.ermine.peer.VertxPeer;
import dev.ermine.region.Edition;
import dev.ermine.region.Edition.Overlay;
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
import java.time.InstantSource;
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
  private final SigningKeysWatch keys;
  private final VertxPeer peer;
  private final Callers callers;
  private final MeterRegistry registry;
  private final Counter loaded;
  private final Counter refused;
  private final Ending ending;

  RegionsWatch(
      LiveRegions live,
      RegionMeters meters,
      CertificateMeters certificates,
      SigningKeysWatch keys,
      VertxPeer peer,
      Callers callers,
      MeterRegistry registry,
      InstantSource clock) {
    this.live = live;
    this.ending = new Ending(clock);
    this.meters = meters;
    this.certificates = certificates;
    this.keys = keys;
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
    gauge(
        "expires.seconds",
        "when the version in force ends, in seconds since 1970",
        regions ->
            regions
                .current()
                .edition()
                .valid()
                .map(valid -> (double) valid.until().getEpochSecond())
                .orElse(Double.POSITIVE_INFINITY));
    gauge(
        "suspensions.serial",
        "the version of the suspensions over it; 0 where there are none",
        regions -> regions.current().edition().suspensions().map(Overlay::serial).orElse(0));
    follow(live.current());
    tell(live.current());
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
    ending.tell(live.current().edition());
    switch (live.refresh()) {
      case UNCHANGED -> {}
      case LOADED -> {
        loaded.increment();
        follow(live.current());
        tell(live.current());
        live.lastFaults().ifPresent(this::tell);
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
    keys.follow();
    peer.warm();
  }

  private void tell(Regions regions) {
    Edition edition = regions.edition();
    LOG.infof(
        "regions.yaml is in force",
        entry("serial", edition.serial()),
        entry("hash", edition.hash()),
        entry("signedBy", RegionsReadiness.told(edition.signedBy())));
    edition
        .suspensions()
        .ifPresent(
            overlay ->
                LOG.infof(
                    "suspensions.yaml is in force",
                    entry("serial", overlay.serial()),
                    entry("signedBy", RegionsReadiness.told(overlay.signedBy()))));
    live.flaws()
        .forEach(flaw -> LOG.warnf("a signature does not count", entry("fault", flaw.toString())));
    TrustVerifier.faults(regions)
        .forEach(fault -> LOG.errorf("regions.yaml has a fault", entry("fault", fault)));
  }

  private void tell(List<Fault> faults) {
    Edition edition = live.current().edition();
    List<Fault> ofSuspensions = faults.stream().filter(RegionsWatch::isOfSuspensions).toList();
    List<Fault> ofRegions = faults.stream().filter(fault -> !isOfSuspensions(fault)).toList();
    if (!ofRegions.isEmpty()) {
      LOG.errorf(
          "regions.yaml is refused, and its last good version stays in force",
          entry("serial", edition.serial()));
    }
    if (!ofSuspensions.isEmpty()) {
      LOG.errorf(
          "suspensions.yaml is refused, and its last good version stays in force",
          entry("serial", edition.suspensions().map(Overlay::serial).orElse(0)));
    }
    ofRegions.forEach(fault -> LOG.errorf("regions.yaml has a fault", entry("fault", fault)));
    ofSuspensions.forEach(
        fault -> LOG.errorf("suspensions.yaml has a fault", entry("fault", fault)));
  }

  private static boolean isOfSuspensions(Fault fault) {
    return fault.file().startsWith(Fault.SUSPENSIONS);
  }
}
