package dev.ermine.app;

import dev.ermine.region.DeclaredKey;
import dev.ermine.region.LiveRegions;
import dev.ermine.trust.KeyUses;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Stream;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * At which point of its life each declared key is, and when it was last of use: what an operator
 * looks at before taking one away. It is always up.
 */
@Readiness
@Singleton
final class SigningKeysReadiness implements HealthCheck {

  private final LiveKeys keys;
  private final LiveRegions regions;
  private final KeyUses uses;

  SigningKeysReadiness(LiveKeys keys, LiveRegions regions, KeyUses uses) {
    this.keys = keys;
    this.regions = regions;
    this.uses = uses;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder told = HealthCheckResponse.named("signing-keys").up();
    Stream.concat(keys.current().declared().stream(), DeclaredKey.of(regions.current()).stream())
        .forEach(key -> told.withData(key.owner() + " " + key.keyId(), told(key)));
    return told.build();
  }

  private String told(DeclaredKey key) {
    return key.use().name().toLowerCase(Locale.ROOT)
        + uses.lastUse(key.owner(), key.keyId())
            .map(Instant::toString)
            .map(", last used "::concat)
            .orElse(", not used since the start");
  }
}
