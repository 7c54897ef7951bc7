package dev.ermine.merge;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Issue;
import dev.ermine.merge.fact.Conflict;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The contradictions as issues of the OperationOutcome, each with where its entries stand. */
final class ConflictIssues {

  /** The code system of the rules. */
  static final String SYSTEM = "https://ermine.dev/fhir/CodeSystem/conflict";

  private ConflictIssues() {}

  /** Of a Bundle that holds no entries none: the words would tell what nobody was given. */
  static List<Remark> of(Merged merged) {
    return merged.query().countOnly()
        ? List.of()
        : merged.conflicts().stream().map(ConflictIssues::remark).toList();
  }

  private static Remark remark(Conflict conflict) {
    return new Remark(
        new Issue(
            Issue.Severity.WARNING,
            Issue.Code.CONFLICT,
            conflict.text(),
            List.of(new Coding(SYSTEM, conflict.rule())),
            Optional.of(
                Stream.concat(Stream.of("rule: " + conflict.rule()), conflict.fullUrls().stream())
                    .collect(Collectors.joining("; "))),
            List.of()),
        conflict.fullUrls());
  }
}
