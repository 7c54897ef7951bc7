package dev.ermine.bench;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a stretch of load was told.
 *
 * @param time that it lasted
 */
record Result(List<Heard> heard, Duration time) {

  /** Several stretches taken together. */
  static Result of(List<Result> results) {
    return new Result(
        results.stream().flatMap(result -> result.heard.stream()).toList(),
        results.stream().map(Result::time).reduce(Duration.ZERO, Duration::plus));
  }

  /** Those that it is true of. */
  Result only(Predicate<Heard> which) {
    return new Result(heard.stream().filter(which).toList(), time);
  }

  int count() {
    return heard.size();
  }

  int count(Predicate<Heard> which) {
    return Math.toIntExact(heard.stream().filter(which).count());
  }

  /** How many a second it is true of. */
  double perSecond(Predicate<Heard> which) {
    return count(which) * 1e9 / time.toNanos();
  }

  /** The latency that so large a part of them, of 1, did not exceed. */
  double latency(double part) {
    return Figures.quantile(values(Heard::latencyMillis), part);
  }

  double[] values(ToDoubleFunction<Heard> of) {
    return heard.stream().mapToDouble(of).toArray();
  }

  /** How they ended, by status. */
  @Override
  public String toString() {
    return heard.stream()
        .collect(
            Collectors.groupingBy(
                one -> one.lost().isEmpty() ? String.valueOf(one.status()) : one.lost(),
                java.util.TreeMap::new,
                Collectors.counting()))
        .entrySet()
        .stream()
        .map(entry -> entry.getValue() + " × " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  /** That and how many were not whole. */
  Stream<String> faults() {
    int part = count(one -> one.answered() && !one.whole());
    return part == 0 ? Stream.empty() : Stream.of(part + " answers were not whole");
  }
}
