package dev.ermine.app;

import dev.ermine.region.LiveRegions;
import dev.ermine.trust.GatewayKeys;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Whether the gateway can prove itself to askers and peers. Where a region wants tokens that no key
 * of ours can sign, that region alone cannot be asked: it is told, and the others are answered for.
 */
@Readiness
@Singleton
final class KeysReadiness implements HealthCheck {

  private final OwnCertificates own;
  private final GatewayKeys keys;
  private final LiveRegions live;
  private final InstantSource clock;

  KeysReadiness(OwnCertificates own, Ground ground, LiveRegions live, InstantSource clock) {
    this.own = own;
    this.keys = ground.keys();
    this.live = live;
    this.clock = clock;
  }

  @Override
  public HealthCheckResponse call() {
    Validity server = Validity.of(own.server().get(), clock.instant());
    Validity client = Validity.of(own.client().get(), clock.instant());
    HealthCheckResponseBuilder told =
        HealthCheckResponse.named("keys")
            .status(server.stands() && client.stands())
            .withData("server certificate", server.toString())
            .withData("client certificate", client.toString());
    keys.faults(live.current()).stream()
        .reduce((faults, fault) -> faults + "\n" + fault)
        .ifPresent(faults -> told.withData("signing keys", faults));
    return told.build();
  }
}
