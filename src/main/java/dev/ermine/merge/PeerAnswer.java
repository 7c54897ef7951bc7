package dev.ermine.merge;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Parameter;
import dev.ermine.merge.document.Content;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one region said to one question: exactly one per region asked, whatever happens. */
public sealed interface PeerAnswer {

  /** Lets go of what is still on its way, for nobody will use it. */
  default void abandon() {
    if (this instanceof Document(Content content, _)) {
      content.abandon();
    }
  }

  /**
   * The region knows a Patient by the asked number, as it says.
   *
   * @param patients its Patient entries, unchecked
   * @param types what came of each type asked, in the order asked
   * @param consents what came of its Consents; empty where they were not asked for
   */
  record Answered(
      List<Entry> patients, Map<String, TypeAnswer> types, Optional<TypeAnswer> consents)
      implements PeerAnswer {

    /** An answer to a question without Consents. */
    public Answered(List<Entry> patients, Map<String, TypeAnswer> types) {
      this(patients, types, Optional.empty());
    }

    public Answered {
      patients = List.copyOf(patients);
      types = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(types));
    }

    /** Every entry of every type that was read, in order. */
    public List<Entry> entries() {
      return RegionView.entries(this);
    }
  }

  /**
   * No Patient there that it may share: an empty search, a 404, an objection that looks like it.
   */
  record NotMatched() implements PeerAnswer {}

  /** The region says that the patient objects to its sharing: nothing lifts that. */
  record Objected() implements PeerAnswer {}

  /**
   * A document. What points to it is checked before the region is asked; whoever gets this answer
   * ends it, or has it ended.
   *
   * @param securityContext what the region says decides of it
   */
  record Document(Content content, Optional<String> securityContext) implements PeerAnswer {}

  /** Nothing to be had. */
  record Missed(Miss miss) implements PeerAnswer {}

  /** What came of one type's searches. */
  sealed interface TypeAnswer {

    /**
     * Pages were read.
     *
     * @param entries in the peer's order, matches and includes
     * @param gaps what is known to be missing from them
     * @param unsaid filters of the question that the region does not say it applied
     */
    record Read(List<Entry> entries, List<Gap> gaps, List<Parameter> unsaid) implements TypeAnswer {

      /** An answer to a question without filters, or that says it applied them. */
      public Read(List<Entry> entries, List<Gap> gaps) {
        this(entries, gaps, List.of());
      }

      public Read {
        entries = List.copyOf(entries);
        gaps = List.copyOf(gaps);
        unsaid = List.copyOf(unsaid);
      }
    }

    /** Nothing of this type was to be had. */
    record Unread(Miss miss) implements TypeAnswer {}
  }

  /** Why nothing is to be had. */
  sealed interface Miss {
    /** No answer within its budget. */
    record TimedOut() implements Miss {}

    /** No connection: refused, no route, TLS not agreed. */
    record Unreachable(String why) implements Miss {}

    /** 5xx, malformed, oversized, or not FHIR. {@code why} is ours, without a byte of the body. */
    record Failing(String why) implements Miss {}

    /** Its quota or ours is spent. */
    record Throttled(Optional<Duration> retryAfter) implements Miss {}

    /** The gateway could hold no more of what it sends, beside what it held for others. */
    record NoRoom() implements Miss {}

    /** The region refused this caller. */
    record Refused() implements Miss {}
  }

  /**
   * A known gap in what was read.
   *
   * @param why a sentence of ours
   */
  record Gap(Kind kind, String why) {
    /** What kind of gap. */
    public enum Kind {
      /** The region itself warned that something is missing. */
      PEER_WARNING,
      /** More pages, entries or bytes than the limits allow. */
      LIMIT,
      /** The rest did not come in time. */
      TIMED_OUT,
      /** A later page could not be read. */
      BROKEN_PAGE,
      /** A {@code next} link that is not followed: elsewhere, or a loop. */
      BAD_NEXT
    }
  }
}
