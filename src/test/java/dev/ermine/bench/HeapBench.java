package dev.ermine.bench;

import dev.ermine.bench.Asking.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether the gateway holds on to anything: what is left in its heap after a full collection, again
 * and again under a load of small queries, and the memory that its process ever held. Linux only.
 */
public final class HeapBench {

  private static final int STEP = 50_000;
  private static final int USUAL = 500_000;
  private static final int REGIONS = 8;
  private static final int AT_ONCE = 8;
  private static final double FLAT = 0.03;
  private static final double MEGABYTES = 400;

  /** What there was after so many queries. */
  private record Look(int queries, double live, double resident, double peak) {}

  private HeapBench() {}

  /** Prints the table; 1 where it grows. */
  public static void main(String[] arguments) throws IOException {
    int queries = arguments.length == 0 ? USUAL : Integer.parseInt(arguments[0]);
    if (queries < 2 * STEP) {
      System.err.printf("ermine: ask at least %d times%n", 2 * STEP);
      System.exit(2);
    }
    System.exit(measure(queries) ? 0 : 1);
  }

  private static boolean measure(int queries) throws IOException {
    StandIns.Terms terms = StandIns.Terms.oneStep(Duration.ofSeconds(8), "query");
    List<Look> looks = new ArrayList<>();
    int unanswered = 0;
    Path audit;
    try (Stage stage = Stage.open(REGIONS, 0, terms, Stage.asInTheImage(), Map.of());
        JvmFigures jvm = JvmFigures.of(stage.gateway().process())) {
      stage
          .standIns()
          .hold(
              (region, base) -> HeldRecord.ofObservations(region, base, DetailedObservation.BYTES));
      Query query =
          stage
              .asking("hwe", 2 * AT_ONCE)
              .query(new Question(List.of("Observation"), stage.standIns().first(REGIONS)));
      for (int asked = STEP; asked <= queries; asked += STEP) {
        Result result = Load.closed(query, AT_ONCE, STEP);
        unanswered += result.count(one -> !one.whole());
        looks.add(look(asked, stage.process(), jvm));
        System.err.printf("%s, %.0f queries/s%n", looks.getLast(), result.perSecond(Heard::whole));
      }
      audit = stage.gateway().audit();
    }
    Files.delete(audit); // it is large
    return tell(looks, unanswered);
  }

  private static Look look(int asked, ProcessFigures process, JvmFigures jvm) {
    double resident = process.residentMegabytes();
    return new Look(asked, jvm.liveMegabytes(), resident, process.peakMegabytes());
  }

  private static boolean tell(List<Look> looks, int unanswered) {
    var text = new StringBuilder();
    text.append(
        """
        `./ermine bench heap`: %d regions that answer 2 KB each, %d queries at a time, the heap 256 MiB at most; %s.

        | queries | heap after a full collection | ÷ the first | RSS under load | its peak |
        |---|---|---|---|---|
        """
            .formatted(REGIONS, AT_ONCE, Conditions.now()));
    double first = looks.getFirst().live();
    for (Look look : looks) {
      text.append(
          "| %,d | %.2f MiB | %.3f | %.0f MiB | %.0f MiB |%n"
              .formatted(
                  look.queries(), look.live(), look.live() / first, look.resident(), look.peak()));
    }
    System.out.println("\n" + text);
    ResultsPage.put("Memory", text.toString());
    var expected = new Expectations();
    expected.atMost(
        "heap at the end, off that after the first %,d, as a part of it".formatted(STEP),
        Math.abs(looks.getLast().live() / first - 1),
        FLAT,
        0);
    expected.atMost("RSS at its peak, MiB", looks.getLast().peak(), MEGABYTES, 0);
    expected.atMost("queries not whole", unanswered, 0, 0);
    System.out.print(expected.told());
    return expected.areMet();
  }
}
