package dev.ermine.http;

import dev.ermine.region.Regions;
import java.time.Instant;
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
    String base, Supplier<Regions> live, Supplier<String> jwks, Instant since) {}
