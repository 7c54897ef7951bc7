package dev.ermine.app;

import dev.ermine.region.LiveRegions;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
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
  private final LiveKeys keys;
  private final LiveRegions live;
  private final InstantSource clock;

  KeysReadiness(Ground ground, LiveKeys keys, LiveRegions live, InstantSource clock) {
    this.ground = ground;
    this.keys = keys;
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
    tell("signing keys", keys.current().faults(live.current()), told);
    tell("signing keys refused", keys.refused().orElse(List.of()), told);
    tell("page keys refused", ground.pageKeys().refused().orElse(List.of()), told);
    return told.build();
  }

  private Validity validity(LivePair pair) {
    return Validity.of(pair.current().certificate(), clock.instant());
  }

  /** A newer pair that is refused is told, but the last good one still stands. */
  private static void tell(LivePair pair, HealthCheckResponseBuilder told) {
    tell(pair.name() + " key pair refused", pair.refused().orElse(List.of()), told);
  }

  private static void tell(String name, List<String> faults, HealthCheckResponseBuilder told) {
    if (!faults.isEmpty()) {
      told.withData(name, String.join("\n", faults));
    }
  }
}
