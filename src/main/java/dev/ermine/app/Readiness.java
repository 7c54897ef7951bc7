package dev.ermine.app;

import dev.ermine.audit.AuditFile;
import dev.ermine.region.Fault;
import dev.ermine.region.LiveRegions;
import dev.ermine.region.Regions;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Whether the gateway can answer: regions in force, and an audit trail that takes records. A newer
 * file of regions that is refused is told, but the last good one still answers.
 */
@org.eclipse.microprofile.health.Readiness
@Singleton
final class Readiness implements HealthCheck {

  private final LiveRegions live;
  private final AuditFile audit;

  Readiness(LiveRegions live, AuditFile audit) {
    this.live = live;
    this.audit = audit;
  }

  @Override
  public HealthCheckResponse call() {
    Regions regions = live.current();
    boolean audited = audit.available();
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("gateway")
            .status(audited)
            .withData("serial", regions.serial())
            .withData("hash", regions.hash())
            .withData("lastLook", live.lastSuccess().toString())
            .withData("audit", audited ? "available" : "not available");
    live.lastFaults().ifPresent(faults -> response.withData("refused", told(faults)));
    return response.build();
  }

  private static String told(List<Fault> faults) {
    return faults.stream().map(Fault::toString).collect(Collectors.joining("\n"));
  }
}
