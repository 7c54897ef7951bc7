package dev.ermine.merge;

import dev.ermine.fhir.Issue.Code;
import dev.ermine.fhir.Issue.Severity;
import java.util.Locale;

/**
 * What may be said of a region in the account. Each has one severity and issue code, so that a
 * viewer can tell them apart without reading words.
 */
public enum Status {
  ANSWERED(Severity.INFORMATION, Code.INFORMATIONAL, Counts.WHOLE),
  EMPTY(Severity.INFORMATION, Code.INFORMATIONAL, Counts.WHOLE),
  NOT_MATCHED(Severity.INFORMATION, Code.INFORMATIONAL, Counts.WHOLE),
  PART_ANSWERED(Severity.WARNING, Code.INCOMPLETE, Counts.SPOKE),
  TIMED_OUT(Severity.WARNING, Code.TIMEOUT, Counts.MISSING),
  UNREACHABLE(Severity.WARNING, Code.TRANSIENT, Counts.MISSING),
  FAILING(Severity.WARNING, Code.EXCEPTION, Counts.MISSING),
  THROTTLED(Severity.WARNING, Code.THROTTLED, Counts.MISSING),
  REFUSED(Severity.WARNING, Code.FORBIDDEN, Counts.SPOKE),
  QUARANTINED(Severity.WARNING, Code.BUSINESS_RULE, Counts.SPOKE),
  WITHHELD(Severity.WARNING, Code.SUPPRESSED, Counts.WHOLE),
  CONSENT_UNKNOWN(Severity.WARNING, Code.INCOMPLETE, Counts.SILENT),
  SUSPENDED(Severity.WARNING, Code.INCOMPLETE, Counts.UNASKED),
  NOT_ASKED(Severity.INFORMATION, Code.INFORMATIONAL, Counts.UNASKED);

  private enum Counts {
    WHOLE,
    SPOKE,
    /** Whatever it said, nothing of it may be used. */
    SILENT,
    MISSING,
    UNASKED
  }

  private final Severity severity;
  private final Code issue;
  private final Counts counts;

  Status(Severity severity, Code issue, Counts counts) {
    this.severity = severity;
    this.issue = issue;
    this.counts = counts;
  }

  /** What is said of a region of which nothing is to be had. */
  public static Status of(PeerAnswer.Miss miss) {
    return switch (miss) {
      case PeerAnswer.Miss.TimedOut _ -> TIMED_OUT;
      case PeerAnswer.Miss.Unreachable _ -> UNREACHABLE;
      case PeerAnswer.Miss.Failing _ -> FAILING;
      case PeerAnswer.Miss.Throttled _, PeerAnswer.Miss.NoRoom _ -> THROTTLED;
      case PeerAnswer.Miss.Refused _ -> REFUSED;
    };
  }

  public Severity severity() {
    return severity;
  }

  public Code issue() {
    return issue;
  }

  /** The code of the account's code system. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether the region has said all that it has to say to this asker. */
  public boolean whole() {
    return counts == Counts.WHOLE;
  }

  /** Whether a clinician needs to know that the region may have more. */
  public boolean lacking() {
    return severity == Severity.WARNING;
  }

  /** Whether the region said anything, be it no. */
  public boolean spoke() {
    return counts == Counts.WHOLE || counts == Counts.SPOKE;
  }

  /** Whether the region was asked and could not be heard: asking again may help. */
  public boolean missing() {
    return counts == Counts.MISSING;
  }

  /** Whether the region was asked at all. */
  public boolean asked() {
    return counts != Counts.UNASKED;
  }
}
