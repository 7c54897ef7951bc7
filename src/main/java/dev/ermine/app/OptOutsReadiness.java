package dev.ermine.app;

import dev.ermine.policy.OptOutList;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Whether it is known who has opted out of uses beyond their care. It is always up: individual care
 * does not wait for it.
 */
@Readiness
@Singleton
final class OptOutsReadiness implements HealthCheck {

  private final LiveOptOuts optOuts;

  OptOutsReadiness(LiveOptOuts optOuts) {
    this.optOuts = optOuts;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder told = HealthCheckResponse.named("opt-outs").up();
    optOuts.refused().ifPresent(faults -> told.withData("refused", String.join("\n", faults)));
    return told.withData("list", optOuts.list().map(this::told).orElse("none")).build();
  }

  private String told(OptOutList list) {
    return optOuts
        .notCounting()
        .orElseGet(() -> "made on " + list.made() + ", valid until " + list.until());
  }
}
