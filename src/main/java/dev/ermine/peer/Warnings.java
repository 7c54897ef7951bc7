package dev.ermine.peer;

import dev.ermine.fhir.PeerBody.PeerIssue;
import dev.ermine.merge.PeerAnswer.Gap;
import dev.ermine.merge.PeerWarnings;
import java.util.List;
import java.util.stream.Stream;

/** The warnings that a region sends beside its entries, as issues of an OperationOutcome. */
final class Warnings {

  private Warnings() {}

  /** The gaps that {@code issues} tell of, each once. */
  static List<Gap> gaps(List<PeerIssue> issues) {
    return issues.stream()
        .filter(PeerIssue::tellsOfGap)
        .map(issue -> Stream.concat(issue.details().stream(), Stream.of(issue.code())))
        .map(PeerWarnings::gap)
        .distinct()
        .toList();
  }

  /** Whether an issue says that the whole answer failed. */
  static boolean fails(PeerIssue issue) {
    return issue.severity().equals("error") || issue.severity().equals("fatal");
  }
}
