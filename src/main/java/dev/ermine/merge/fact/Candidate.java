package dev.ermine.merge.fact;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.merge.fact.FactRule.Time;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An entry as it is held against others; what is costly to know is found out when first asked. */
final class Candidate {

  /** How many identifiers or hashes of one entry take part; who writes more means to make work. */
  private static final int MOST = 8;

  /** SHA-1 of nothing, in base64. */
  private static final String EMPTY = "2jmj7l5rSw0yVb/vlWAYkK/YBwk=";

  private static final Set<String> PASSING = Set.of("temp", "old");

  private final Fact fact;
  private final FactRule rule;
  private final List<Coding> subject;
  private final List<String> hashes;
  private final Optional<Moment> moment;

  Candidate(Fact fact) {
    this.fact = fact;
    this.rule = FactRules.of(fact.type());
    this.subject = fact.subject();
    this.hashes = hashes();
    this.moment = fact.moment();
  }

  Fact fact() {
    return fact;
  }

  FactRule rule() {
    return rule;
  }

  /** Who is told what ties an entry to others. */
  @FunctionalInterface
  interface Ties {

    /** By the parts of a {@link Key}. */
    void tie(Tie tie, String system, String value, long moment);
  }

  /** Keeps the hashes of the keys it is told. */
  private static final class Hashes implements Ties {
    private final String type;
    private final long[] hashes;
    private int size;

    private Hashes(String type, int most) {
      this.type = type;
      this.hashes = new long[most];
    }

    @Override
    public void tie(Tie tie, String system, String value, long moment) {
      hashes[size++] = Key.hash(tie, type, system, value, moment);
    }

    private long[] all() {
      return size == hashes.length ? hashes : Arrays.copyOf(hashes, size);
    }
  }

  /** Tells what ties it to others: the same for every entry that may record the same fact. */
  void tell(Ties ties) {
    tellMinuteAside(ties);
    if (rule.time() == Time.DAY) {
      tellMinute(ties);
    }
  }

  /**
   * Hashes of what ties it to others. That of a minute is left out where there is one of its day:
   * who shares the one shares the other.
   */
  long[] ties() {
    Hashes told = new Hashes(fact.type(), most());
    tellMinuteAside(told);
    return told.all();
  }

  private int most() {
    return Math.min(MOST, fact.entry().identifiers().size()) + hashes.size() + subject.size();
  }

  private void tellMinuteAside(Ties ties) {
    tellIdentifiers(ties);
    for (String hash : hashes) {
      ties.tie(Tie.HASH, "", hash, 0);
    }
    switch (rule.time()) {
      case ANY -> tellSubject(ties, 0);
      case DAY -> tellDay(ties);
      case MINUTE -> tellMinute(ties);
      case NONE -> {}
    }
  }

  /** Whether both record the same fact, where they are so tied. */
  boolean records(Candidate other, Tie tie) {
    return switch (tie) {
      case IDENTIFIER -> !Subject.differ(subject, other.subject);
      case HASH -> hashes.containsAll(other.hashes) || other.hashes.containsAll(hashes);
      case SUBJECT -> agrees(other);
    };
  }

  /** Whether either may stand for the other: both record the same fact, and nothing is lost. */
  boolean standsFor(Candidate other) {
    boolean same =
        switch (rule.fold()) {
          case NEVER -> false;
          case ALIKE -> sharesSubject(other) && moment.equals(other.moment);
          case SAME_BYTES ->
              !hashes.isEmpty() && Set.copyOf(hashes).equals(Set.copyOf(other.hashes));
        };
    return same && isSafeFor(other);
  }

  private boolean isSafeFor(Candidate other) {
    for (Detail detail : rule.safety()) {
      if (detail.compare(fact.says(), other.fact.says()) != Comparison.SAME) {
        return false;
      }
    }
    return true;
  }

  private boolean agrees(Candidate other) {
    if (!isAtTheTimeOf(other)) {
      return false;
    }
    for (Detail detail : rule.apart()) {
      if (detail.compare(fact.says(), other.fact.says()) == Comparison.DIFFERENT) {
        return false;
      }
    }
    return true;
  }

  private boolean isAtTheTimeOf(Candidate other) {
    return rule.time() == Time.ANY
        || (moment.isPresent()
            && other.moment.isPresent()
            && moment.get().meets(other.moment.get()));
  }

  private boolean sharesSubject(Candidate other) {
    for (Coding coding : subject) {
      if (other.subject.contains(coding)) {
        return true;
      }
    }
    return false;
  }

  private void tellIdentifiers(Ties ties) {
    int told = 0;
    for (Identifier identifier : fact.entry().identifiers()) {
      if (told < MOST && names(identifier)) {
        ties.tie(
            Tie.IDENTIFIER, identifier.system().orElseThrow(), identifier.value().orElseThrow(), 0);
        told++;
      }
    }
  }

  /** An NHS number names a person, whatever a peer writes it on. */
  static boolean names(Identifier identifier) {
    return identifier.system().isPresent()
        && identifier.value().isPresent()
        && !identifier.system().get().isEmpty()
        && !identifier.value().get().isEmpty()
        && !identifier.system().get().equals(NhsNumber.SYSTEM)
        && !(identifier.use().isPresent() && PASSING.contains(identifier.use().get()));
  }

  private List<String> hashes() {
    return rule.apart().contains(Detail.HASH)
        ? fact.entry().facets().hashes().stream()
            .filter(hash -> !hash.equals(EMPTY))
            .distinct()
            .limit(MOST)
            .toList()
        : List.of();
  }

  /** One that says its minute stands under the day as well, for those that say none. */
  private void tellDay(Ties ties) {
    if (moment.isPresent()) {
      tellSubject(ties, moment.get().day() * 10_000L);
    }
  }

  private void tellMinute(Ties ties) {
    if (moment.isPresent() && moment.get().minute().isPresent()) {
      tellSubject(ties, moment.get().day() * 10_000L + 1 + moment.get().minute().getAsInt());
    }
  }

  private void tellSubject(Ties ties, long at) {
    for (Coding coding : subject) {
      ties.tie(Tie.SUBJECT, coding.system(), coding.code(), at);
    }
  }
}
