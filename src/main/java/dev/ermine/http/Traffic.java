package dev.ermine.http;

import java.time.Duration;

/**
 * Who is told of every request at the {@link Door}. It is called on event loops: it never waits.
 */
public interface Traffic {

  /** One has begun. */
  void began(Interaction interaction);

  /** It has ended, as seen from the door; each that began does so once. */
  void ended(Interaction interaction, Ending ending, Duration took);

  /**
   * One was refused for want of a place; it ends as any other.
   *
   * @param asker the region's id, or what kind of asker it is
   */
  void shed(String asker);
}
