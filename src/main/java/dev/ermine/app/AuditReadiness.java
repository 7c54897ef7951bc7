package dev.ermine.app;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether audit records can be kept, as last looked: no audit, no data. */
@Readiness
@Singleton
final class AuditReadiness implements HealthCheck {

  private final AuditWatch watch;

  AuditReadiness(AuditWatch watch) {
    this.watch = watch;
  }

  @Override
  public HealthCheckResponse call() {
    return watch
        .fault()
        .map(why -> HealthCheckResponse.named("audit").down().withData("fault", why).build())
        .orElseGet(() -> HealthCheckResponse.up("audit"));
  }
}
