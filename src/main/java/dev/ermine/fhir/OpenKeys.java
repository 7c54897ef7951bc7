package dev.ermine.fhir;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The keys of the objects that stand open in a body, so that one said twice is seen.
 *
 * <p>It is a stack whose keys are also chained by hash, newest first. An object's keys are pushed
 * as they come and popped together when it closes; as the last in is the first out, a popped key is
 * always the head of its chain. A key is compared with the chain down to where its own object
 * began. So nothing is allocated but when more keys stand open than ever before.
 */
final class OpenKeys {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Secret to this process: nobody can make keys that all fall into one chain. */
  private static final long SEED = new SecureRandom().nextLong();

  private static final long FACTOR = new SecureRandom().nextLong() | 1;

  private static final int NONE = -1;

  private final int[] begins;
  private int open;

  private int size;
  private byte[][] homes = new byte[16][];
  private int[] froms = new int[16];
  private int[] tos = new int[16];
  private int[] hashes = new int[16];
  private int[] older = new int[16];
  private int[] newest = chains(32);

  OpenKeys(int depth) {
    begins = new int[depth];
  }

  /** An object begins. */
  void open() {
    begins[open++] = size;
  }

  /**
   * A key of the innermost object, decoded, as it stands in {@code home[from..to)}.
   *
   * @return whether it is the first of its name
   */
  boolean add(byte[] home, int from, int to) {
    int hash = hash(home, from, to);
    int chain = hash & (newest.length - 1);
    int begin = begins[open - 1];
    for (int key = newest[chain]; key >= begin; key = older[key]) {
      if (hashes[key] == hash && Arrays.equals(homes[key], froms[key], tos[key], home, from, to)) {
        return false;
      }
    }
    push(home, from, to, hash);
    return true;
  }

  /** The innermost object ends. */
  void close() {
    int begin = begins[--open];
    while (size > begin) {
      size--;
      newest[hashes[size] & (newest.length - 1)] = older[size];
    }
  }

  /** How many stand open: one more than the place of the key added last. */
  int size() {
    return size;
  }

  /** The text of the key at a place, while its object stands open. */
  String text(int place) {
    int from = froms[place];
    return new String(homes[place], from, tos[place] - from, StandardCharsets.UTF_8);
  }

  /** The same; one spelt in the body as another there is the same object. */
  @SuppressWarnings("ReferenceEquality") // whether it stands in that array, not in one like it
  String text(int place, byte[] body, Spellings spellings) {
    return homes[place] == body ? spellings.text(body, froms[place], tos[place]) : text(place);
  }

  /** Whether the key at a place says when, while its object stands open. */
  boolean saysWhen(int place) {
    return Dating.isSaidBy(homes[place], froms[place], tos[place]);
  }

  private void push(byte[] home, int from, int to, int hash) {
    if (size == froms.length) {
      grow();
    }
    homes[size] = home;
    froms[size] = from;
    tos[size] = to;
    hashes[size] = hash;
    chain(size++);
  }

  private void grow() {
    int capacity = size * 2;
    homes = Arrays.copyOf(homes, capacity);
    froms = Arrays.copyOf(froms, capacity);
    tos = Arrays.copyOf(tos, capacity);
    hashes = Arrays.copyOf(hashes, capacity);
    older = Arrays.copyOf(older, capacity);
    newest = chains(capacity * 2);
    for (int key = 0; key < size; key++) {
      chain(key);
    }
  }

  private void chain(int key) {
    int chain = hashes[key] & (newest.length - 1);
    older[key] = newest[chain];
    newest[chain] = key;
  }

  private static int[] chains(int count) {
    int[] chains = new int[count];
    Arrays.fill(chains, NONE);
    return chains;
  }

  /** A hash of these bytes that is secret to this process. */
  static int hash(byte[] bytes, int from, int to) {
    long hash = SEED ^ (to - from);
    int at = from;
    for (; to - at > 8; at += 8) {
      hash = mixed(hash ^ (long) LONGS.get(bytes, at));
    }
    hash = mixed(hash ^ last(bytes, at, to));
    return (int) (hash ^ (hash >>> 32));
  }

  /** The last bytes, at most eight, as one word. */
  private static long last(byte[] bytes, int from, int to) {
    int count = to - from;
    if (count > 0 && from + 8 <= bytes.length) {
      return (long) LONGS.get(bytes, from) << (64 - 8 * count);
    }
    long word = 0;
    for (int i = from; i < to; i++) {
      word = (word >>> 8) | ((long) bytes[i] << 56);
    }
    return word;
  }

  private static long mixed(long word) {
    return (word * FACTOR) ^ Math.unsignedMultiplyHigh(word, FACTOR);
  }
}
