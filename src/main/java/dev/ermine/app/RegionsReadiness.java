package dev.ermine.app;

import dev.ermine.region.Edition;
import dev.ermine.region.Fault;
import dev.ermine.region.LiveRegions;
import dev.ermine.region.Regions;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Which version of {@code regions.yaml} is in force, and whose word it is: without one the gateway
 * does not start. A newer one that is refused is told, but the last good one still answers; one
 * that has ended, too, with refusals that say so.
 */
@Readiness
@Singleton
final class RegionsReadiness implements HealthCheck {

  private final LiveRegions live;
  private final InstantSource clock;

  RegionsReadiness(LiveRegions live, InstantSource clock) {
    this.live = live;
    this.clock = clock;
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
    tell(regions.edition(), told);
    if (!live.flaws().isEmpty()) {
      told.withData("signatures that do not count", told(live.flaws()));
    }
    live.lastFaults().ifPresent(faults -> told.withData("refused", told(faults)));
    return told.build();
  }

  private void tell(Edition edition, HealthCheckResponseBuilder told) {
    told.withData("signedBy", told(edition.signedBy()));
    edition
        .valid()
        .ifPresent(
            valid ->
                told.withData(
                    "valid",
                    (valid.hasEnded(clock.instant()) ? "ended, every query is refused: " : "until ")
                        + valid.until()));
    edition
        .suspensions()
        .ifPresent(
            overlay ->
                told.withData("suspensionsSerial", overlay.serial())
                    .withData("suspensionsSignedBy", told(overlay.signedBy())));
  }

  /** Officers in words. */
  static String told(Set<String> officers) {
    return officers.isEmpty() ? "nobody" : String.join(", ", officers);
  }

  private static String told(List<Fault> faults) {
    return faults.stream().map(Fault::toString).collect(Collectors.joining("\n"));
  }
}
