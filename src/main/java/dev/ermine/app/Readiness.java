package dev.ermine.app;

import dev.ermine.audit.AuditFile;
import dev.ermine.http.Drain;
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
 * Whether the gateway can answer: regions in force, an audit trail that takes records, and no order
 * to stop. A newer file of regions that is refused is told, but the last good one still answers.
 */
@org.eclipse.microprofile.health.Readiness
@Singleton
final class Readiness implements HealthCheck {

  private final LiveRegions live;
  private final AuditFile audit;
  private final Drain drain;

  Readiness(LiveRegions live, AuditFile audit, Drain drain) {
    this.live = live;
    this.audit = audit;
    this.drain = drain;
  }

  @Override
  public HealthCheckResponse call() {
    Regions regions = live.current();
    boolean audited = audit.available();
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("gateway")
            .status(audited && !drain.hasBegun())
            .withData("serial", regions.serial())
            .withData("hash", regions.hash())
            .withData("lastLook", live.lastSuccess().toString())
            .withData("audit", audited ? "available" : "not available")
            .withData("stopping", drain.hasBegun());
    live.lastFaults().ifPresent(faults -> response.withData("refused", told(faults)));
    return response.build();
  }

  private static String told(List<Fault> faults) {
    return faults.stream().map(Fault::toString).collect(Collectors.joining("\n"));
  }
}
