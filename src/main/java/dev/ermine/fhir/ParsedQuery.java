package dev.ermine.fhir;

import java.util.List;

/** What became of the text of a query: a query, or the reasons why it is none. */
public sealed interface ParsedQuery permits FhirQuery, ParsedQuery.Malformed {

  /**
   * A query that cannot be answered as asked.
   *
   * @param issues every fault found, each saying what to mend; at least one; never a value of the
   *     query that may be a patient's
   */
  record Malformed(List<Issue> issues) implements ParsedQuery {
    public Malformed {
      issues = List.copyOf(issues);
    }
  }
}
