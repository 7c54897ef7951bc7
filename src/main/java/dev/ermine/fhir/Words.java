package dev.ermine.fhir;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes looked at as one number, the first of them lowest. A run of bytes of at most sixteen
 * is told from all others by its length, its {@link #head} and its {@link #tail}.
 */
final class Words {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Bytes of a word. */
  static final int LENGTH = 8;

  private static final long EACH = 0x0101_0101_0101_0101L;
  private static final long HIGH = 0x8080_8080_8080_8080L;

  /** Eight spaces. */
  static final long SPACES = EACH * ' ';

  private Words() {}

  /** The eight bytes that stand from there on. */
  static long at(byte[] bytes, int from) {
    return (long) LONGS.get(bytes, from);
  }

  /** The first eight bytes of a run, or all of a shorter one. */
  static long head(byte[] bytes, int from, int to) {
    int count = to - from;
    if (count >= 8) {
      return at(bytes, from);
    }
    return from + 8 <= bytes.length
        ? at(bytes, from) & ~(-1L << (8 * count))
        : lastOf(bytes, from, to);
  }

  /** The same where eight bytes from there on would reach beyond the array. */
  private static long lastOf(byte[] bytes, int from, int to) {
    long word = 0;
    for (int i = to - 1; i >= from; i--) {
      word = (word << 8) | (bytes[i] & 0xff);
    }
    return word;
  }

  /** The last eight bytes of a run; nothing of one whose head is all of it. */
  static long tail(byte[] bytes, int from, int to) {
    return to - from > 8 ? at(bytes, to - 8) : 0;
  }

  /**
   * Which bytes of a word are no characters of ASCII that stand for themselves in a JSON string:
   * their high bits are set. Bits above the lowest may be wrong by a borrow.
   */
  static long odd(long word) {
    long quote = word ^ (EACH * '"');
    long escape = word ^ (EACH * '\\');
    return (word | (word - SPACES) | (quote - EACH) | (escape - EACH)) & HIGH;
  }

  /** How many bytes stand before the lowest of those. */
  static int before(long odd) {
    return Long.numberOfTrailingZeros(odd) >>> 3;
  }

  /** The lowest of those. */
  static byte first(long word, long odd) {
    return (byte) (word >>> (Long.numberOfTrailingZeros(odd) - 7));
  }
}
