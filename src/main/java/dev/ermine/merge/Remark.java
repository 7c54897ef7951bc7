package dev.ermine.merge;

import dev.ermine.fhir.Issue;
import java.util.List;

/**
 * Something that is said of entries, wherever in the Bundle they come to stand.
 *
 * @param issue as it is said, without where
 * @param fullUrls the entries; none: it is said of the answer as a whole
 * @param pointed how many of them are pointed to at most
 */
record Remark(Issue issue, List<String> fullUrls, int pointed) {

  /** One that points to each of its entries. */
  Remark(Issue issue, List<String> fullUrls) {
    this(issue, fullUrls, Integer.MAX_VALUE);
  }

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
        places.expressions(fullUrls, pointed));
  }

  /** Nothing of it: words may tell of the patient. */
  @Override
  public String toString() {
    return "Remark";
  }
}
