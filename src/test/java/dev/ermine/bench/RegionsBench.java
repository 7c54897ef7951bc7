package dev.ermine.bench;

import dev.ermine.bench.Asking.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * What a query costs by how many regions it asks: up to every integrated care board of England,
 * eight types of each, in turn, so that what else the machine does falls on all alike. Writes the
 * scaling report as well. Linux only.
 *
 * <p>As many regions are being asked at any time, however many a query asks: what differs is the
 * queries, not how busy the machine is.
 */
public final class RegionsBench {

  static final int BYTES = 20_000;
  static final Duration DELAY = Duration.ofMillis(100);

  private static final List<Integer> COUNTS = List.of(1, 7, 14, 28, StandIns.ENGLAND);
  private static final int ROUNDS = 5;
  private static final int ASKED_AT_ONCE = 84;
  private static final Duration BLOCK = Duration.ofSeconds(6);
  private static final Duration WARM_UP = Duration.ofSeconds(45);
  private static final Duration BUDGET = Duration.ofSeconds(8);
  private static final double LINEAR = 1.25;
  private static final Path REPORT = Path.of("k8s", "SCALING.md");

  /** What a stretch with so many regions came to, each query alike. */
  record Block(
      double cpuMillis,
      double overSlowest,
      double overSlowestP99,
      double exchanges,
      double connections,
      double residentMegabytes,
      double parts) {}

  private RegionsBench() {}

  /** Prints the table, writes the report; 1 where the cost is not linear. */
  public static void main(String[] arguments) throws IOException {
    System.exit(measure() ? 0 : 1);
  }

  private static boolean measure() throws IOException {
    StandIns.Terms terms = StandIns.Terms.usual(BUDGET);
    try (Stage stage = Stage.open(StandIns.ENGLAND, BYTES, terms, Stage.asInTheImage(), Map.of())) {
      Asking asking = stage.asking("hwe", ASKED_AT_ONCE);
      stage.warmUp(asking, question(stage, 14), 6, WARM_UP);
      stage.warmUp(asking, question(stage, StandIns.ENGLAND), 2, WARM_UP);
      double idle = idleMillisPerSecond(stage);
      stage.standIns().be(new Manner.Answer(DELAY));
      Map<Integer, List<Block>> blocks = new TreeMap<>();
      for (int round = 1; round <= ROUNDS; round++) {
        System.err.printf("round %d of %d%n", round, ROUNDS);
        for (int regions : round % 2 == 0 ? COUNTS.reversed() : COUNTS) {
          blocks
              .computeIfAbsent(regions, _ -> new ArrayList<>())
              .add(block(stage, asking, regions, idle));
        }
      }
      return tell(blocks);
    }
  }

  private static Question question(Stage stage, int regions) {
    return new Question(HeldRecord.TYPES, stage.standIns().first(regions));
  }

  private static double idleMillisPerSecond(Stage stage) {
    double before = stage.process().cpuMillis();
    Waiting.forMillis(3_000);
    return (stage.process().cpuMillis() - before) / 3;
  }

  private static Block block(Stage stage, Asking asking, int regions, double idle) {
    asking.prepare();
    int atOnce = Math.clamp(ASKED_AT_ONCE / regions, 2, 24);
    long requests = stage.standIns().requests();
    double cpu = stage.process().cpuMillis();
    Result result = Load.closed(asking, question(stage, regions), atOnce, BLOCK);
    double used = stage.process().cpuMillis() - cpu - idle * result.time().toMillis() / 1e3;
    double twoSteps = 2.0 * DELAY.toMillis();
    return new Block(
        used / result.count(),
        result.latency(0.5) - twoSteps,
        result.latency(0.99) - twoSteps,
        (double) (stage.standIns().requests() - requests) / result.count(),
        stage.standIns().connections(),
        stage.process().residentMegabytes(),
        (double) result.count(one -> !one.whole()) / result.count());
  }

  /** Whether it is as it should be. */
  private static boolean tell(Map<Integer, List<Block>> blocks) throws IOException {
    double[] x = blocks.keySet().stream().mapToDouble(Integer::doubleValue).toArray();
    double[] y = blocks.values().stream().mapToDouble(of -> median(of, Block::cpuMillis)).toArray();
    Figures.Line line = Figures.Line.through(x, y);
    double ratio = ((y[4] - y[3]) / (x[4] - x[3])) / ((y[2] - y[0]) / (x[2] - x[0]));
    double noise =
        blocks.values().stream()
            .mapToDouble(of -> Figures.spread(of.stream().map(Block::cpuMillis).toList()))
            .max()
            .orElseThrow();
    String text = table(blocks, line, ratio, noise);
    System.out.println(text);
    Files.writeString(REPORT, ScalingReport.of(text, line, largest(blocks)));
    System.err.println("wrote " + REPORT);
    boolean whole = blocks.values().stream().allMatch(of -> median(of, Block::parts) == 0);
    if (!whole) {
      System.out.println("MISSED: answers were not whole.");
    }
    boolean linear = ratio <= LINEAR + noise;
    if (!linear) {
      System.out.printf("MISSED: the slope grows by more than %.2f + noise.%n", LINEAR);
    }
    return whole && linear;
  }

  private static Block largest(Map<Integer, List<Block>> blocks) {
    List<Block> of = blocks.get(StandIns.ENGLAND);
    return new Block(
        median(of, Block::cpuMillis),
        median(of, Block::overSlowest),
        median(of, Block::overSlowestP99),
        median(of, Block::exchanges),
        median(of, Block::connections),
        median(of, Block::residentMegabytes),
        median(of, Block::parts));
  }

  private static String table(
      Map<Integer, List<Block>> blocks, Figures.Line line, double ratio, double noise) {
    var text = new StringBuilder();
    text.append(
        """
        Medians of %d alternating rounds of %d s; %d types, %d KB a region, each exchange answered after %d ms, two steps;
        %s.

        | regions | CPU a query | the line says | p50 over the slowest region | p99 over it | exchanges a query | connections | RSS |
        |---|---|---|---|---|---|---|---|
        """
            .formatted(
                ROUNDS,
                BLOCK.toSeconds(),
                HeldRecord.TYPES.size(),
                BYTES / 1000,
                DELAY.toMillis(),
                Conditions.now()));
    blocks.forEach(
        (regions, of) ->
            text.append(
                "| %d | %.1f ms | %.1f ms | %.0f ms | %.0f ms | %.0f | %.0f | %.0f MiB |%n"
                    .formatted(
                        regions,
                        median(of, Block::cpuMillis),
                        line.at(regions),
                        median(of, Block::overSlowest),
                        median(of, Block::overSlowestP99),
                        median(of, Block::exchanges),
                        median(of, Block::connections),
                        median(of, Block::residentMegabytes))));
    return text.append(
            """

            CPU a query = %.2f ms + %.2f ms × regions; no median lies further than %.0f %% from that line. The slope from 28 to 42
            regions is %.2f × that from 1 to 14 (1: linear; the noise of a median is ± %.0f %%).
            """
                .formatted(line.at0(), line.slope(), 100 * line.residual(), ratio, 100 * noise))
        .toString();
  }

  private static double median(List<Block> blocks, ToDoubleFunction<Block> of) {
    return Figures.median(blocks.stream().map(of::applyAsDouble).toList());
  }
}
