package dev.ermine.merge.filter;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets.Dated;
import java.util.List;

/** The dates that a search parameter looks at in an entry. */
public final class Dates {

  private Dates() {}

  /** Those that stand there; none where the parameter looks at no dates, or beyond our reach. */
  public static List<Dated> of(String parameter, Entry entry) {
    return Place.of(entry.type(), parameter)
        .filter(Place::isDated)
        .map(place -> place.dates(entry))
        .orElse(List.of());
  }
}
