package dev.ermine.merge.fact;

import dev.ermine.fhir.Clinical;
import dev.ermine.region.RegionId;

/**
 * A fact as one of those that may contradict each other, with its details.
 *
 * @param place its place among all facts
 */
record Witness(int place, Fact fact, Clinical says) {

  RegionId region() {
    return fact.region().id();
  }

  /** Nothing of what it says. */
  @Override
  public String toString() {
    return "Witness[" + fact + "]";
  }
}
