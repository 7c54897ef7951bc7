package dev.ermine.fhir;

import java.util.List;

/** What became of the text of a query: a query, or the reasons why it is none. */
public sealed interface ParsedQuery permits FhirQuery, ParsedQuery.Malformed {

  /**
   * A query that cannot be answered as asked.
   *
   * @param kind how the caller is told
   * @param issues every fault found, each saying what to mend; at least one; never a value of the
   *     query that may be a patient's
   */
  record Malformed(Kind kind, List<Issue> issues) implements ParsedQuery {

    /** Whether the question is at fault, or only the format wanted for its answer. */
    public enum Kind {
      /** The question cannot be understood. */
      INVALID,
      /** The question is good, but its answer is wanted in a format that is not written. */
      NOT_ACCEPTABLE
    }

    public Malformed {
      issues = List.copyOf(issues);
      if (issues.isEmpty()) {
        throw new IllegalArgumentException("a malformed query has a fault");
      }
    }
  }
}
