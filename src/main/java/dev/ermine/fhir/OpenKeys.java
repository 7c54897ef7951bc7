package dev.ermine.fhir;

import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the objects that stand open in a body, so that one said twice is seen.
 *
 * <p>Those that have a {@link Name} are bits of a word for each object. The others are a stack: an
 * object's keys are pushed as they come and popped together when it closes. A key is compared with
 * each of a few, by their first and last bytes. An object with more has a hash table of its keys.
 * So nothing is allocated but for such an object, and when more keys stand open than ever before.
 */
final class OpenKeys {

  /** Up to so many keys of one object, looking through them is quicker than a hash. */
  private static final int FEW = 16;

  /** Secret to this process: nobody can make keys that all fall together. */
  private static final long SEED = new SecureRandom().nextLong();

  private static final long FACTOR = new SecureRandom().nextLong() | 1;

  private static final int NONE = -1;

  private final byte[] body;
  private final long[] names;
  private final int[] counts;
  private final int[] begins;
  private final int[] @Nullable [] tables;
  private int open;

  /** How many stand open. */
  private int count;

  // Those without a name.
  private int size;
  private long[] heads = new long[32];
  private long[] tails = new long[32];
  private int[] froms = new int[32];
  private int[] tos = new int[32];

  /** Where keys stand that are spelt with escapes, once there is one. */
  private byte[] @Nullable [] homes = {};

  OpenKeys(byte[] body, int depth) {
    this.body = body;
    names = new long[depth];
    counts = new int[depth];
    begins = new int[depth];
    tables = new int[depth] @Nullable [];
  }

  /** All objects end. */
  void clear() {
    while (open > 0) {
      close();
    }
  }

  /** An object begins. */
  void open() {
    names[open] = 0;
    counts[open] = count;
    begins[open++] = size;
  }

  /** The innermost object ends. */
  void close() {
    size = begins[--open];
    count = counts[open];
    if (tables[open] != null) {
      tables[open] = null;
    }
  }

  /**
   * A key of the innermost object that has a name.
   *
   * @return whether it is the first of its name
   */
  boolean add(Name key) {
    count++;
    long before = names[open - 1];
    names[open - 1] = before | key.bit();
    return (before & key.bit()) == 0;
  }

  /**
   * One that has none, decoded, as it stands in {@code home[from..to)}.
   *
   * @return whether it is the first of its name
   */
  boolean add(byte[] home, int from, int to) {
    count++;
    push(home, from, to);
    int begin = begins[open - 1];
    return size - begin > FEW ? isFirstOfMany(begin) : isFirstOfFew(begin);
  }

  @SuppressWarnings("ReferenceEquality") // whether it stands in that array, not in one like it
  private void push(byte[] home, int from, int to) {
    if (size == froms.length) {
      grow();
    }
    heads[size] = Words.head(home, from, to);
    tails[size] = Words.tail(home, from, to);
    froms[size] = from;
    tos[size] = to;
    if (home != body || size < homes.length) {
      settle(home == body ? null : home);
    }
    size++;
  }

  private void grow() {
    int capacity = size * 2;
    heads = Arrays.copyOf(heads, capacity);
    tails = Arrays.copyOf(tails, capacity);
    froms = Arrays.copyOf(froms, capacity);
    tos = Arrays.copyOf(tos, capacity);
  }

  private void settle(byte @Nullable [] home) {
    if (size >= homes.length) {
      homes = Arrays.copyOf(homes, froms.length);
    }
    homes[size] = home;
  }

  private boolean isFirstOfFew(int begin) {
    int last = size - 1;
    long head = heads[last];
    long tail = tails[last];
    for (int key = begin; key < last; key++) {
      if (heads[key] == head && tails[key] == tail && isSpelt(key, last)) {
        return false;
      }
    }
    return true;
  }

  private boolean isFirstOfMany(int begin) {
    int[] table = tables[open - 1];
    if (table == null || table.length < 2 * (size - begin)) {
      table = tableOf(begin);
      tables[open - 1] = table;
    }
    return isNew(size - 1, table);
  }

  /** With room for twice as many as there are. */
  private int[] tableOf(int begin) {
    int[] table = new int[Integer.highestOneBit(size - begin) * 8];
    Arrays.fill(table, NONE);
    for (int key = begin; key < size - 1; key++) {
      isNew(key, table);
    }
    return table;
  }

  private boolean isNew(int key, int[] table) {
    int slot = hash(home(key), froms[key], tos[key]);
    while (true) {
      slot &= table.length - 1;
      int other = table[slot];
      if (other == NONE) {
        table[slot] = key;
        return true;
      }
      if (heads[other] == heads[key] && tails[other] == tails[key] && isSpelt(other, key)) {
        return false;
      }
      slot++;
    }
  }

  private boolean isSpelt(int one, int other) {
    return Arrays.equals(home(one), froms[one], tos[one], home(other), froms[other], tos[other]);
  }

  private byte[] home(int key) {
    byte[] home = key < homes.length ? homes[key] : null;
    return home == null ? body : home;
  }

  /** How many stand open. */
  int count() {
    return count;
  }

  /** A hash of these bytes that is secret to this process. */
  private static int hash(byte[] bytes, int from, int to) {
    long hash = SEED ^ (to - from);
    int at = from;
    for (; to - at > 8; at += 8) {
      hash = mixed(hash ^ Words.at(bytes, at));
    }
    hash = mixed(hash ^ Words.head(bytes, at, to));
    return (int) (hash ^ (hash >>> 32));
  }

  private static long mixed(long word) {
    return (word * FACTOR) ^ Math.unsignedMultiplyHigh(word, FACTOR);
  }
}
