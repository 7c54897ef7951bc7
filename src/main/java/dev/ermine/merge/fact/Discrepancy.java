package dev.ermine.merge.fact;

import dev.ermine.merge.fact.Matter.Saying;
import dev.ermine.region.RegionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What entries of several regions about one subject give as its dose, or its value, where one of
 * them has no like in another region. A region may well have two: the doses of morning and night,
 * or two readings in one minute; only what another region that has some does not have at all is in
 * question.
 */
final class Discrepancy {

  private final Rule rule;
  private final Detail detail;
  private final Predicate<Witness> counts;
  private final Function<Witness, String> words;

  private Discrepancy(
      Rule rule, Detail detail, Predicate<Witness> counts, Function<Witness, String> words) {
    this.rule = rule;
    this.detail = detail;
    this.counts = counts;
    this.words = words;
  }

  /** Other doses of a medicine that is said to be taken at present. */
  static final Discrepancy OF_DOSES =
      new Discrepancy(
          Rule.MEDICINE_DOSE,
          Detail.DOSE,
          witness -> Stance.onMedicine(witness).filter(Stance::asserts).isPresent(),
          witness -> Quoted.dose(witness.says()));

  /** Other values of one observation. */
  static final Discrepancy OF_VALUES =
      new Discrepancy(
          Rule.OBSERVATION_VALUE,
          Detail.VALUE,
          witness ->
              switch (witness.says().status().orElse("")) {
                case "entered-in-error", "cancelled", "registered" -> false;
                default -> true;
              },
          witness -> Quoted.value(witness.says()));

  /** What these say that others of them contradict. */
  Optional<Matter> among(List<Witness> witnesses) {
    List<List<Witness>> regions = new ArrayList<>(byRegion(witnesses).values());
    TreeSet<Witness> odd = new TreeSet<>(Comparator.comparingInt(Witness::place));
    for (int i = 0; i < regions.size(); i++) {
      for (int j = i + 1; j < regions.size(); j++) {
        odd.addAll(atOdds(regions.get(i), regions.get(j)));
        odd.addAll(atOdds(regions.get(j), regions.get(i)));
      }
    }
    return odd.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Matter(
                rule,
                Quoted.name(odd.first()),
                odd.stream().map(one -> new Saying(words.apply(one), one)).toList()));
  }

  /** Of each region the first of those that say different things. */
  private Map<RegionId, List<Witness>> byRegion(List<Witness> witnesses) {
    List<Witness> counting = new ArrayList<>();
    for (Witness witness : witnesses) {
      if (counts.test(witness)) {
        counting.add(witness);
      }
    }
    counting.sort(Comparator.comparing(witness -> witness.fact().fullUrl()));
    Map<RegionId, List<Witness>> regions = new LinkedHashMap<>();
    for (Witness witness : counting) {
      List<Witness> few = regions.computeIfAbsent(witness.region(), _ -> new ArrayList<>());
      if (few.size() < Dispute.EACH && few.stream().noneMatch(kept -> isLike(kept, witness))) {
        few.add(witness);
      }
    }
    return regions;
  }

  private boolean isLike(Witness one, Witness other) {
    return !isElsewhere(one, other) && detail.compare(one.says(), other.says()) == Comparison.SAME;
  }

  /** Those that differ from all that the other region has, with what they differ from. */
  private List<Witness> atOdds(List<Witness> ones, List<Witness> others) {
    List<Witness> odd = new ArrayList<>();
    for (Witness one : ones) {
      List<Witness> comparable = others.stream().filter(other -> !isElsewhere(one, other)).toList();
      boolean differs =
          !comparable.isEmpty()
              && comparable.stream()
                  .allMatch(
                      other -> detail.compare(one.says(), other.says()) == Comparison.DIFFERENT);
      if (differs) {
        odd.add(one);
        odd.addAll(comparable);
      }
    }
    return odd;
  }

  /** Whether it was another part of the body, or another way to measure. */
  private static boolean isElsewhere(Witness one, Witness other) {
    return Detail.BODY_SITE.compare(one.says(), other.says()) == Comparison.DIFFERENT
        || Detail.METHOD.compare(one.says(), other.says()) == Comparison.DIFFERENT;
  }
}
