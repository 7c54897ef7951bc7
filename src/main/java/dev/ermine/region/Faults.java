package dev.ermine.region;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The faults found in one reading, each at its line. */
final class Faults {

  /** A name that may be repeated: shorter than any key, and of letters that need no quotes. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._/-]{0,39}");

  private final String file;
  private final Map<JsonPointer, Integer> lines = new HashMap<>();
  private final Set<JsonPointer> told = new HashSet<>();
  private final Set<Fault> faults = new TreeSet<>();

  Faults(String file) {
    this.file = file;
  }

  /** Remembers that the value at {@code at} begins in that line. */
  void locate(JsonPointer at, int line) {
    lines.put(at, line);
  }

  /** The line of the value, or of the nearest value around it. */
  int line(JsonPointer at) {
    JsonPointer nearest = at;
    while (!lines.containsKey(nearest) && !nearest.matches()) {
      nearest = nearest.head();
    }
    return lines.getOrDefault(nearest, 1);
  }

  void add(Place place, String message) {
    add(place.at(), message);
  }

  void add(JsonPointer at, String message) {
    told.add(at);
    faults.add(new Fault(file, line(at), path(at), message));
  }

  /** Adds a fault of the file rather than of one value. */
  void add(int line, String message) {
    faults.add(new Fault(file, line, "", message));
  }

  /** Whether this very value has a fault already, so that no later check should build on it. */
  boolean told(JsonPointer at) {
    return told.contains(at);
  }

  boolean none() {
    return faults.isEmpty();
  }

  /** All of them, by line. */
  List<Fault> sorted() {
    return List.copyOf(faults);
  }

  /** The text in backticks where it is a plain name; else a word in its stead. */
  static String shown(String text) {
    return NAME.matcher(text).matches() ? "`" + text + "`" : "this value";
  }

  private static String path(JsonPointer at) {
    StringBuilder path = new StringBuilder();
    for (JsonPointer rest = at; !rest.matches(); rest = rest.tail()) {
      if (rest.getMatchingIndex() >= 0) {
        path.append('[').append(rest.getMatchingIndex()).append(']');
      } else {
        String key = rest.getMatchingProperty();
        path.append(path.isEmpty() ? "" : ".").append(NAME.matcher(key).matches() ? key : "…");
      }
    }
    return path.toString();
  }
}
