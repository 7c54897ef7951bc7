package dev.ermine.region;

import java.util.Comparator;

/**
 * One thing that is wrong with {@code regions.yaml}, told to the officer who must mend it. It never
 * quotes a value that could be a secret.
 *
 * @param line where to look, from 1
 * @param path of the value: {@code regions.london.answers.budget}; empty for the file as a whole
 * @param message what is wrong, and what to do
 */
public record Fault(int line, String path, String message) implements Comparable<Fault> {

  private static final Comparator<Fault> ORDER =
      Comparator.comparingInt(Fault::line).thenComparing(Fault::path).thenComparing(Fault::message);

  @Override
  public int compareTo(Fault other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "regions.yaml:" + line + (path.isEmpty() ? "" : " " + path) + ": " + message;
  }
}
