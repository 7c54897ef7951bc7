package dev.ermine.region;

import java.util.Comparator;

/**
 * Something in a file without fault that an officer should look at.
 *
 * @param path of the value that it is about
 * @param message what it is, and what to do
 */
public record Finding(Severity severity, String path, String message)
    implements Comparable<Finding> {

  private static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::severity)
          .thenComparing(Finding::path)
          .thenComparing(Finding::message);

  /** How soon. */
  public enum Severity {
    /** It does not work, or is not safe. */
    ERROR,
    /** It will not work for long, or is weaker than it should be. */
    WARNING
  }

  @Override
  public int compareTo(Finding other) {
    return ORDER.compare(this, other);
  }
}
