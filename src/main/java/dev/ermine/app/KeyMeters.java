package dev.ermine.app;

import dev.ermine.region.DeclaredKey;
import dev.ermine.region.Regions;
import dev.ermine.trust.GatewayKeys;
import dev.ermine.trust.KeyUses;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * When each declared key was last of use, in seconds since 1970; zero where it has not been since
 * this process began. The series come and go with the files that declare the keys.
 */
final class KeyMeters {

  private final KeyUses uses;
  private final MultiGauge lastUsed;

  KeyMeters(MeterRegistry registry, KeyUses uses) {
    this.uses = uses;
    this.lastUsed =
        MultiGauge.builder("ermine.key.last.used")
            .description("when a key last proved something here, in seconds since 1970")
            .baseUnit("seconds")
            .register(registry);
  }

  /** Has the keys of these regions and of the gateway from now on, and no others. */
  void follow(Regions regions, GatewayKeys own) {
    lastUsed.register(
        Stream.concat(DeclaredKey.of(regions).stream(), own.declared().stream())
            .<MultiGauge.Row<?>>map(
                key ->
                    MultiGauge.Row.of(
                        Tags.of("owner", key.owner(), "kid", key.keyId()), key, this::seconds))
            .toList(),
        true);
  }

  private double seconds(DeclaredKey key) {
    return uses.lastUse(key.owner(), key.keyId()).map(Instant::getEpochSecond).orElse(0L);
  }
}
