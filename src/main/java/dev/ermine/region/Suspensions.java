package dev.ermine.region;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The regions that officers have suspended since they signed {@code regions.yaml}: laid over it,
 * they can only take away. They have no end of their own, for time alone must not widen trust.
 *
 * @param hash SHA-256, hex, over their file
 * @param suspended each region with what callers are told, and the line in which it stands
 */
record Suspensions(
    int serial, String hash, Map<RegionId, Suspended> suspended, Set<String> signedBy) {

  /** What callers are told of a region, and where in the file that stands. */
  record Suspended(String publicText, int line) {}

  Suspensions {
    suspended = Collections.unmodifiableMap(new LinkedHashMap<>(suspended));
    signedBy = Set.copyOf(signedBy);
  }

  Suspensions signedBy(Set<String> officers) {
    return new Suspensions(serial, hash, suspended, officers);
  }

  Edition.Overlay overlay() {
    return new Edition.Overlay(serial, signedBy);
  }

  /** The hash in force when these lie over a version of that hash. */
  String hashOver(String base) {
    return Hash.hex((base + hash).getBytes(StandardCharsets.US_ASCII));
  }

  /** The region as it is under these: what is not active is not made anything else. */
  Region over(Region region) {
    Suspended found = suspended.get(region.id());
    return found == null || !region.active()
        ? region
        : new Region(
            region.id(),
            region.name(),
            region.organisation(),
            Region.Status.SUSPENDED,
            Optional.of(found.publicText()),
            region.asks(),
            region.answers(),
            region.consents(),
            region.privacyOffice(),
            region.control());
  }

  /** The active regions of {@code base} that these suspend. */
  Set<RegionId> takenFrom(Regions base) {
    return base.regions().stream()
        .filter(Region::active)
        .map(Region::id)
        .filter(suspended::containsKey)
        .collect(Collectors.toUnmodifiableSet());
  }
}
