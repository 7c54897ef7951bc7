package dev.ermine.bench;

import dev.ermine.bench.Alternative.Cost;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What queries of one size came to at each of those that are compared.
 *
 * @param conditions what was measured how, as text
 * @param added to the slowest region, by those that are nearly as fast as it
 * @param aggregatorAdded the same of the aggregator, of fewer pairs
 * @param underLoad how queries ended at a steady rate
 */
record Comparison(
    Size size,
    String conditions,
    Rounds rounds,
    Pairs added,
    Pairs aggregatorAdded,
    Map<String, Result> underLoad) {

  static final String PROXY = "HAProxy, an answer a region";
  static final String PROXY_ALL = "HAProxy, the Patients too";
  static final String GATEWAY = "Ermine";
  static final String AGGREGATOR = "HAPI aggregator";

  private static final List<String> NAMES = List.of(GATEWAY, PROXY, PROXY_ALL, AGGREGATOR);

  /** Its section of the page of results but the plots. */
  String table() {
    var text = new StringBuilder(conditions);
    text.append(
        """

        | | CPU a query | ÷ HAProxy's | HAPI aggregator's ÷ it | queries/s | allocated a query | GC a query | RSS | peak |
        |---|---|---|---|---|---|---|---|---|
        """);
    NAMES.forEach(name -> text.append(cost(name)));
    text.append(
        """

        | | adds to the slowest region, p50 | p90 | p99 | pairs | under load, queries/s | p50 over the regions' 50 ms | p90 | p99 |
        |---|---|---|---|---|---|---|---|---|
        """);
    NAMES.stream().filter(underLoad::containsKey).forEach(name -> text.append(latency(name)));
    return text.toString();
  }

  private String cost(String name) {
    return row(
        name,
        "%.2f ms ± %.0f %%"
            .formatted(
                rounds.median(name, Cost::cpuMillis), 100 * rounds.spread(name, Cost::cpuMillis)),
        ratio(rounds.ratios(name, PROXY)),
        ratio(rounds.ratios(AGGREGATOR, name)),
        figure("%.0f", rounds.median(name, Cost::perSecond)),
        figure("%.2f MB", rounds.median(name, Cost::allocatedMegabytes)),
        figure("%.2f ms", rounds.median(name, Cost::collecting)),
        figure("%.0f MiB", rounds.median(name, Cost::residentMegabytes)),
        figure("%.0f MiB", rounds.most(name, Cost::peakMegabytes)));
  }

  private String latency(String name) {
    Pairs pairs = pairs(name);
    return row(
        name,
        figure("%.1f ms", pairs.added(name, 0.5)),
        figure("%.1f ms", pairs.added(name, 0.9)),
        figure("%.1f ms", pairs.added(name, 0.99)),
        String.valueOf(pairs.number(name)),
        figure("%.0f", underLoad.get(name).perSecond(_ -> true)),
        figure("%.1f ms", overRegions(name, 0.5)),
        figure("%.1f ms", overRegions(name, 0.9)),
        figure("%.1f ms", overRegions(name, 0.99)));
  }

  private double overRegions(String name, double part) {
    return underLoad.get(name).latency(part) - CompareBench.DELAY.toMillis();
  }

  private Pairs pairs(String name) {
    return name.equals(AGGREGATOR) ? aggregatorAdded : added;
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  /** The median of rounds, and how far they lie apart. */
  private static String ratio(List<Double> ratios) {
    var range = ratios.stream().mapToDouble(Double::doubleValue).summaryStatistics();
    return range.getMin() == range.getMax()
        ? figure("%.2f", range.getMin())
        : "**%.2f** (%.2f to %.2f)"
            .formatted(Figures.median(ratios), range.getMin(), range.getMax());
  }

  /** Nothing of what was not measured. */
  private static String figure(String format, double value) {
    return Double.isNaN(value) ? "" : format.formatted(value);
  }

  /** What a query costs, as a plot. */
  String costPlot() {
    return Chart.bars(
        "CPU a query, " + size,
        NAMES.stream()
            .map(
                name -> {
                  double millis = rounds.median(name, Cost::cpuMillis);
                  return new Chart.Bar(name, millis, "%.2f ms".formatted(millis));
                })
            .toList());
  }

  /** What is added to the slowest region, as a plot. */
  String latencyPlot() {
    List<String> shown = NAMES.stream().filter(name -> pairs(name).number(name) > 0).toList();
    return Chart.steps(
        "Latency over the slowest region, " + size,
        "at most so many milliseconds added",
        Math.ceil(
            shown.stream().mapToDouble(name -> pairs(name).added(name, 0.9)).max().orElseThrow()),
        shown.stream().map(name -> Chart.Steps.upTo(name, pairs(name).values(name))).toList(),
        "The part of queries, in %, that add at most so much: "
            + Stream.of(0.5, 0.9)
                .flatMap(
                    part ->
                        shown.stream()
                            .map(
                                name ->
                                    "%s %.0f %% within %.1f ms"
                                        .formatted(
                                            name, 100 * part, pairs(name).added(name, part))))
                .toList());
  }

  /** What it should come to. */
  void expect(Expectations expected) {
    double overProxy = Figures.median(rounds.ratios(GATEWAY, PROXY));
    String of = size + ", ";
    switch (size.name()) {
      case "8x20k" -> {
        expected.atMost(of + "CPU ÷ HAProxy's", overProxy, 2.2, 0);
        expected.atMost(of + "ms added, p50", added.added(GATEWAY, 0.5), 2.5, 0);
        expected.atMost(of + "ms added, p90", added.added(GATEWAY, 0.9), 6, 0);
      }
      case "8x200k" -> expected.atMost(of + "CPU ÷ HAProxy's", overProxy, 2.6, 0);
      default -> {}
    }
    double underAggregator = Figures.median(rounds.ratios(AGGREGATOR, GATEWAY));
    expected.atLeast(of + "HAPI aggregator's CPU ÷ Ermine's", underAggregator, 20, 0);
    expected.atMost(
        of + "peak RSS of Ermine, MiB", rounds.most(GATEWAY, Cost::peakMegabytes), 400, 0);
    NAMES.forEach(
        name -> expected.atMost(of + "queries not whole: " + name, rounds.unanswered(name), 0, 0));
  }
}
