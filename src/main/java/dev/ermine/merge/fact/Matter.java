package dev.ermine.merge.fact;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One thing on which entries contradict each other.
 *
 * @param about what it is, in words; empty where the sayings tell
 * @param sayings what is said of it, by whom; those that assert it first
 */
record Matter(Rule rule, String about, List<Saying> sayings) {

  /** What one entry says, in words that regions can be named after. */
  record Saying(String words, Witness witness) {}

  /** By rule, then by where the entries stand. */
  static final Comparator<Matter> ORDER =
      Comparator.comparing(Matter::rule)
          .thenComparingInt(Matter::first)
          .thenComparing(matter -> String.join(" ", matter.fullUrls()));

  Matter {
    sayings = List.copyOf(sayings);
  }

  private int first() {
    return sayings.stream().mapToInt(saying -> saying.witness().place()).min().orElse(0);
  }

  /** The entries concerned, in the order of the facts. */
  List<String> fullUrls() {
    return sayings.stream()
        .map(Saying::witness)
        .sorted(Comparator.comparingInt(Witness::place))
        .map(witness -> witness.fact().fullUrl())
        .distinct()
        .toList();
  }

  /** As it is told. */
  Conflict conflict() {
    String begin = about.isEmpty() ? "" : rule.matter() + about + ": ";
    return new Conflict(rule.id(), begin + told() + ".", fullUrls());
  }

  /** Each saying once, with the regions that say so. */
  private String told() {
    Map<String, Set<String>> told = new LinkedHashMap<>();
    for (Saying saying : sayings) {
      told.computeIfAbsent(saying.words(), _ -> new LinkedHashSet<>())
          .add(saying.witness().fact().region().name());
    }
    List<String> parts = new ArrayList<>();
    told.forEach((words, regions) -> parts.add(words + " at " + Quoted.joined(regions)));
    return String.join("; ", parts);
  }
}
