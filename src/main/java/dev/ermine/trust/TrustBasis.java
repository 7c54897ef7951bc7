package dev.ermine.trust;

import dev.ermine.region.Regions;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What every proof of credentials rests on.
 *
 * @param regions the live version
 * @param keys the gateway's own keys, the live ones
 * @param published the keys that regions publish; who verifies may have to wait for them
 * @param base the gateway's base URL, without trailing slash
 * @param replays remembers the tokens that may be used once
 * @param uses is told of each key that proves something
 * @param revocations what is known of revoked certificates
 */
public record TrustBasis(
    Supplier<Regions> regions,
    Supplier<GatewayKeys> keys,
    PublishedKeys published,
    String base,
    InstantSource clock,
    ReplayCache replays,
    KeyUses uses,
    Revocations revocations) {

  /** What tokens name that are for records. */
  String fhir() {
    return base + "/fhir";
  }

  /** What tokens name that are to be exchanged for another. */
  String tokenEndpoint() {
    return base + "/oauth2/token";
  }
}
