package dev.ermine.fhir;

import java.util.List;
import java.util.Optional;

/**
 * What a clinical resource says beyond its codes and dates: its bytes are read again for this, so
 * only where something hangs on it. An element that is missing or cannot be read is absent here.
 *
 * @param clinicalStatus the code of {@code clinicalStatus}
 * @param verificationStatus the code of {@code verificationStatus}
 * @param status the resource's own {@code status}
 * @param criticality {@code AllergyIntolerance.criticality}
 * @param negated whether it says that something is not, or shall not be, done
 * @param display what people call it: {@code text}, else the first {@code display}, of what it is
 *     about
 */
public record Clinical(
    Optional<String> clinicalStatus,
    Optional<String> verificationStatus,
    Optional<String> status,
    Optional<String> criticality,
    boolean negated,
    List<String> categories,
    Optional<String> display) {

  public Clinical {
    categories = List.copyOf(categories);
  }

  /** What that entry's resource says. */
  public static Clinical of(Entry entry) {
    return new Clinical(
        Optional.empty(),
        Optional.empty(),
        entry.facets().status(),
        Optional.empty(),
        false,
        List.of(),
        Optional.empty());
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "Clinical";
  }
}
