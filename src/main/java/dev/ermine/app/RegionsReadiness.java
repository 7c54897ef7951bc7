package dev.ermine.app;

import dev.ermine.region.Fault;
import dev.ermine.region.LiveRegions;
import dev.ermine.region.Regions;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Which version of {@code regions.yaml} is in force: without one the gateway does not start. A
 * newer one that is refused is told, but the last good one still answers.
 */
@Readiness
@Singleton
final class RegionsReadiness implements HealthCheck {

  private final LiveRegions live;

  RegionsReadiness(LiveRegions live) {
    this.live = live;
  }

  @Override
  public HealthCheckResponse call() {
    Regions regions = live.current();
    HealthCheckResponseBuilder told =
        HealthCheckResponse.named("regions.yaml")
            .up()
            .withData("serial", regions.serial())
            .withData("hash", regions.hash())
            .withData("since", live.since().toString())
            .withData("lastLook", live.lastSuccess().toString());
    live.lastFaults().ifPresent(faults -> told.withData("refused", told(faults)));
    return told.build();
  }

  private static String told(List<Fault> faults) {
    return faults.stream().map(Fault::toString).collect(Collectors.joining("\n"));
  }
}
