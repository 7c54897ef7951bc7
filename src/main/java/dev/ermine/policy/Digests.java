package dev.ermine.policy;

import java.nio.ByteBuffer;

/**
 * A set of keyed hashes, of each the first 16 bytes: so many tell millions apart, and who is taken
 * for another is withheld, never disclosed. Open addressing in one array.
 */
final class Digests {

  private static final int FIRST = 1 << 10;

  private long[] slots = new long[2 * FIRST];
  private int size;

  /** Adds one; whether it was not there. */
  boolean add(byte[] digest) {
    if (3L * size >= slots.length) {
      grow();
    }
    long high = high(digest);
    long low = low(digest);
    int at = find(high, low);
    if (slots[at + 1] != 0) {
      return false;
    }
    slots[at] = high;
    slots[at + 1] = low;
    size++;
    return true;
  }

  boolean contains(byte[] digest) {
    return slots[find(high(digest), low(digest)) + 1] != 0;
  }

  int size() {
    return size;
  }

  /** Where it is, or would be. The hash is keyed, so nobody can make many fall together. */
  private int find(long high, long low) {
    int mask = slots.length / 2 - 1;
    int slot = (int) high & mask;
    while (slots[2 * slot + 1] != 0 && (slots[2 * slot] != high || slots[2 * slot + 1] != low)) {
      slot = slot + 1 & mask;
    }
    return 2 * slot;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[2 * old.length];
    for (int at = 0; at < old.length; at += 2) {
      if (old[at + 1] != 0) {
        int to = find(old[at], old[at + 1]);
        slots[to] = old[at];
        slots[to + 1] = old[at + 1];
      }
    }
  }

  private static long high(byte[] digest) {
    return ByteBuffer.wrap(digest).getLong(0);
  }

  /** Never zero, which marks what is empty. */
  private static long low(byte[] digest) {
    return ByteBuffer.wrap(digest).getLong(Long.BYTES) | 1;
  }
}
