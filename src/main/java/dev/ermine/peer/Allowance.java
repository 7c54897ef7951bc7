package dev.ermine.peer;

/**
 * How many bytes one question may still read of a region, over all its exchanges: four bodies of
 * the largest size allowed. So many types of so many pages each must not add up to the heap.
 */
final class Allowance {

  private static final int BODIES = 4;

  private long left;

  Allowance(int bytesPerBody) {
    this.left = (long) BODIES * bytesPerBody;
  }

  /** Takes {@code bytes}, when they are left. */
  boolean take(int bytes) {
    left -= bytes;
    return left >= 0;
  }
}
