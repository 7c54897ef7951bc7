package dev.ermine.merge.fact;

import dev.ermine.fhir.Clinical;
import dev.ermine.fhir.Clinical.Reaction;
import dev.ermine.fhir.Term;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A detail in which two entries about the same subject may agree or not. */
enum Detail {
  /** The resource's {@code status}. */
  STATUS((one, other) -> Comparison.ofCodes(one.status(), other.status())),
  CLINICAL_STATUS((one, other) -> Comparison.ofCodes(one.clinicalStatus(), other.clinicalStatus())),
  VERIFICATION_STATUS(
      (one, other) -> Comparison.ofCodes(one.verificationStatus(), other.verificationStatus())),
  CRITICALITY((one, other) -> Comparison.ofCodes(one.criticality(), other.criticality())),
  /** What set an allergy off, how it showed, and how badly. */
  REACTION((one, other) -> reactions(one.reactions(), other.reactions())),
  /** How much, how often, by which route. */
  DOSE((one, other) -> Doses.compare(one.doses(), other.doses())),
  /** Whether it says that something is not so. */
  NEGATION(
      (one, other) -> one.negated() == other.negated() ? Comparison.SAME : Comparison.DIFFERENT),
  /** An Observation's value and those of its components, by UCUM where they are quantities. */
  VALUE(Values::compare),
  BODY_SITE((one, other) -> Terms.compare(one.bodySite(), other.bodySite())),
  METHOD((one, other) -> Terms.compare(one.method(), other.method())),
  /** A vaccine's lot number. */
  LOT(
      (one, other) ->
          Comparison.ofCodes(one.lot().map(Wording::plain), other.lot().map(Wording::plain))),
  /** A document's hash. */
  HASH((one, other) -> hashes(one.hashes(), other.hashes()));

  /** Of two entries that both can be read. */
  @FunctionalInterface
  private interface Rule {
    Comparison compare(Clinical one, Clinical other);
  }

  @SuppressWarnings("ImmutableEnumChecker") // functions without state
  private final Rule rule;

  Detail(Rule rule) {
    this.rule = rule;
  }

  /** How they compare in it; the other way round it is the same. */
  Comparison compare(Clinical one, Clinical other) {
    return one.readable() && other.readable() ? rule.compare(one, other) : Comparison.UNSAID;
  }

  /** That one record tells of more reactions than another is no contradiction. */
  private static Comparison reactions(List<Reaction> ones, List<Reaction> others) {
    if (ones.isEmpty() || others.isEmpty()) {
      return ones.isEmpty() && others.isEmpty() ? Comparison.SAME : Comparison.UNSAID;
    }
    if (ones.size() == 1 && others.size() == 1) {
      return reaction(ones.getFirst(), others.getFirst());
    }
    return names(ones).equals(names(others)) ? Comparison.SAME : Comparison.UNSAID;
  }

  private static Comparison reaction(Reaction one, Reaction other) {
    Comparison event =
        Terms.compare(one.substance(), other.substance())
            .and(Terms.compareAll(one.manifestations(), other.manifestations()));
    return event == Comparison.SAME
        ? Comparison.ofCodes(one.severity(), other.severity())
        : Comparison.UNSAID;
  }

  private static Set<String> names(List<Reaction> reactions) {
    Set<String> names = new TreeSet<>();
    for (Reaction reaction : reactions) {
      names.add(
          reaction.substance().map(Detail::name).orElse("")
              + reaction.manifestations().stream().map(Detail::name).sorted().toList()
              + reaction.severity().orElse(""));
    }
    return names;
  }

  private static String name(Term term) {
    return term.codings().isEmpty()
        ? term.text().map(Wording::plain).orElse("")
        : Terms.codes(term).toString();
  }

  /** Two documents that share one of several attachments are not surely one. */
  private static Comparison hashes(List<String> ones, List<String> others) {
    if (ones.isEmpty() || others.isEmpty()) {
      return ones.isEmpty() && others.isEmpty() ? Comparison.SAME : Comparison.UNSAID;
    }
    Set<String> first = new TreeSet<>(ones);
    Set<String> second = new TreeSet<>(others);
    if (first.equals(second)) {
      return Comparison.SAME;
    }
    return first.stream().anyMatch(second::contains) ? Comparison.UNSAID : Comparison.DIFFERENT;
  }
}
