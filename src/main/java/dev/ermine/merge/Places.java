package dev.ermine.merge;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where entries stand in the Bundle, as an issue points to them.
 *
 * @see <a
 *     href="https://hl7.org/fhir/R4/operationoutcome-definitions.html#OperationOutcome.issue.expression">FHIR
 *     R4: OperationOutcome.issue.expression</a>
 */
final class Places {

  private final Map<String, Integer> places;

  /**
   * @param places by {@code fullUrl}
   */
  Places(Map<String, Integer> places) {
    this.places = places;
  }

  /** Those of a view. A Bundle that only counts has none. */
  static Places of(Merged merged) {
    Map<String, Integer> places = new HashMap<>();
    if (!merged.query().countOnly()) {
      merged.sequence().entries().forEach(it -> places.put(it.fullUrl(), places.size()));
    }
    return new Places(places);
  }

  /**
   * The FHIRPath of those that stand there, in the order of the Bundle, and of no more than that.
   */
  List<String> expressions(Collection<String> fullUrls, int most) {
    return fullUrls.stream()
        .map(places::get)
        .filter(Objects::nonNull)
        .distinct()
        .sorted()
        .limit(most)
        .map(place -> "Bundle.entry[" + place + "].resource")
        .toList();
  }
}
