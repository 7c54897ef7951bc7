package dev.ermine.federation;

/**
 * The room in memory that one request has: what regions send is held in it until its answer has
 * left. Whoever made the request gives it back then.
 */
@FunctionalInterface
public interface Room {

  /** Without end: for tests of something else. */
  Room BOUNDLESS = (any, held) -> true;

  /**
   * Takes {@code bytes} more, where there are so many; on any thread.
   *
   * @param held what they are taken for holds so many already: who holds little is served first
   */
  boolean take(long bytes, long held);

  /** Gives back {@code bytes} that are needed no more, before the rest. */
  default void giveBack(long bytes) {}
}
