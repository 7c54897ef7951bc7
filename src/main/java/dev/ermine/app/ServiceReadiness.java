package dev.ermine.app;

import dev.ermine.http.Drain;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether new callers are wanted: not since the order to stop. */
@Readiness
@Singleton
final class ServiceReadiness implements HealthCheck {

  private final Drain drain;

  ServiceReadiness(Drain drain) {
    this.drain = drain;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("service")
        .status(!drain.hasBegun())
        .withData("stopping", drain.hasBegun())
        .build();
  }
}
