package dev.ermine.merge;

import dev.ermine.fhir.Issue;
import java.util.List;

/** What a view says of its entries, with where they stand. */
final class Told {

  private Told() {}

  static List<Issue> flags(Merged merged) {
    return told(merged, merged.flags());
  }

  static List<Issue> notes(Merged merged) {
    return told(merged, merged.notes());
  }

  private static List<Issue> told(Merged merged, List<Remark> remarks) {
    Places places = Places.of(merged);
    return remarks.stream().map(remark -> remark.in(places)).toList();
  }
}
