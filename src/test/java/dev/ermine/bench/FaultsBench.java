package dev.ermine.bench;

import dev.ermine.bench.Asking.Question;
import dev.ermine.bench.StandIn.Visit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one misbehaving region of eight costs the answer, and the other seven: stretches with it and
 * without it in turn, at a steady rate. What it costs until it is known to misbehave is left out;
 * so much is bounded by its budget.
 */
public final class FaultsBench {

  private static final int REGIONS = 8;
  private static final List<String> TYPES = HeldRecord.TYPES.subList(0, 2);
  private static final int EXCHANGES = 1 + TYPES.size();
  private static final int ROUNDS = 2;
  private static final double RATE = 40;
  private static final Manner WELL = new Manner.Answer(Duration.ofMillis(50));
  private static final Duration STRETCH = Duration.ofSeconds(6);
  private static final Duration SETTLING = Duration.ofSeconds(5);
  private static final Duration RECOVERY = Duration.ofSeconds(20);
  private static final Duration WARM_UP = Duration.ofSeconds(30);
  private static final String FLAPS = "flaps every second";

  /**
   * What a stretch came to.
   *
   * @param others until the last byte of the last of the other seven, from when the query was due
   * @param asked requests to the eighth, of those that a healthy one gets
   * @param repeated requests to the eighth, of those asked of it
   */
  private record Stretch(
      double p50,
      double p99,
      double others50,
      double others99,
      double asked,
      double repeated,
      int unanswered) {}

  /** A stretch with the fault, the one without it before, and how long it was missed afterwards. */
  private record Pair(Stretch well, Stretch ill, double recovery) {}

  private FaultsBench() {}

  /** Prints the table; 1 where something is not as it should be. */
  public static void main(String[] arguments) {
    System.exit(measure() ? 0 : 1);
  }

  private static Map<String, Manner> faults() {
    var faults = new LinkedHashMap<String, Manner>();
    faults.put("answers 500", new Manner.Failure(500, ""));
    faults.put("drips, a byte in 300 ms", new Manner.Drip(Duration.ofMillis(300)));
    faults.put("never answers", new Manner.Silence());
    faults.put("refuses connections", new Manner.Refusal());
    faults.put("cuts connections", new Manner.Reset());
    faults.put("answers 429", new Manner.Failure(429, "5"));
    faults.put(FLAPS, new Manner.Flap(WELL, new Manner.Reset()));
    return faults;
  }

  private static boolean measure() {
    StandIns.Terms terms = StandIns.Terms.usual(Duration.ofMillis(1_500));
    try (Stage stage = Stage.open(REGIONS, 20_000, terms, Stage.asInTheImage(), Map.of())) {
      Asking asking = stage.asking("hwe", 512);
      Question question = new Question(TYPES, stage.standIns().first(REGIONS));
      stage.warmUp(asking, question, 4, WARM_UP);
      stage.standIns().be(WELL);
      Map<String, List<Pair>> pairs = new LinkedHashMap<>();
      for (int round = 1; round <= ROUNDS; round++) {
        for (var fault : faults().entrySet()) {
          System.err.printf("round %d of %d: one %s%n", round, ROUNDS, fault.getKey());
          pairs
              .computeIfAbsent(fault.getKey(), _ -> new ArrayList<>())
              .add(pair(stage, asking, question, fault.getValue()));
        }
      }
      return tell(pairs);
    }
  }

  private static Pair pair(Stage stage, Asking asking, Question question, Manner fault) {
    StandIn eighth = stage.standIns().regions().getLast();
    Stretch well = stretch(stage, asking, question);
    eighth.be(fault);
    Load.open(asking, question, RATE, SETTLING);
    Stretch ill = stretch(stage, asking, question);
    eighth.be(WELL);
    return new Pair(well, ill, secondsUntilWhole(asking, question));
  }

  private static Stretch stretch(Stage stage, Asking asking, Question question) {
    List<StandIn> regions = stage.standIns().regions();
    StandIn eighth = regions.getLast();
    regions.forEach(region -> region.watch(true));
    Result result = Load.open(asking, question, RATE, STRETCH);
    Waiting.forMillis(200); // the last visits end after the answer that did not wait for them
    regions.forEach(region -> region.watch(false));
    List<Visit> toEighth = eighth.visits();
    double[] others = others(result, regions.stream().filter(region -> region != eighth));
    return new Stretch(
        result.latency(0.5),
        result.latency(0.99),
        Figures.quantile(others, 0.5),
        Figures.quantile(others, 0.99),
        (double) toEighth.size() / result.count() / EXCHANGES,
        (double) toEighth.size()
            / Math.max(1, toEighth.stream().map(Wanted::of).distinct().count()),
        result.count(one -> !one.answered()));
  }

  /** What was asked once, however often it came. */
  private record Wanted(String trace, String path) {
    static Wanted of(Visit visit) {
      return new Wanted(visit.trace(), visit.path());
    }
  }

  private static double[] others(Result result, Stream<StandIn> seven) {
    Map<String, Long> ends =
        seven
            .flatMap(region -> region.visits().stream())
            .collect(Collectors.toMap(Visit::trace, Visit::ended, Math::max));
    return result.heard().stream()
        .map(
            one -> ends.containsKey(one.trace()) ? (ends.get(one.trace()) - one.due()) / 1e6 : null)
        .filter(Objects::nonNull)
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  private static double secondsUntilWhole(Asking asking, Question question) {
    long began = System.nanoTime();
    while (System.nanoTime() - began < RECOVERY.toNanos()) {
      Result result = Load.open(asking, question, 10, Duration.ofMillis(500));
      if (result.count() > 0 && result.count(Heard::whole) == result.count()) {
        return (System.nanoTime() - began) / 1e9;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  private static boolean tell(Map<String, List<Pair>> pairs) {
    List<Stretch> well = pairs.values().stream().flatMap(List::stream).map(Pair::well).toList();
    double noise99 = noise(well, Stretch::p99);
    double noiseOthers50 = noise(well, Stretch::others50);
    double noiseOthers99 = noise(well, Stretch::others99);
    System.out.printf(
        """

        One region of %d misbehaves, the others answer each exchange after 50 ms; %d types, %.0f queries/s, budget 1.5 s; %d pairs of
        stretches of %d s each, after %d s to settle; medians; latency from when a query was due; %s.

        | the eighth | p50 | p99 | p99 ÷ healthy | the other seven, p50 ÷ healthy | p99 ÷ healthy | asked of it | requests ÷ asked | whole again after |
        |---|---|---|---|---|---|---|---|---|
        """,
        REGIONS,
        TYPES.size(),
        RATE,
        ROUNDS,
        STRETCH.toSeconds(),
        SETTLING.toSeconds(),
        Conditions.now());
    System.out.printf(
        "| answers | %.0f ms | %.0f ms | 1 | 1 | 1 | 100 %% | %.2f | |%n",
        median(well, Stretch::p50), median(well, Stretch::p99), median(well, Stretch::repeated));
    var expected = new Expectations();
    pairs.forEach(
        (fault, both) -> {
          double p99 = ratio(both, Stretch::p99);
          double others50 = ratio(both, Stretch::others50);
          double others99 = ratio(both, Stretch::others99);
          List<Stretch> ill = both.stream().map(Pair::ill).toList();
          double repeated = median(ill, Stretch::repeated);
          double recovery = Figures.median(both.stream().map(Pair::recovery).toList());
          System.out.printf(
              "| %s | %.0f ms | %.0f ms | %.2f | %.2f | %.2f | %.0f %% | %.2f | %.1f s |%n",
              fault,
              median(ill, Stretch::p50),
              median(ill, Stretch::p99),
              p99,
              others50,
              others99,
              100 * median(ill, Stretch::asked),
              repeated,
              recovery);
          if (!fault.equals(FLAPS)) {
            expected.atMost("one " + fault + ", p99 ÷ healthy", p99, 1.1, noise99);
          }
          expected.atMost(
              "one " + fault + ", others' p50 ÷ healthy", others50, 1.05, noiseOthers50);
          expected.atMost(
              "one " + fault + ", others' p99 ÷ healthy", others99, 1.05, noiseOthers99);
          expected.atMost("one " + fault + ", requests ÷ asked", repeated, 1.1, 0);
          expected.atMost("one " + fault + ", seconds until whole again", recovery, 10, 1);
          expected.atMost(
              "one " + fault + ", queries without an answer",
              ill.stream().mapToInt(Stretch::unanswered).sum(),
              0,
              0);
        });
    System.out.printf(
        "%nNoise: nine in ten healthy stretches lie within it of the one before.%n%n%s",
        expected.told());
    return expected.areMet();
  }

  private static double ratio(List<Pair> pairs, ToDoubleFunction<Stretch> of) {
    return Figures.median(
        pairs.stream()
            .map(pair -> of.applyAsDouble(pair.ill()) / of.applyAsDouble(pair.well()))
            .toList());
  }

  /** How far the ratio of two healthy stretches is off 1, nine times in ten at most. */
  private static double noise(List<Stretch> well, ToDoubleFunction<Stretch> of) {
    double[] off = new double[well.size() - 1];
    for (int i = 0; i < off.length; i++) {
      off[i] = Math.abs(of.applyAsDouble(well.get(i + 1)) / of.applyAsDouble(well.get(i)) - 1);
    }
    return Figures.quantile(off, 0.9);
  }

  private static double median(List<Stretch> stretches, ToDoubleFunction<Stretch> of) {
    return Figures.median(stretches.stream().map(of::applyAsDouble).toList());
  }
}
