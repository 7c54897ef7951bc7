package dev.ermine.policy;

import java.nio.ByteBuffer;

/**
 * Keyed hashes in ascending order, of each the first 16 bytes: so many tell millions apart, and who
 * is taken for another is withheld, never disclosed. One array, and no more than it needs.
 */
final class Digests {

  private final long[] halves;

  /** So many, each still to be {@linkplain #set set}. */
  Digests(int size) {
    halves = new long[2 * size];
  }

  /** Sets the one at that place; those before it are less. */
  void set(int at, byte[] digest) {
    halves[2 * at] = high(digest);
    halves[2 * at + 1] = low(digest);
  }

  boolean contains(byte[] digest) {
    int from = 0;
    int to = halves.length / 2 - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      int compared = compare(middle, high(digest), low(digest));
      if (compared == 0) {
        return true;
      } else if (compared < 0) {
        from = middle + 1;
      } else {
        to = middle - 1;
      }
    }
    return false;
  }

  private int compare(int at, long high, long low) {
    int compared = Long.compareUnsigned(halves[2 * at], high);
    return compared != 0 ? compared : Long.compareUnsigned(halves[2 * at + 1], low);
  }

  int size() {
    return halves.length / 2;
  }

  private static long high(byte[] digest) {
    return ByteBuffer.wrap(digest).getLong(0);
  }

  private static long low(byte[] digest) {
    return ByteBuffer.wrap(digest).getLong(Long.BYTES);
  }
}
