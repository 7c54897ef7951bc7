package dev.ermine.merge.fact;

import java.util.Set;

/**
 * When two entries of one type record the same fact, apart from their identifiers: they share a
 * code of what they are about, their moments agree as closely as the rule asks, and no detail says
 * that they are two.
 *
 * @param types the types that it is for; two entries of different types never record one fact
 * @param time how closely their moments have to agree
 * @param apart details that tell one fact from another where they differ
 * @param safety details that must be the same for one entry to stand for the other
 * @param fold whether one may stand for the other at all
 * @param reason why it is so, for a clinician
 */
record FactRule(
    String id,
    Set<String> types,
    Time time,
    Set<Detail> apart,
    Set<Detail> safety,
    Fold fold,
    String reason) {

  /** How closely the moments of two entries have to agree. */
  enum Time {
    /** Not at all: what it is about is all there is to compare. */
    ANY,
    /** The same day, and no other minute of it. */
    DAY,
    /** The same minute, said by both. */
    MINUTE,
    /** No moment agrees: the type is compared by identifiers and hashes alone. */
    NONE
  }

  /** Whether one entry may stand for another on request. */
  enum Fold {
    NEVER,
    /** Where all that bears on safety is the same. */
    ALIKE,
    /** Where besides their attachments are the same, byte for byte. */
    SAME_BYTES
  }

  FactRule {
    types = Set.copyOf(types);
    apart = Set.copyOf(apart);
    safety = Set.copyOf(safety);
  }
}
