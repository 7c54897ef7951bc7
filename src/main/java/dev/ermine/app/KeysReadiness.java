package dev.ermine.app;

import dev.ermine.region.LiveRegions;
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

  private final Ground ground;
  private final LiveRegions live;
  private final InstantSource clock;

  KeysReadiness(Ground ground, LiveRegions live, InstantSource clock) {
    this.ground = ground;
    this.live = live;
    this.clock = clock;
  }

  @Override
  public HealthCheckResponse call() {
    Validity server = validity(ground.server());
    Validity client = validity(ground.client());
    HealthCheckResponseBuilder told =
        HealthCheckResponse.named("keys")
            .status(server.stands() && client.stands())
            .withData("server certificate", server.toString())
            .withData("client certificate", client.toString());
    tell(ground.server(), told);
    tell(ground.client(), told);
    ground.keys().faults(live.current()).stream()
        .reduce((faults, fault) -> faults + "\n" + fault)
        .ifPresent(faults -> told.withData("signing keys", faults));
    return told.build();
  }

  private Validity validity(LivePair pair) {
    return Validity.of(pair.current().certificate(), clock.instant());
  }

  /** A newer pair that is refused is told, but the last good one still stands. */
  private static void tell(LivePair pair, HealthCheckResponseBuilder told) {
    pair.refused()
        .ifPresent(
            faults -> told.withData(pair.name() + " key pair refused", String.join("\n", faults)));
  }
}
