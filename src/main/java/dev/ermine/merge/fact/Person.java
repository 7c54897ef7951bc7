package dev.ermine.merge.fact;

import dev.ermine.fhir.Entry;
import dev.ermine.region.Region;
import java.util.Optional;

/**
 * A region's Patient that may be disclosed.
 *
 * @param fullUrl where it stands in the answer, where it was asked for
 */
public record Person(Region region, Optional<String> fullUrl, Entry patient) {

  /** The region alone. */
  @Override
  public String toString() {
    return "Person[" + region.id() + "]";
  }
}
