package dev.ermine.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/**
 * What alternatives add to the slowest region, in milliseconds: each pair is a round of asking the
 * regions straight and asking each alternative, one at a time, in an order that goes round.
 */
final class Pairs {

  private static final int LANES = 2; // side by side: most of the time each of them waits

  private final Map<String, double[]> added;

  private Pairs(Map<String, double[]> added) {
    this.added = added;
  }

  static Pairs measure(Query straight, List<Alternative> alternatives, int number) {
    Map<String, ConcurrentLinkedQueue<Double>> added = new LinkedHashMap<>();
    alternatives.forEach(one -> added.put(one.name(), new ConcurrentLinkedQueue<>()));
    IntStream.range(0, LANES)
        .mapToObj(
            lane ->
                CompletableFuture.runAsync(
                    () -> {
                      for (int i = lane; i < number; i += LANES) {
                        pair(straight, alternatives, i, added);
                      }
                    }))
        .toList()
        .forEach(CompletableFuture::join);
    Map<String, double[]> all = new LinkedHashMap<>();
    added.forEach(
        (name, of) -> all.put(name, of.stream().mapToDouble(Double::doubleValue).toArray()));
    return new Pairs(all);
  }

  private static void pair(
      Query straight,
      List<Alternative> alternatives,
      int number,
      Map<String, ConcurrentLinkedQueue<Double>> added) {
    List<Query> queries = new ArrayList<>(List.of(straight));
    alternatives.forEach(one -> queries.add(one.query()));
    double[] took = new double[queries.size()];
    for (int turn = 0; turn < took.length; turn++) {
      int next = (turn + number) % took.length;
      Heard heard = Load.once(queries.get(next));
      if (!heard.whole()) {
        throw new IllegalStateException("a query was not answered whole: " + heard);
      }
      took[next] = heard.latencyMillis();
    }
    for (int i = 1; i < took.length; i++) {
      added.get(alternatives.get(i - 1).name()).add(took[i] - took[0]);
    }
  }

  int number(String name) {
    return values(name).length;
  }

  /** What one added in so large a part of the pairs, of 1, at most; NaN where it was not asked. */
  double added(String name, double part) {
    return Figures.quantile(values(name), part);
  }

  /** What one added, pair by pair. */
  double[] values(String name) {
    return added.getOrDefault(name, new double[0]);
  }
}
