package dev.ermine.federation;

/**
 * The room in memory that one request has: what regions send is held in it until its answer has
 * left. Whoever made the request gives it back then.
 */
@FunctionalInterface
public interface Room {

  /** Without end: for tests of something else. */
  Room BOUNDLESS = any -> true;

  /** Takes {@code bytes} more, where there are so many; on any thread. */
  boolean take(long bytes);
}
