package dev.ermine.bench;

import java.util.function.Consumer;

/** What is asked, the same again and again, of a gateway or of what is compared with it. */
interface Query {

  /** Gets ready for minutes of asking; not while load is on. */
  default void prepare() {}

  /**
   * Asks once.
   *
   * @param due when it should have been asked, in nanoseconds of {@link System#nanoTime}
   * @param then told of the end, whatever it is
   */
  void ask(long due, Consumer<Heard> then);
}
