package dev.ermine.federation;

import dev.ermine.fhir.Gather;
import dev.ermine.fhir.Issue;
import dev.ermine.merge.document.OpenDocument;
import dev.ermine.region.RegionId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the gateway has to say to a query, audited and ready to leave. */
public sealed interface FederatedAnswer {

  /** The other regions that something of it comes from. */
  default Set<RegionId> origins() {
    return Set.of();
  }

  /** Lets go of what is still on its way, for it will not leave. */
  default void abandon() {
    if (this instanceof FoundDocument found) {
      found.document().abandon();
    }
  }

  /**
   * 200: the merged searchset with its account.
   *
   * @param from the regions that have entries in it
   * @param origins the other regions that entries of these come from
   */
  record View(Gather bundle, Tally tally, Set<RegionId> from, Set<RegionId> origins)
      implements FederatedAnswer {
    public View {
      from = Set.copyOf(from);
      origins = Set.copyOf(origins);
    }
  }

  /**
   * 200: one region's resource, as it sent it; also a Binary in FHIR.
   *
   * @param origins the other regions that it comes from
   */
  record Found(Gather content, RegionId from, Set<RegionId> origins) implements FederatedAnswer {
    public Found {
      origins = Set.copyOf(origins);
    }
  }

  /**
   * 200, 206 or 416: one region's document, still to be read; whoever has this answer ends it.
   *
   * @param origins the other regions that it comes from
   */
  record FoundDocument(OpenDocument document, RegionId from, Set<RegionId> origins)
      implements FederatedAnswer {
    public FoundDocument {
      origins = Set.copyOf(origins);
    }
  }

  /** 404: not there, another patient's, or withheld: the same words for all of them. */
  record NotFound() implements FederatedAnswer {}

  /**
   * There is no answer.
   *
   * @param issues what to tell the caller; the account when regions were asked
   * @param retryAfter when to ask again
   */
  record Unanswered(
      Failure failure, List<Issue> issues, Optional<Tally> tally, Optional<Duration> retryAfter)
      implements FederatedAnswer {
    public Unanswered {
      issues = List.copyOf(issues);
    }

    /** One whose reason is all that there is to say. */
    static Unanswered because(Failure failure, Issue.Code code, String text) {
      return new Unanswered(
          failure, List.of(Issue.error(code, text)), Optional.empty(), Optional.empty());
    }

    /** Trust that the answer rested on has ended before it left. */
    public static Unanswered trustChanged() {
      return new Unanswered(
          Failure.TRUST_CHANGED,
          List.of(
              Issue.error(
                  Issue.Code.TRANSIENT,
                  "trust between the regions changed while this was being answered; ask again")),
          Optional.empty(),
          Optional.of(Duration.ofSeconds(1)));
    }
  }

  /** Why there is none, with the HTTP status that says so. */
  enum Failure {
    /** A wish names a region that is not known. */
    UNKNOWN_REGION(400),
    /** No agreement covers the question. */
    NO_AGREEMENT(403),
    /** The token serves another patient. */
    OTHER_PATIENT(403),
    /** A page that was begun by another asker, or for another purpose. */
    PAGE_OF_ANOTHER(403),
    /** A page that is none of ours, or is no longer to be had. */
    PAGE_GONE(410),
    /** A page of a sequence that was begun under other trust or agreements. */
    PAGE_OUTDATED(410),
    /** A query with too much in it to be carried from page to page. */
    TOO_LONG_TO_PAGE(400),
    /** Some asked region failed, and none answered. */
    FAILED(502),
    /** What the patient decided could not be established. */
    CONSENT_UNKNOWN(502),
    /** Every region that might be asked is suspended. */
    SUSPENDED(503),
    /** Every asked region was throttled. */
    THROTTLED(503),
    /** Trust in the asker or in a region has changed while the query was under way. */
    TRUST_CHANGED(503),
    /** No audit, no data. */
    AUDIT_UNAVAILABLE(503),
    /** Every asked region timed out. */
    TIMED_OUT(504),
    /** A region that the asker requires was not reached. */
    REQUIRED_MISSING(504);

    private final int status;

    Failure(int status) {
      this.status = status;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }
  }

  /**
   * The account in numbers, for the header {@code Ermine-Account}.
   *
   * @param known regions that could be asked at all
   * @param agreed of these, how many an agreement lets this asker ask
   * @param asked how many were asked
   * @param answered how many answered, whatever they had
   * @param allAnswered whether every agreed region answered in full
   * @param timings how long each asked region took, for askers that may know
   */
  record Tally(
      int known, int agreed, int asked, int answered, boolean allAnswered, List<Timing> timings) {
    public Tally {
      timings = List.copyOf(timings);
    }
  }

  /** How long a region took, rounded up to 50 ms. */
  record Timing(String region, Duration took) {}
}
