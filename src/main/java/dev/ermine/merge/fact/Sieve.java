package dev.ermine.merge.fact;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Which facts stand under a key that another stands under as well. It goes by the hashes of their
 * keys, so it holds a few others too; but most facts have no mate, and for these no key is ever
 * made.
 */
final class Sieve {

  /** Secret to this process: nobody can choose where a key falls. */
  private static final long FACTOR = new SecureRandom().nextLong() | 1;

  private final int count;
  private final int shift;
  private final long[] once;
  private final long[] again;

  private final Keys keys;

  /** One with room for the keys of so many facts. */
  Sieve(int count) {
    this.count = count;
    int words = Integer.highestOneBit(Math.max(count, 1)) * 2;
    shift = Long.SIZE - 6 - Integer.numberOfTrailingZeros(words);
    once = new long[words];
    again = new long[words];
    keys = new Keys(4 * count + 4);
  }

  /** A fact stands under keys of these hashes. */
  void add(int fact, long[] hashes) {
    for (long hash : hashes) {
      add(fact, hash);
    }
  }

  /** A fact stands under a key of that hash. */
  void add(int fact, long hash) {
    int bit = (int) ((hash * FACTOR) >>> shift);
    again[bit >>> 6] |= once[bit >>> 6] & (1L << bit);
    once[bit >>> 6] |= 1L << bit;
    keys.add(fact, bit);
  }

  /** The facts that may have a mate, in ascending order. */
  IntStream mates() {
    BitSet mates = new BitSet(count);
    for (int i = 0; i < keys.size; i++) {
      if ((again[keys.bits[i] >>> 6] & (1L << keys.bits[i])) != 0) {
        mates.set(keys.facts[i]);
      }
    }
    return mates.stream();
  }

  /** The facts, as they were added, and where the key of each fell. */
  private static final class Keys {
    private int[] facts;
    private int[] bits;
    private int size;

    private Keys(int room) {
      facts = new int[room];
      bits = new int[room];
    }

    private void add(int fact, int bit) {
      if (size == facts.length) {
        facts = Arrays.copyOf(facts, size * 2);
        bits = Arrays.copyOf(bits, size * 2);
      }
      facts[size] = fact;
      bits[size++] = bit;
    }
  }
}
