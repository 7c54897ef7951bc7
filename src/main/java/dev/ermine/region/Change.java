package dev.ermine.region;

import java.util.Comparator;

/**
 * One thing that a version of {@code regions.yaml} declares differently from another.
 *
 * @param path of the value
 * @param message what it was and is
 */
public record Change(Effect effect, String path, String message) implements Comparable<Change> {

  private static final Comparator<Change> ORDER =
      Comparator.comparing(Change::effect)
          .thenComparing(Change::path)
          .thenComparing(Change::message);

  /** What it does to trust; of agreements and denials the decisions tell. */
  public enum Effect {
    /** Somebody is believed, or sent to, who was not, or something is disclosed that was not. */
    WIDENS,
    /** It is neither, or not for the declaration alone to tell. */
    CHANGES,
    /** Somebody is believed, or sent to, no longer, or something is no longer disclosed. */
    NARROWS
  }

  @Override
  public int compareTo(Change other) {
    return ORDER.compare(this, other);
  }
}
