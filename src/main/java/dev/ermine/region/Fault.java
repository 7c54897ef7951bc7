package dev.ermine.region;

import java.util.Comparator;

/**
 * One thing that is wrong with a file of the officers', told to whoever must mend it. It never
 * quotes a value that could be a secret.
 *
 * @param file its name: {@code regions.yaml}
 * @param line where to look, from 1; 0 where it is no matter of one line
 * @param path of the value: {@code regions.london.answers.budget}; empty for the file as a whole
 * @param message what is wrong, and what to do
 */
public record Fault(String file, int line, String path, String message)
    implements Comparable<Fault> {

  /** The file that officers declare regions and agreements in. */
  public static final String REGIONS = "regions.yaml";

  /** The file that lies over it. */
  public static final String SUSPENSIONS = "suspensions.yaml";

  private static final Comparator<Fault> ORDER =
      Comparator.comparing(Fault::file)
          .thenComparingInt(Fault::line)
          .thenComparing(Fault::path)
          .thenComparing(Fault::message);

  /** A fault of {@code regions.yaml}. */
  public Fault(int line, String path, String message) {
    this(REGIONS, line, path, message);
  }

  @Override
  public int compareTo(Fault other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return file
        + (line == 0 ? "" : ":" + line)
        + (path.isEmpty() ? "" : " " + path)
        + ": "
        + message;
  }
}
