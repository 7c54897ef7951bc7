package dev.ermine.bench;

import dev.ermine.bench.Alternative.Cost;
import dev.ermine.bench.Asking.Question;
import dev.ermine.bench.Hops.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The gateway, all of it on, beside what one would use instead, in turn, so that what else the
 * machine does falls on all alike: HAProxy, which hands the regions' answers on as they are, and an
 * aggregator written with HAPI FHIR. Linux only.
 *
 * <p>A query is for one type, at regions that resolve the patient by themselves: one step.
 */
public final class CompareBench {

  static final String PROXY = "HAProxy, an answer a region";
  static final String PROXY_ALL = "HAProxy, the Patients too";
  static final String GATEWAY = "Ermine";
  static final String AGGREGATOR = "HAPI aggregator";

  private static final String TYPE = "Observation";
  private static final int AT_ONCE = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Manner SLOWLY = new Manner.Answer(Duration.ofMillis(50));

  /**
   * How thoroughly it is measured.
   *
   * @param pairs for latency at eight regions of 20 KB; elsewhere a fifth of them
   * @param warm CPU of the aggregator before it is measured
   */
  private record Effort(int rounds, Duration stretch, int pairs, Duration warm) {

    static final Effort FULL = new Effort(5, Duration.ofSeconds(3), 1_000, Duration.ofSeconds(75));
    static final Effort QUICK = new Effort(3, Duration.ofSeconds(2), 200, Duration.ofSeconds(25));
  }

  private final Effort effort;
  private final List<Size> sizes;

  private CompareBench(Effort effort, List<Size> sizes) {
    this.effort = effort;
    this.sizes = sizes;
  }

  /** Prints the tables; 1 where a figure is not reached. */
  public static void main(String[] arguments) {
    List<String> given = new ArrayList<>(List.of(arguments));
    boolean quick = given.remove("--quick");
    if (given.isEmpty()) {
      given.addAll(List.of("20k", "200k", "2m", "42x20k"));
    }
    try {
      List<Size> sizes = given.stream().map(Size::parse).toList();
      System.exit(new CompareBench(quick ? Effort.QUICK : Effort.FULL, sizes).measure() ? 0 : 1);
    } catch (IllegalArgumentException e) {
      System.err.println("ermine: " + e.getMessage());
      System.exit(2);
    }
  }

  private boolean measure() {
    int regions = sizes.stream().mapToInt(Size::regions).max().orElseThrow();
    StandIns.Terms terms =
        new StandIns.Terms(Duration.ofSeconds(9), Duration.ofSeconds(8), "identifier", "");
    try (Stage stage = Stage.open(regions, 0, terms, Stage.asInTheImage(), Map.of());
        Rivals rivals = Rivals.start(stage.pki(), stage.standIns(), stage.files(), heap());
        JvmFigures gateway = JvmFigures.of(stage.gateway().process());
        JvmFigures aggregator = JvmFigures.of(rivals.aggregator())) {
      Asking asking = stage.asking("hwe", AT_ONCE * 16);
      boolean warm = false;
      var expected = new Expectations();
      for (Size size : sizes) {
        stage.standIns().be(Manner.WELL);
        stage.standIns().hold(region -> HeldRecord.ofObservations(region, size.bytes()));
        List<Alternative> all = alternatives(size, stage, rivals, asking, gateway, aggregator);
        warmUp(all, warm);
        warm = true;
        compare(size, stage, all, expected);
      }
      System.out.print(expected.told());
      return expected.areMet();
    }
  }

  /** The trees of the aggregator have no room in the gateway's 256 MiB where records are large. */
  private String heap() {
    return sizes.stream().anyMatch(size -> size.bytes() >= 1_000_000) ? "3g" : "256m";
  }

  private List<Alternative> alternatives(
      Size size,
      Stage stage,
      Rivals rivals,
      Asking asking,
      JvmFigures gateway,
      JvmFigures aggregator) {
    List<String> ids =
        stage.standIns().regions().stream().limit(size.regions()).map(StandIn::id).toList();
    List<Address> records = ids.stream().map(id -> Address.of(rivals.hop(id), TYPE)).toList();
    List<Address> both =
        Stream.concat(
                records.stream(), ids.stream().map(id -> Address.of(rivals.hop(id), "Patient")))
            .toList();
    var merged =
        new Address(rivals.aggregatorPort(), "/fhir/" + TYPE + "/_search?first=" + size.regions());
    var question = new Question(List.of(TYPE), stage.standIns().first(size.regions()));
    return List.of(
        new Alternative(PROXY, inbound(stage, records), rivals.proxy(), Optional.empty()),
        new Alternative(PROXY_ALL, inbound(stage, both), rivals.proxy(), Optional.empty()),
        new Alternative(
            GATEWAY, asking.query(question), stage.gateway().process(), Optional.of(gateway)),
        new Alternative(
            AGGREGATOR,
            inbound(stage, List.of(merged)),
            rivals.aggregator(),
            Optional.of(aggregator)));
  }

  private static Query inbound(Stage stage, List<Address> addresses) {
    return Hops.of(stage.standIns().vertx(), stage.pki(), "hwe-client", "gateway-ca", addresses);
  }

  /** By count: the first time until the JVMs have compiled what they will run. */
  private void warmUp(List<Alternative> alternatives, boolean warm) {
    for (Alternative one : alternatives) {
      switch (one.name()) {
        case GATEWAY -> one.warmUp(AT_ONCE, warm ? 400 : 4_000, PATIENCE);
        case AGGREGATOR ->
            one.warmUp(AT_ONCE, warm ? 100 : 3_000, warm ? Duration.ofSeconds(5) : effort.warm());
        default -> one.warmUp(AT_ONCE, 200, Duration.ofSeconds(2));
      }
    }
  }

  private void compare(
      Size size, Stage stage, List<Alternative> alternatives, Expectations expected) {
    var rounds = new Rounds(PROXY);
    for (int round = 1; round <= effort.rounds(); round++) {
      System.err.printf("%s, round %d of %d%n", size, round, effort.rounds());
      rounds.measure(alternatives, one -> one.load(AT_ONCE, effort.stretch()));
    }
    stage.standIns().be(SLOWLY);
    List<Address> peers =
        stage.standIns().regions().stream()
            .limit(size.regions())
            .map(region -> Address.of(region.port(), TYPE))
            .toList();
    Query straight =
        Hops.of(stage.standIns().vertx(), stage.pki(), "gateway-client", "london-ca", peers);
    System.err.printf("%s, pairs%n", size);
    boolean small = size.equals(Size.parse("20k"));
    int pairs = small ? effort.pairs() : effort.pairs() / 5;
    Pairs.measure(straight, alternatives, 4); // connections are there
    Pairs added = Pairs.measure(straight, List.of(alternatives.get(0), alternatives.get(2)), pairs);
    Pairs slow = Pairs.measure(straight, List.of(alternatives.get(3)), pairs / 10);
    System.out.println(table(size, rounds, added, slow));
    expect(size, rounds, added, expected);
  }

  private String table(Size size, Rounds rounds, Pairs added, Pairs slow) {
    var text = new StringBuilder();
    text.append(
        """

        ## %s

        %d of %d rounds of %d s counted; %d queries at a time; latency over the slowest region of %d pairs (aggregator %d), regions answer after 50 ms;
        aggregator's heap %s, the gateway's 256m; %s.

        | | CPU a query | its spread | ÷ HAProxy, median of rounds (least to most) | queries/s | allocated a query | GC a query | RSS | adds p50 | p90 | p99 |
        |---|---|---|---|---|---|---|---|---|---|---|
        """
            .formatted(
                size,
                rounds.counted().size(),
                rounds.number(),
                effort.stretch().toSeconds(),
                AT_ONCE,
                added.number(),
                slow.number(),
                heap(),
                Conditions.now()));
    Stream.of(PROXY, PROXY_ALL, GATEWAY, AGGREGATOR)
        .forEach(name -> text.append(row(name, rounds, name.equals(AGGREGATOR) ? slow : added)));
    return text.toString();
  }

  private static String row(String name, Rounds rounds, Pairs added) {
    List<Double> ratios = rounds.ratios(name, PROXY);
    return "| %s | %.2f ms | ± %.0f %% | %.2f (%.2f to %.2f) | %.0f | %.2f MB | %.3f ms | %.0f MiB | %.1f ms | %.1f ms | %.1f ms |%n"
        .formatted(
            name,
            rounds.median(name, Cost::cpuMillis),
            100
                * Figures.spread(
                    rounds.counted().stream().map(of -> of.get(name).cpuMillis()).toList()),
            Figures.median(ratios),
            ratios.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
            ratios.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
            rounds.median(name, Cost::perSecond),
            rounds.median(name, Cost::allocatedMegabytes),
            rounds.median(name, Cost::collecting),
            rounds.median(name, Cost::residentMegabytes),
            added.added(name, 0.5),
            added.added(name, 0.9),
            added.added(name, 0.99));
  }

  private static void expect(Size size, Rounds rounds, Pairs added, Expectations expected) {
    double overProxy = Figures.median(rounds.ratios(GATEWAY, PROXY));
    double underAggregator = Figures.median(rounds.ratios(AGGREGATOR, GATEWAY));
    switch (size.name()) {
      case "8x20k" -> {
        expected.atMost(size + ", CPU ÷ HAProxy's", overProxy, 2.2, 0);
        expected.atLeast(size + ", HAPI aggregator's CPU ÷ Ermine's", underAggregator, 20, 0);
        expected.atMost(size + ", ms added, p50", added.added(GATEWAY, 0.5), 2.5, 0);
        expected.atMost(size + ", ms added, p90", added.added(GATEWAY, 0.9), 6, 0);
      }
      case "8x200k" -> expected.atMost(size + ", CPU ÷ HAProxy's", overProxy, 2.6, 0);
      default -> {}
    }
    expected.atMost(size + ", queries of Ermine not whole", rounds.unanswered(GATEWAY), 0, 0);
    expected.atMost(size + ", queries of others not whole", rounds.unanswered(AGGREGATOR), 0, 0);
  }
}
