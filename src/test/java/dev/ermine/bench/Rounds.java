package dev.ermine.bench;

import dev.ermine.bench.Alternative.Cost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What alternatives cost, each in its turn of every round. A round in which the yardstick itself
 * took much longer than at its best was shared with other work of the machine, and does not count.
 */
final class Rounds {

  /** How many times its best the yardstick may take. */
  static final double SHARED = 1.3;

  private final String yardstick;
  private final List<Map<String, Cost>> all = new ArrayList<>();

  /**
   * @param yardstick whose cost tells whether the machine was left alone
   */
  Rounds(String yardstick) {
    this.yardstick = yardstick;
  }

  /** Loads each once more, in an order that goes round. */
  void measure(List<Alternative> alternatives, Function<Alternative, Cost> load) {
    Map<String, Cost> round = new LinkedHashMap<>();
    for (int turn = 0; turn < alternatives.size(); turn++) {
      Alternative next = alternatives.get((turn + all.size()) % alternatives.size());
      round.put(next.name(), load.apply(next));
    }
    add(round);
  }

  /** What each cost in one round. */
  void add(Map<String, Cost> round) {
    all.add(Map.copyOf(round));
  }

  /** Those that count. */
  List<Map<String, Cost>> counted() {
    double best =
        all.stream().mapToDouble(round -> round.get(yardstick).cpuMillis()).min().orElseThrow();
    return all.stream().filter(round -> round.get(yardstick).cpuMillis() <= SHARED * best).toList();
  }

  /** How many there were, whether or not they count. */
  int number() {
    return all.size();
  }

  double median(String name, ToDoubleFunction<Cost> of) {
    return Figures.median(
        counted().stream().map(round -> of.applyAsDouble(round.get(name))).toList());
  }

  double spread(String name, ToDoubleFunction<Cost> of) {
    return Figures.spread(
        counted().stream().map(round -> of.applyAsDouble(round.get(name))).toList());
  }

  /** The largest there was, in all rounds. */
  double most(String name, ToDoubleFunction<Cost> of) {
    return all.stream().mapToDouble(round -> of.applyAsDouble(round.get(name))).max().orElseThrow();
  }

  /** The CPU of one divided by that of another, in each round that counts. */
  List<Double> ratios(String name, String other) {
    return counted().stream()
        .map(round -> round.get(name).cpuMillis() / round.get(other).cpuMillis())
        .toList();
  }

  /** How many queries were not answered whole, in all rounds. */
  int unanswered(String name) {
    return all.stream().mapToInt(round -> round.get(name).unanswered()).sum();
  }
}
