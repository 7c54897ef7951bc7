package dev.ermine.bench;

import static dev.ermine.bench.Comparison.AGGREGATOR;
import static dev.ermine.bench.Comparison.GATEWAY;
import static dev.ermine.bench.Comparison.PROXY;
import static dev.ermine.bench.Comparison.PROXY_ALL;

import dev.ermine.bench.Alternative.Cost;
import dev.ermine.bench.Asking.Question;
import dev.ermine.bench.Hops.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

  /** After which regions answer while latency is measured. */
  static final Duration DELAY = Duration.ofMillis(50);

  private static final String TYPE = "Observation";
  private static final Size SMALL = Size.parse("20k");
  private static final int AT_ONCE = 4;
  private static final long LARGE =
      5_000_000; // bytes; of larger queries, four at a time came in part
  private static final int FEWEST = 10; // pairs
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /**
   * How thoroughly it is measured.
   *
   * @param pairs for latency at eight regions of 20 KB
   * @param warm CPU of the aggregator before it is measured
   */
  private record Effort(int rounds, Duration stretch, int pairs, Duration warm) {

    static final Effort FULL = new Effort(5, Duration.ofSeconds(3), 1_000, Duration.ofSeconds(75));
    static final Effort QUICK = new Effort(3, Duration.ofSeconds(2), 200, Duration.ofSeconds(25));
  }

  private final Effort effort;
  private final String tokens;
  private final List<Size> sizes;

  /**
   * @param tokens how long the gateway may use one to a region: {@code query} or {@code context}
   */
  private CompareBench(Effort effort, String tokens, List<Size> sizes) {
    this.effort = effort;
    this.tokens = tokens;
    this.sizes = sizes;
  }

  /** Prints the tables; 1 where a figure is not reached. */
  public static void main(String[] arguments) {
    List<String> given = new ArrayList<>(List.of(arguments));
    Effort effort = given.remove("--quick") ? Effort.QUICK : Effort.FULL;
    String tokens = given.remove("--context") ? "context" : "query";
    if (given.isEmpty()) {
      given.addAll(List.of("20k", "200k", "42x20k", "2m"));
    }
    System.exit(new CompareBench(effort, tokens, sizes(given)).measure() ? 0 : 1);
  }

  private static List<Size> sizes(List<String> given) {
    try {
      return given.stream().map(Size::parse).toList();
    } catch (IllegalArgumentException e) {
      System.err.println("ermine: " + e.getMessage());
      System.exit(2);
      throw e;
    }
  }

  private boolean measure() {
    int regions = sizes.stream().mapToInt(Size::regions).reduce(SMALL.regions(), Math::max);
    StandIns.Terms terms = StandIns.Terms.oneStep(Duration.ofSeconds(8), tokens);
    try (Stage stage = Stage.open(regions, 0, terms, Stage.asInTheImage(), Map.of());
        Rivals rivals = Rivals.start(stage.pki(), stage.standIns(), stage.files(), heap());
        JvmFigures gateway = JvmFigures.of(stage.gateway().process());
        JvmFigures aggregator = JvmFigures.of(rivals.aggregator())) {
      Asking asking = stage.asking("hwe", AT_ONCE * 16);
      var expected = new Expectations();
      hold(stage, SMALL);
      warmUp(alternatives(SMALL, stage, rivals, asking, gateway, aggregator));
      for (Size size : sizes) {
        hold(stage, size);
        List<Alternative> all = alternatives(size, stage, rivals, asking, gateway, aggregator);
        all.forEach(one -> one.warmUp(atOnce(size), 400, Duration.ofSeconds(4)));
        Comparison comparison = compare(size, stage, all);
        tell(comparison);
        comparison.expect(expected);
      }
      System.out.print(expected.told());
      return expected.areMet();
    }
  }

  /** The aggregator's: as much as the gateway's, but where records are large. */
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

  private static void hold(Stage stage, Size size) {
    stage.standIns().be(Manner.WELL);
    stage.standIns().hold((region, base) -> HeldRecord.ofObservations(region, base, size.bytes()));
  }

  /** By count, until the JVMs have compiled what they will run. */
  private void warmUp(List<Alternative> alternatives) {
    only(alternatives, GATEWAY).forEach(one -> one.warmUp(AT_ONCE, 4_000, PATIENCE));
    only(alternatives, AGGREGATOR).forEach(one -> one.warmUp(AT_ONCE, 3_000, effort.warm()));
  }

  private Comparison compare(Size size, Stage stage, List<Alternative> alternatives) {
    var rounds = new Rounds(PROXY);
    for (int round = 1; round <= effort.rounds(); round++) {
      System.err.printf("%s, round %d of %d%n", size, round, effort.rounds());
      rounds.measure(alternatives, one -> load(one, size));
    }
    System.err.printf("%s, latency%n", size);
    stage.standIns().be(new Manner.Answer(DELAY));
    List<Alternative> quick = only(alternatives, PROXY, GATEWAY);
    List<Alternative> slow = only(alternatives, AGGREGATOR);
    Query straight = straight(size, stage);
    Pairs.measure(straight, alternatives, 4); // connections are open, and code is compiled
    int pairs = pairs(size);
    Pairs added = Pairs.measure(straight, quick, pairs);
    Pairs aggregatorAdded = Pairs.measure(straight, slow, Math.max(FEWEST, pairs / 10));
    Map<String, Result> underLoad = new LinkedHashMap<>();
    quick.forEach(one -> underLoad.put(one.name(), underLoad(one, rounds, GATEWAY)));
    slow.forEach(one -> underLoad.put(one.name(), underLoad(one, rounds, one.name())));
    return new Comparison(
        size, conditions(size, rounds), rounds, added, aggregatorAdded, underLoad);
  }

  private Cost load(Alternative one, Size size) {
    Cost cost = one.load(atOnce(size), effort.stretch());
    System.err.printf(
        "  %s: %.2f ms of CPU a query, %.1f/s, %d not whole%n",
        one.name(), cost.cpuMillis(), cost.perSecond(), cost.unanswered());
    return cost;
  }

  private static int atOnce(Size size) {
    return (long) size.regions() * size.bytes() > LARGE ? 1 : AT_ONCE;
  }

  /** The fewer, the longer each takes. */
  private int pairs(Size size) {
    long bytes = (long) size.regions() * size.bytes();
    long small = (long) SMALL.regions() * SMALL.bytes();
    return Math.toIntExact(Math.max(FEWEST, effort.pairs() * small / bytes));
  }

  /** At a steady rate: half of what {@code measure} can answer. */
  private Result underLoad(Alternative one, Rounds rounds, String measure) {
    double perSecond = rounds.median(measure, Cost::perSecond) / 2;
    Load.open(one.query(), perSecond, Duration.ofSeconds(1)); // connections are open
    return Load.open(one.query(), perSecond, effort.stretch().multipliedBy(2));
  }

  private static List<Alternative> only(List<Alternative> alternatives, String... names) {
    return alternatives.stream().filter(one -> List.of(names).contains(one.name())).toList();
  }

  private static Query straight(Size size, Stage stage) {
    List<Address> peers =
        stage.standIns().regions().stream()
            .limit(size.regions())
            .map(region -> Address.of(region.port(), TYPE))
            .toList();
    return Hops.of(stage.standIns().vertx(), stage.pki(), "gateway-client", "london-ca", peers);
  }

  private String conditions(Size size, Rounds rounds) {
    return """
        `./ermine bench compare`: CPU, queries/s, memory of %d rounds of %d s each, in turn, of which %d counted (in the others HAProxy took over %.1f × its
        best), queries at a time: %d; medians, ratios round by round, least and most in brackets. Latency in pairs with asking the regions straight, also over mutual TLS;
        regions answer after %d ms then, else at once. Under load is half of what Ermine answered, for the aggregator half of its own. Heap of the aggregator %s, of Ermine 256m; a token to a region serves one %s. HAProxy %s, one thread; %s.
        """
        .formatted(
            rounds.number(),
            effort.stretch().toSeconds(),
            rounds.counted().size(),
            Rounds.SHARED,
            atOnce(size),
            DELAY.toMillis(),
            heap(),
            tokens,
            Rivals.proxyVersion(),
            Conditions.now());
  }

  private String title(Comparison comparison) {
    return comparison.size() + (tokens.equals("context") ? ", a token for each context" : "");
  }

  private void tell(Comparison comparison) {
    String name = comparison.size().name() + (tokens.equals("context") ? "-context" : "");
    String table = comparison.table();
    System.out.printf("%n## %s%n%n%s%n", title(comparison), table);
    if (effort.equals(Effort.FULL)) {
      String cost = ResultsPage.plot("cpu-" + name, "CPU a query", comparison.costPlot());
      String latency =
          ResultsPage.plot("latency-" + name, "Latency added", comparison.latencyPlot());
      ResultsPage.put(title(comparison), table + "\n" + cost + "\n\n" + latency);
    }
  }
}
