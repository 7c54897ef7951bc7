package dev.ermine.bench;

import dev.ermine.bench.Asking.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What is done of what there is too much of: the most queries answered a second with as many asked
 * at a time as answers come, then queries that come at once, twice and five times that rate whether
 * or not they are answered, and how soon all is as before. Then one asker at ten times its share
 * beside another that asks little.
 *
 * <p>Queries are large, so that the load's own work, on the same cores, is small beside theirs.
 */
public final class OverloadBench {

  private static final int REGIONS = 28;
  private static final Manner WELL = new Manner.Answer(Duration.ofMillis(100));
  private static final int CONNECTIONS = 600;
  private static final List<Integer> AT_ONCE = List.of(8, 16, 32, 64);
  private static final List<Integer> TIMES = List.of(1, 2, 5);
  private static final int ROUNDS = 2;
  private static final Duration WARM_UP = Duration.ofSeconds(60);
  private static final Duration STRETCH = Duration.ofSeconds(10);
  private static final Duration ONSET = Duration.ofSeconds(2);
  private static final Duration RECOVERY = Duration.ofSeconds(14);
  private static final double MODEST = 0.2;
  private static final int GREED = 10;

  /** A stretch beyond what can be done, and how many seconds it was felt afterwards. */
  private record Over(Result result, double peak, double recovery) {

    /** Answers a second, of the peak, from when it is under way until no more is asked. */
    private double goodput() {
      long began = result.heard().stream().mapToLong(Heard::due).min().orElseThrow();
      long from = began + ONSET.toNanos();
      long until = began + STRETCH.toNanos();
      int answered =
          result.count(one -> one.answered() && one.ended() >= from && one.ended() < until);
      return answered * 1e9 / (until - from) / peak;
    }

    private double rejection(double part) {
      Result rejected = result.only(Heard::turnedAway);
      return Figures.quantile(rejected.values(one -> (one.ended() - one.sent()) / 1e6), part);
    }
  }

  /** What the modest asker had of its queries, alone and beside the greedy one. */
  private record Fair(Result alone, Result beside, Result greedy) {

    private double kept() {
      return part(beside) / part(alone);
    }

    private static double part(Result result) {
      return (double) result.count(Heard::answered) / result.count();
    }
  }

  private OverloadBench() {}

  /** Prints the tables; 1 where something is not as it should be. */
  public static void main(String[] arguments) {
    System.exit(measure() ? 0 : 1);
  }

  private static boolean measure() {
    StandIns.Terms terms = StandIns.Terms.usual(Duration.ofSeconds(4));
    try (Stage stage = Stage.open(REGIONS, 10_000, terms, Stage.asInTheImage(), Map.of())) {
      Asking greedy = stage.asking("hwe", CONNECTIONS);
      Asking modest = stage.asking("wessex", CONNECTIONS);
      Question question = new Question(HeldRecord.TYPES, stage.standIns().first(REGIONS));
      stage.warmUp(greedy, question, 4, WARM_UP);
      stage.standIns().be(WELL);
      modest.prepare();
      List<Double> peaks = new ArrayList<>();
      Map<Integer, List<Over>> overs = new LinkedHashMap<>();
      for (int round = 1; round <= ROUNDS; round++) {
        System.err.printf("round %d of %d%n", round, ROUNDS);
        double peak = peak(greedy, question);
        peaks.add(peak);
        for (int times : TIMES) {
          overs
              .computeIfAbsent(times, _ -> new ArrayList<>())
              .add(over(greedy, question, peak, times));
        }
      }
      List<Fair> fairs = new ArrayList<>();
      for (int round = 1; round <= ROUNDS; round++) {
        fairs.add(fair(greedy, modest, question, Figures.median(peaks)));
      }
      return tell(peaks, overs, fairs);
    }
  }

  /** The most that are answered a second, however many are asked at a time. */
  private static double peak(Asking asking, Question question) {
    return AT_ONCE.stream()
        .map(
            atOnce -> {
              Result result = Load.closed(asking, question, atOnce, Duration.ofSeconds(5));
              System.err.printf(
                  "  %d at once: %.0f/s%n", atOnce, result.perSecond(Heard::answered));
              return result.perSecond(Heard::answered);
            })
        .max(Double::compare)
        .orElseThrow();
  }

  private static Over over(Asking asking, Question question, double peak, int times) {
    Result result = Load.open(asking, question, times * peak, STRETCH);
    System.err.printf("  %d × the peak: %s%n", times, result);
    return new Over(result, peak, secondsUntilNormal(asking, question, peak / 2));
  }

  /** From the end of the load until every query of each further second is answered. */
  private static double secondsUntilNormal(Asking asking, Question question, double rate) {
    Result after = Load.open(asking, question, rate, RECOVERY);
    long began = after.heard().stream().mapToLong(Heard::due).min().orElseThrow();
    return after.heard().stream()
        .filter(one -> !one.answered())
        .mapToDouble(one -> (one.due() - began) / 1e9)
        .max()
        .orElse(0);
  }

  private static Fair fair(Asking greedy, Asking modest, Question question, double peak) {
    greedy.prepare();
    Result alone = Load.open(modest, question, MODEST * peak, STRETCH);
    CompletableFuture<Result> load =
        CompletableFuture.supplyAsync(
            () -> Load.open(greedy, question, GREED * peak / 2, STRETCH.plusSeconds(2)));
    Waiting.forMillis(1_000); // it begins to be felt
    Result beside = Load.open(modest, question, MODEST * peak, STRETCH);
    Fair fair = new Fair(alone, beside, load.join());
    System.err.printf(
        "  alone %s; beside the greedy one %s; that one %s%n",
        fair.alone(), fair.beside(), fair.greedy());
    Waiting.forMillis(5_000);
    return fair;
  }

  private static boolean tell(
      List<Double> peaks, Map<Integer, List<Over>> overs, List<Fair> fairs) {
    double noise = ROUNDS > 1 ? Figures.spread(peaks) : 0;
    System.out.printf(
        """

        %d regions, %d types, 10 KB a region, each exchange answered after 100 ms; peak %.1f answers/s (closed loop, the best of %s at once;
        ± %.0f %%); %d rounds of %d s, medians; %s.

        | offered | answered ÷ peak | p50 of answers | p99 | turned away | time to a 503, p50 | p99 | other ends | normal again after |
        |---|---|---|---|---|---|---|---|---|
        """,
        REGIONS,
        HeldRecord.TYPES.size(),
        Figures.median(peaks),
        AT_ONCE,
        100 * noise,
        ROUNDS,
        STRETCH.toSeconds(),
        Conditions.now());
    var expected = new Expectations();
    overs.forEach(
        (times, rounds) -> {
          Result all = Result.of(rounds.stream().map(Over::result).toList());
          Result answered = all.only(Heard::answered);
          double goodput = Figures.median(rounds.stream().map(Over::goodput).toList());
          double rejection50 =
              Figures.median(rounds.stream().map(over -> over.rejection(0.5)).toList());
          double recovery = Figures.median(rounds.stream().map(Over::recovery).toList());
          int other = all.count(one -> !one.answered() && !one.turnedAway());
          System.out.printf(
              "| %d × | %.2f | %.0f ms | %.0f ms | %.0f %% | %.1f ms | %.1f ms | %d | %.1f s |%n",
              times,
              goodput,
              answered.latency(0.5),
              answered.latency(0.99),
              100.0 * all.count(Heard::turnedAway) / all.count(),
              rejection50,
              Figures.median(rounds.stream().map(over -> over.rejection(0.99)).toList()),
              other,
              recovery);
          if (times > 1) {
            String load = times + " × the peak, ";
            expected.atLeast(load + "answered ÷ peak", goodput, 0.9, noise);
            expected.atMost(load + "ms to a 503 (p50)", rejection50, 5, 0);
            expected.atMost(load + "seconds until normal", recovery, 10, 0);
            expected.atMost(load + "ends that are neither 200 nor 503", other, 0, 0);
          }
        });
    double kept = Figures.median(fairs.stream().map(Fair::kept).toList());
    Result alone = Result.of(fairs.stream().map(Fair::alone).toList());
    Result beside = Result.of(fairs.stream().map(Fair::beside).toList());
    System.out.printf(
        """

        | an asker at %.0f %% of the peak | asked | answered | p50 of answers | p99 |
        |---|---|---|---|---|
        | alone | %d | %d | %.0f ms | %.0f ms |
        | beside one that asks %d × its share | %d | %d | %.0f ms | %.0f ms |

        """,
        100 * MODEST,
        alone.count(),
        alone.count(Heard::answered),
        alone.only(Heard::answered).latency(0.5),
        alone.only(Heard::answered).latency(0.99),
        GREED,
        beside.count(),
        beside.count(Heard::answered),
        beside.only(Heard::answered).latency(0.5),
        beside.only(Heard::answered).latency(0.99));
    expected.atLeast(
        "the modest asker beside a greedy one, answered ÷ answered alone", kept, 0.95, 0);
    System.out.print(expected.told());
    return expected.areMet();
  }
}
