package dev.ermine.region;

import java.util.Optional;

/**
 * A version of {@code regions.yaml} that has come into force, and the suspensions over it.
 *
 * @param effective what both come to
 */
record InForce(Regions base, Optional<Suspensions> suspensions, Regions effective) {

  static InForce of(Regions base, Optional<Suspensions> suspensions) {
    return new InForce(base, suspensions, suspensions.map(base::under).orElse(base));
  }
}
