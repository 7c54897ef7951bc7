package dev.ermine.merge;

import dev.ermine.fhir.Issue;
import java.util.List;

/**
 * Something that is said of entries, wherever in the Bundle they come to stand.
 *
 * @param issue as it is said, without where
 * @param fullUrls the entries; none: it is said of the answer as a whole
 */
record Remark(Issue issue, List<String> fullUrls) {

  Remark {
    fullUrls = List.copyOf(fullUrls);
  }

  /** The issue, with where its entries stand. */
  Issue in(Places places) {
    return new Issue(
        issue.severity(),
        issue.code(),
        issue.text(),
        issue.codings(),
        issue.diagnostics(),
        places.expressions(fullUrls));
  }

  /** Nothing of it: words may tell of the patient. */
  @Override
  public String toString() {
    return "Remark";
  }
}
