package dev.ermine.fhir;

import java.util.List;
import java.util.Optional;

/**
 * What the body of a peer's response is, once read by the strict scanner: a searchset, one
 * resource, an OperationOutcome alone, or nothing to be trusted.
 */
public sealed interface PeerBody {

  /**
   * A {@code Bundle} of type {@code searchset}.
   *
   * @param entries in the peer's order, outcome entries left out
   * @param next the {@code next} link, as sent
   * @param self the {@code self} link, as sent
   * @param warnings issues of the outcome entries
   */
  record Searchset(
      List<Entry> entries, Optional<String> next, Optional<String> self, List<PeerIssue> warnings)
      implements PeerBody {
    public Searchset {
      entries = List.copyOf(entries);
      warnings = List.copyOf(warnings);
    }

    /** Never a link: a search names its patient. */
    @Override
    public String toString() {
      return "Searchset[" + entries.size() + " entries, " + warnings.size() + " warnings]";
    }
  }

  /** One resource that is neither a Bundle nor an OperationOutcome: the answer to a read. */
  record Resource(Entry entry) implements PeerBody {}

  /** An {@code OperationOutcome} alone. */
  record Outcome(List<PeerIssue> issues) implements PeerBody {
    public Outcome {
      issues = List.copyOf(issues);
    }
  }

  /**
   * A body that is refused: not JSON, not strict JSON, not FHIR, or a Bundle of another type.
   *
   * @param why for technicians, without a byte of the body
   */
  record Unreadable(String why) implements PeerBody {}

  /**
   * An issue that a peer reported: codes alone, for a peer's words may say more than is shared.
   *
   * @param severity {@code fatal | error | warning | information}
   * @param code {@code issue.code}
   * @param details the codes of {@code issue.details.coding}
   */
  record PeerIssue(String severity, String code, List<String> details) {
    public PeerIssue {
      details = List.copyOf(details);
    }

    /** The severity alone: codes are the peer's text. */
    @Override
    public String toString() {
      return "PeerIssue[" + severity + "]";
    }

    /** Whether the peer says that its answer failed or lacks something. */
    public boolean tellsOfGap() {
      return !severity.equals("information");
    }
  }
}
