package dev.ermine.testing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One scrape of Prometheus' text, read strictly: every line is a comment or a sample, each series
 * stands once and has its {@code HELP} and {@code TYPE} before it.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Prometheus:
 *     exposition formats</a>
 */
public final class Scrape {

  private static final Pattern COMMENT =
      Pattern.compile("# (?:HELP|TYPE) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) .*");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(?<labels>.*)})? (?<value>-?[0-9.]+(?:E-?[0-9]+)?|NaN|[+-]Inf)");
  private static final Pattern LABEL =
      Pattern.compile(
          "(?<name>[a-zA-Z_][a-zA-Z0-9_]*)=\"(?<value>(?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\",?");
  private static final Pattern PART = Pattern.compile("_(?:bucket|count|sum|total|max|created)$");

  private final String text;
  private final Map<Series, Double> samples = new LinkedHashMap<>();

  /** A name with its labels. */
  public record Series(String name, Map<String, String> labels) {}

  public Scrape(String text) {
    this.text = text;
    List<String> described =
        text.lines()
            .map(COMMENT::matcher)
            .filter(Matcher::matches)
            .map(line -> line.group("name"))
            .toList();
    text.lines()
        .filter(line -> !COMMENT.matcher(line).matches())
        .forEach(line -> add(line, described));
  }

  private void add(String line, List<String> described) {
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches()) {
      throw new AssertionError("neither a comment nor a sample: " + line);
    }
    String name = sample.group("name");
    if (!described.contains(name) && !described.contains(PART.matcher(name).replaceFirst(""))) {
      throw new AssertionError("a sample that nothing describes: " + line);
    }
    Series series = new Series(name, labels(sample.group("labels"), line));
    if (samples.put(series, value(sample.group("value"))) != null) {
      throw new AssertionError("a series that stands twice: " + line);
    }
  }

  private static Map<String, String> labels(String text, String line) {
    Map<String, String> labels = new TreeMap<>();
    Matcher label = LABEL.matcher(text == null ? "" : text);
    int end = 0;
    while (label.find() && label.start() == end) {
      labels.put(label.group("name"), label.group("value"));
      end = label.end();
    }
    if (text != null && end != text.length()) {
      throw new AssertionError("labels that cannot be read: " + line);
    }
    return labels;
  }

  private static double value(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  /** As it came. */
  public String text() {
    return text;
  }

  /** Every series there is. */
  public java.util.Set<Series> series() {
    return samples.keySet();
  }

  /** The series of that name. */
  public Stream<Series> of(String name) {
    return samples.keySet().stream().filter(series -> series.name().equals(name));
  }

  /** All of that name together. */
  public double sum(String name) {
    return of(name).mapToDouble(samples::get).sum();
  }

  /** The value of one series. */
  public double value(String name, String... labels) {
    Map<String, String> wanted = new TreeMap<>();
    for (int i = 0; i < labels.length; i += 2) {
      wanted.put(labels[i], labels[i + 1]);
    }
    Double value = samples.get(new Series(name, wanted));
    if (value == null) {
      throw new AssertionError("there is no " + name + wanted);
    }
    return value;
  }
}
