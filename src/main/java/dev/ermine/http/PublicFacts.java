package dev.ermine.http;

import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What anyone may know of the gateway.
 *
 * @param base its base URL, without trailing slash
 * @param live the regions in force
 * @param jwks the public halves of its signing keys in force, as a JWK Set
 * @param since when it was started
 */
public record PublicFacts(
    String base, Supplier<Regions> live, Supplier<String> jwks, Instant since) {

  /** Where records are asked for. */
  String fhir() {
    return base + "/fhir";
  }

  /** Where access tokens are to be had. */
  String tokenEndpoint() {
    return base + Address.TOKEN.template();
  }

  /** All types that some region answers. */
  Set<String> types() {
    Set<String> types = new LinkedHashSet<>();
    for (Region region : live.get().regions()) {
      region.answers().ifPresent(answers -> types.addAll(answers.types()));
    }
    return types;
  }
}
