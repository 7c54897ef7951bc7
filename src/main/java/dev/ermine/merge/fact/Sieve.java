package dev.ermine.merge.fact;

import java.security.SecureRandom;

/**
 * Which keys more than one entry stands under. It goes by their hashes, so it holds a few others as
 * well; but most entries have no mate, and for these no key is ever made.
 */
final class Sieve {

  /** Secret to this process: nobody can choose where a key falls. */
  private static final long FACTOR = new SecureRandom().nextLong() | 1;

  private final int shift;
  private final long[] once;
  private final long[] again;

  /** One with room for the keys of so many entries. */
  Sieve(int entries) {
    int words = Integer.highestOneBit(Math.max(entries, 1)) * 2;
    shift = Long.SIZE - 6 - Integer.numberOfTrailingZeros(words);
    once = new long[words];
    again = new long[words];
  }

  /** An entry stands under a key of that hash. */
  void add(long hash) {
    int place = place(hash);
    long bit = 1L << place;
    again[place >>> 6] |= once[place >>> 6] & bit;
    once[place >>> 6] |= bit;
  }

  /** Whether two entries may stand under the key of that hash. */
  boolean holds(long hash) {
    int place = place(hash);
    return (again[place >>> 6] & (1L << place)) != 0;
  }

  private int place(long hash) {
    return (int) ((hash * FACTOR) >>> shift);
  }
}
