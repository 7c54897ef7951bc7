package dev.ermine.bench;

import dev.ermine.bench.Asking.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * How much of the record is there when the asker's deadline ends, with regions in trouble, and
 * whether the answer says what is missing: one slow, one failing, one flapping and one that answers
 * with someone else's record, each alone and all of them.
 */
public final class CompletenessBench {

  private static final int REGIONS = 8;
  private static final int BYTES = 20_000;
  private static final int HELD = BYTES / DetailedObservation.BYTES;
  private static final List<Integer> DEADLINES = List.of(500, 1_000, 2_000, 3_000);
  private static final double RATE = 20;
  private static final int QUERIES = 100;
  private static final double GRACE = 100; // milliseconds, for words of what is missing to come
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Manner WELL = new Manner.Answer(Duration.ofMillis(50));
  private static final Manner SLOW =
      new Manner.Unsteady(Duration.ofMillis(200), Duration.ofMillis(2_400));
  private static final Manner FAILING = new Manner.Failure(500, "");
  private static final Manner FLAPPING = new Manner.Flap(WELL, new Manner.Reset());

  /** What is wrong with a region. */
  private enum Trouble {
    SLOW("slow", 1),
    FAILING("failing", 2),
    FLAPPING("flapping", 3),
    LYING("lying", 4);

    private final String word;
    private final int region;

    Trouble(String word, int region) {
      this.word = word;
      this.region = region;
    }

    private void befall(StandIn standIn) {
      switch (this) {
        case SLOW -> standIn.be(CompletenessBench.SLOW);
        case FAILING -> standIn.be(CompletenessBench.FAILING);
        case FLAPPING -> standIn.be(CompletenessBench.FLAPPING);
        case LYING -> standIn.hold(HeldRecord.ofSomeoneElse(region, standIn.base(), BYTES));
      }
    }
  }

  private final Stage stage;
  private final Asking asking;
  private final Question question;
  private final List<String> regions;

  private CompletenessBench(Stage stage) {
    this.stage = stage;
    this.asking = stage.asking("hwe", 256);
    this.question = new Question(List.of("Observation"), stage.standIns().first(REGIONS));
    this.regions = stage.standIns().regions().stream().map(StandIn::id).toList();
  }

  /** Prints the table, writes the page of results; 1 where an answer is not honest. */
  public static void main(String[] arguments) {
    StandIns.Terms terms = StandIns.Terms.oneStep(Duration.ofMillis(3_500), "query");
    try (Stage stage = Stage.open(REGIONS, 0, terms, Stage.asInTheImage(), Map.of())) {
      System.exit(new CompletenessBench(stage).measure() ? 0 : 1);
    }
  }

  private boolean measure() {
    be(Set.of());
    stage.warmUp(asking, question, 4, WARM_UP);
    List<Row> rows = new ArrayList<>();
    for (Set<Trouble> troubles : cases()) {
      be(troubles);
      System.err.println(name(troubles));
      ask(DEADLINES.getLast()); // what is known of a region by then is usual
      Map<Integer, List<DatedAnswer>> told = new LinkedHashMap<>();
      DEADLINES.forEach(deadline -> told.put(deadline, ask(deadline)));
      rows.add(new Row(name(troubles), troubled(troubles), told));
    }
    return tell(rows);
  }

  private static List<Set<Trouble>> cases() {
    List<Set<Trouble>> cases = new ArrayList<>(List.of(Set.of()));
    for (Trouble trouble : Trouble.values()) {
      cases.add(Set.of(trouble));
    }
    cases.add(Set.of(Trouble.values()));
    return cases;
  }

  private static String name(Set<Trouble> troubles) {
    return switch (troubles.size()) {
      case 0 -> "all well";
      case 1 -> "one " + troubles.iterator().next().word;
      default -> "all four at once";
    };
  }

  private void be(Set<Trouble> troubles) {
    stage.standIns().be(WELL);
    stage.standIns().hold((region, base) -> HeldRecord.ofObservations(region, base, BYTES));
    troubles.forEach(trouble -> trouble.befall(stage.standIns().regions().get(trouble.region - 1)));
  }

  private Set<String> troubled(Set<Trouble> troubles) {
    return troubles.stream()
        .map(trouble -> regions.get(trouble.region - 1))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Asks at a steady rate, whether or not answers come. */
  private List<DatedAnswer> ask(int deadline) {
    asking.prepare();
    List<CompletableFuture<DatedAnswer.Told>> answers = new ArrayList<>();
    for (int i = 0; i < QUERIES; i++) {
      answers.add(asking.ask(question, Duration.ofMillis(deadline)));
      Waiting.forMillis(Math.round(1_000 / RATE));
    }
    List<DatedAnswer> all =
        answers.stream().map(CompletableFuture::join).map(DatedAnswer::of).toList();
    System.err.printf("  within %d ms: %s%n", deadline, statuses(all));
    return all;
  }

  private static Map<Integer, Long> statuses(List<DatedAnswer> answers) {
    return answers.stream()
        .collect(Collectors.groupingBy(DatedAnswer::status, Collectors.counting()));
  }

  /** What came of one case, by deadline. */
  private final class Row {
    private final String name;
    private final Set<String> troubled;
    private final Map<Integer, List<DatedAnswer>> told;

    Row(String name, Set<String> troubled, Map<Integer, List<DatedAnswer>> told) {
      this.name = name;
      this.troubled = troubled;
      this.told = told;
    }

    double complete(int deadline) {
      return inTime(deadline, one -> one.isComplete(regions, HELD));
    }

    double honest(int deadline) {
      return inTime(deadline, one -> one.isHonest(regions, troubled, HELD));
    }

    /** The part of answers, in %, that it is true of, and that were there in time. */
    private double inTime(int deadline, Predicate<DatedAnswer> which) {
      List<DatedAnswer> answers = told.get(deadline);
      long number =
          answers.stream().filter(which.and(one -> one.millis() <= deadline + GRACE)).count();
      return 100.0 * number / answers.size();
    }

    int pretending() {
      return count(one -> one.looksWholerThanItIs(regions, HELD));
    }

    int someoneElses() {
      return count(one -> one.someoneElses() > 0);
    }

    private int count(Predicate<DatedAnswer> which) {
      return Math.toIntExact(told.values().stream().flatMap(List::stream).filter(which).count());
    }

    private String line() {
      return "| "
          + name
          + DEADLINES.stream()
              .map(
                  deadline ->
                      " | %.0f %% · %.0f %%".formatted(complete(deadline), honest(deadline)))
              .collect(Collectors.joining())
          + " | %d | %d |%n".formatted(pretending(), someoneElses());
    }

    private Chart.Steps steps() {
      return new Chart.Steps(
          name,
          DEADLINES.stream()
              .map(deadline -> new Chart.Step(deadline / 1e3, complete(deadline)))
              .toList());
    }
  }

  private static boolean tell(List<Row> rows) {
    var text = new StringBuilder();
    text.append(
        """
        `./ermine bench completeness`: %d regions, one step, regions answer each exchange after 50 ms, %d KB; %.0f queries/s, %d for each deadline, after a time to settle.
        Slow is 0.2 to 2.4 s, any as likely, for each of two exchanges side by side; failing, 500; flapping, well for a second and cutting connections the next; lying, the record of another
        patient. First figure: answers that were there within the deadline (and %.0f ms) with every entry of all regions, saying so. Second: with every entry of
        the regions not in trouble, and of each that is either that or the word that it is missing. Both are held against what the regions hold; %s.

        | | %s | answers that looked more whole than they were | with another patient's entries |
        |---|%s---|---|
        """
            .formatted(
                REGIONS,
                BYTES / 1_000,
                RATE,
                QUERIES,
                GRACE,
                Conditions.now(),
                DEADLINES.stream()
                    .map(deadline -> "within %.1f s".formatted(deadline / 1e3))
                    .collect(Collectors.joining(" | ")),
                "---|".repeat(DEADLINES.size())));
    rows.forEach(row -> text.append(row.line()));
    System.out.println("\n" + text);
    ResultsPage.put("Completeness at a deadline", text + "\n" + plot(rows));
    var expected = new Expectations();
    for (Row row : rows) {
      expected.atMost(row.name + ", looked more whole than it was", row.pretending(), 0, 0);
      expected.atMost(row.name + ", another patient's entries", row.someoneElses(), 0, 0);
      DEADLINES.forEach(
          deadline ->
              expected.atLeast(
                  "%s, %% honest within %d ms".formatted(row.name, deadline),
                  row.honest(deadline),
                  99,
                  0));
    }
    System.out.print(expected.told());
    return expected.areMet();
  }

  private static String plot(List<Row> rows) {
    List<Chart.Steps> lines = rows.stream().map(Row::steps).toList();
    String told =
        rows.stream()
            .map(row -> "%s %.0f %% within 1 s".formatted(row.name, row.complete(1_000)))
            .collect(Collectors.joining(", "));
    return ResultsPage.plot(
        "completeness",
        "Complete answers by deadline",
        Chart.steps("Complete answers, by deadline", "seconds allowed", 4, lines, told));
  }
}
