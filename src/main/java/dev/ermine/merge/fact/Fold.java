package dev.ermine.merge.fact;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An entry that stands for others, which record the same fact and say nothing else that bears on
 * safety.
 *
 * @param shown the {@code fullUrl} of that entry
 * @param hidden those of the others, in the order of the facts
 * @param rule id of the rule that they are alike by
 */
public record Fold(String shown, List<String> hidden, String rule) {
  public Fold {
    hidden = List.copyOf(hidden);
  }

  /**
   * Which of the facts stand for others: the first of those that are alike, for all that can be
   * told from their details. Each that is hidden is an alternate of the one that stands for it.
   *
   * @param facts in the order of their Bundle
   * @param fixed the {@code fullUrl}s of those that stay in any case
   */
  public static List<Fold> among(List<Fact> facts, Alternates alternates, Set<String> fixed) {
    Map<String, Candidate> standing = new HashMap<>();
    Map<String, List<Candidate>> hidden = new LinkedHashMap<>();
    for (Fact fact : facts) {
      List<String> others = alternates.of(fact.fullUrl());
      if (!others.isEmpty()) {
        Candidate candidate = new Candidate(fact);
        String shown = fixed.contains(fact.fullUrl()) ? "" : standsFor(candidate, others, standing);
        if (shown.isEmpty()) {
          standing.put(fact.fullUrl(), candidate);
        } else {
          hidden.computeIfAbsent(shown, _ -> new ArrayList<>()).add(candidate);
        }
      }
    }
    List<Fold> folds = new ArrayList<>();
    hidden.forEach((shown, candidates) -> folds.add(fold(shown, candidates)));
    return folds;
  }

  /** The first of the others that may stand for it; empty where none may. */
  private static String standsFor(
      Candidate candidate, List<String> others, Map<String, Candidate> standing) {
    for (String other : others) {
      Candidate shown = standing.get(other);
      if (shown != null && shown.standsFor(candidate)) {
        return other;
      }
    }
    return "";
  }

  private static Fold fold(String shown, List<Candidate> hidden) {
    return new Fold(
        shown,
        hidden.stream().map(candidate -> candidate.fact().fullUrl()).toList(),
        hidden.getFirst().rule().id());
  }
}
