package dev.ermine.merge.fact;

import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.fhir.Term;
import dev.ermine.merge.fact.Matter.Saying;
import dev.ermine.region.RegionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * What entries about one subject say on whether it is so, some that it is and some that it is not.
 *
 * <p>Of each region and side at most {@value #EACH} entries take part: those that would contradict
 * most, so that which these are depends on no other region.
 */
final class Dispute {

  /** How many entries of one region speak for one side. */
  static final int EACH = 4;

  private static final Comparator<Witness> BY_ADDRESS =
      Comparator.comparing(witness -> witness.fact().fullUrl());

  private Dispute() {}

  /** An allergy here that is none there; entries of one region may contradict each other too. */
  static Optional<Matter> onAllergy(List<Witness> witnesses) {
    return matter(
        Rule.ALLERGY_STATUS,
        witnesses,
        Stance::onAllergy,
        _ -> 0,
        (one, other) -> !otherSubstance(one, other));
  }

  /** A medicine taken here that was stopped there, not before it began here. */
  static Optional<Matter> onMedicine(List<Witness> witnesses) {
    return matter(
        Rule.MEDICINE_STOPPED,
        witnesses,
        Stance::onMedicine,
        witness ->
            witness.says().status().filter("active"::equals).isPresent()
                ? Times.began(witness.fact().entry())
                : -Times.stopped(witness.fact().entry()),
        (one, other) -> otherRegion(one, other) && stopsThat(one, other));
  }

  /** A condition present here that is over, or never was, there. */
  static Optional<Matter> onCondition(List<Witness> witnesses) {
    return matter(
        Rule.CONDITION_STATUS,
        witnesses,
        Stance::onCondition,
        _ -> 0,
        (one, other) -> otherRegion(one, other) && !otherEpisode(one, other));
  }

  private static Optional<Matter> matter(
      Rule rule,
      List<Witness> witnesses,
      Function<Witness, Optional<Stance>> stance,
      ToIntFunction<Witness> first,
      BiPredicate<Witness, Witness> contradict) {
    Comparator<Witness> order = Comparator.comparingInt(first).thenComparing(BY_ADDRESS);
    List<Saying> asserting = side(true, witnesses, stance, order);
    List<Saying> denying = side(false, witnesses, stance, order);
    List<Saying> sayings = new ArrayList<>(opposed(asserting, denying, contradict));
    sayings.addAll(
        opposed(denying, asserting, (denies, asserts) -> contradict.test(asserts, denies)));
    return sayings.isEmpty()
        ? Optional.empty()
        : Optional.of(new Matter(rule, Quoted.name(sayings.getFirst().witness()), sayings));
  }

  private static List<Saying> side(
      boolean asserts,
      List<Witness> witnesses,
      Function<Witness, Optional<Stance>> stance,
      Comparator<Witness> order) {
    List<Saying> side = new ArrayList<>();
    for (Witness witness : witnesses) {
      stance
          .apply(witness)
          .filter(stands -> stands.asserts() == asserts)
          .ifPresent(stands -> side.add(new Saying(stands.words(), witness)));
    }
    side.sort(Comparator.comparing(Saying::witness, order));
    List<Saying> few = fewOfEach(side);
    few.sort(Comparator.comparingInt(saying -> saying.witness().place()));
    return few;
  }

  /** The first of each region. */
  static List<Saying> fewOfEach(List<Saying> sayings) {
    Map<RegionId, Integer> counts = new HashMap<>();
    List<Saying> few = new ArrayList<>();
    for (Saying saying : sayings) {
      if (counts.merge(saying.witness().region(), 1, Integer::sum) <= EACH) {
        few.add(saying);
      }
    }
    return few;
  }

  /** Those of one side that someone of the other contradicts. */
  private static List<Saying> opposed(
      List<Saying> side, List<Saying> others, BiPredicate<Witness, Witness> contradict) {
    return side.stream()
        .filter(
            saying ->
                others.stream()
                    .anyMatch(other -> contradict.test(saying.witness(), other.witness())))
        .toList();
  }

  private static boolean otherRegion(Witness one, Witness other) {
    return !one.region().equals(other.region());
  }

  /** A code may be general, such as "allergy to substance": then the substances decide. */
  private static boolean otherSubstance(Witness one, Witness other) {
    return Terms.compare(substance(one), substance(other)) == Comparison.DIFFERENT;
  }

  private static Optional<Term> substance(Witness witness) {
    return witness.says().reactions().stream()
        .flatMap(reaction -> reaction.substance().stream())
        .findFirst();
  }

  /**
   * Whether what one is taken by is what the other stopped. Prescriptions follow each other over
   * years: one that ended before this began is no contradiction. That a record was made in error
   * says so of that record alone, not of others of the same medicine.
   */
  private static boolean stopsThat(Witness active, Witness stopped) {
    if (stopped.says().negated()) {
      return true;
    }
    boolean error = stopped.says().status().filter("entered-in-error"::equals).isPresent();
    return error
        ? sharesIdentifier(active, stopped) || began(active) == began(stopped)
        : Times.stopped(stopped.fact().entry()) >= began(active);
  }

  private static int began(Witness witness) {
    return Times.began(witness.fact().entry());
  }

  private static boolean sharesIdentifier(Witness one, Witness other) {
    List<Identifier> others = other.fact().entry().identifiers();
    return one.fact().entry().identifiers().stream()
        .filter(identifier -> identifier.system().isPresent() && identifier.value().isPresent())
        .limit(Doses.PARTS)
        .anyMatch(
            identifier ->
                others.stream()
                    .limit(Doses.PARTS)
                    .anyMatch(
                        like ->
                            like.system().equals(identifier.system())
                                && like.value().equals(identifier.value())));
  }

  private static boolean otherEpisode(Witness one, Witness other) {
    Optional<Moment> onset = Times.onset(one.fact().entry());
    Optional<Moment> another = Times.onset(other.fact().entry());
    return (onset.isPresent() && another.isPresent() && Times.differ(onset.get(), another.get()))
        || Detail.BODY_SITE.compare(one.says(), other.says()) == Comparison.DIFFERENT;
  }
}
