package dev.ermine.app;

import dev.ermine.region.Regions;
import dev.ermine.trust.GatewayKeys;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * The gateway's own signing keys while it runs. Those that could not sign for a region that is
 * asked do not come into force, unless they were revoked to that end.
 */
final class LiveKeys extends Live<GatewayKeys> {

  /**
   * @param first what a reading of the same files gave at start
   * @param regions the version in force
   */
  LiveKeys(OwnKeys own, GatewayKeys first, Supplier<Regions> regions, InstantSource clock) {
    super(new For(own, regions), first, clock);
  }

  private record For(OwnKeys own, Supplier<Regions> regions) implements Files<GatewayKeys> {

    @Override
    public String fingerprint() {
      return own.fingerprint();
    }

    @Override
    public Reading<GatewayKeys> read(Instant now) {
      return switch (own.read()) {
        case Reading.Good<GatewayKeys> good -> {
          List<String> faults = OwnKeys.faults(good.value(), regions.get());
          yield faults.isEmpty() ? good : new Reading.Refused<>(faults);
        }
        case Reading.Refused<GatewayKeys> refused -> refused;
      };
    }
  }
}
