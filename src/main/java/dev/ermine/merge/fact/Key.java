package dev.ermine.merge.fact;

import java.util.Comparator;

/**
 * What two entries must have in common to be held against each other. Keys have an order, so that a
 * map of them stays quick when a peer makes their hashes meet.
 *
 * @param system of {@code value}; empty for a hash
 * @param moment day and minute as one number, 0 where the tie is not bound to a time
 */
record Key(Tie tie, String type, String system, String value, long moment)
    implements Comparable<Key> {

  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::value)
          .thenComparingLong(Key::moment)
          .thenComparing(Key::system)
          .thenComparing(Key::type)
          .thenComparing(Key::tie);

  /** A hash of the key that these would make. */
  static long hash(Tie tie, String type, String system, String value, long moment) {
    long hash = value.hashCode() * 31L + system.hashCode();
    return ((hash * 0x9e37_79b9_7f4a_7c15L + moment) * 31 + type.hashCode()) * 31
        + tie.id().hashCode();
  }

  @Override
  public int compareTo(Key other) {
    return ORDER.compare(this, other);
  }
}
