package dev.ermine.merge.fact;

import static dev.ermine.merge.fact.Detail.BODY_SITE;
import static dev.ermine.merge.fact.Detail.CLINICAL_STATUS;
import static dev.ermine.merge.fact.Detail.CRITICALITY;
import static dev.ermine.merge.fact.Detail.DOSE;
import static dev.ermine.merge.fact.Detail.HASH;
import static dev.ermine.merge.fact.Detail.LOT;
import static dev.ermine.merge.fact.Detail.METHOD;
import static dev.ermine.merge.fact.Detail.NEGATION;
import static dev.ermine.merge.fact.Detail.REACTION;
import static dev.ermine.merge.fact.Detail.STATUS;
import static dev.ermine.merge.fact.Detail.VALUE;
import static dev.ermine.merge.fact.Detail.VERIFICATION_STATUS;

import dev.ermine.merge.fact.FactRule.Fold;
import dev.ermine.merge.fact.FactRule.Time;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rules by which two entries record the same fact, each with its reason: one for each group of
 * types, beside those on identifiers and hashes, which are for all: see {@link Tie}.
 *
 * <p>Linking two entries shows both, so a rule may be generous; folding hides one, so that asks for
 * every detail that bears on safety to be the same. What stands in words alone never makes two
 * entries one.
 */
final class FactRules {

  /** The table. */
  static final List<FactRule> ALL =
      List.of(
          new FactRule(
              "fact.allergy",
              Set.of("AllergyIntolerance"),
              Time.ANY,
              Set.of(NEGATION),
              Set.of(CLINICAL_STATUS, VERIFICATION_STATUS, CRITICALITY, REACTION, NEGATION),
              Fold.NEVER,
              "a patient is allergic to a substance or not, whenever that was found: the substance"
                  + " is the fact; no record of an allergy is ever hidden behind another"),
          new FactRule(
              "fact.medication",
              Set.of(
                  "MedicationStatement",
                  "MedicationRequest",
                  "MedicationDispense",
                  "MedicationAdministration"),
              Time.DAY,
              Set.of(DOSE, NEGATION),
              Set.of(STATUS, DOSE, NEGATION),
              Fold.ALIKE,
              "the same product from the same day in the same dose is one course: a code in common,"
                  + " at whatever level of dm+d, says the same product; another dose is another"
                  + " course, and to be seen"),
          new FactRule(
              "fact.immunization",
              Set.of("Immunization"),
              Time.DAY,
              Set.of(LOT, NEGATION),
              Set.of(STATUS, DOSE, REACTION, LOT, NEGATION),
              Fold.ALIKE,
              "nobody is given one vaccine twice on a day; where no product is coded the disease"
                  + " says which it was; another lot number is another dose"),
          new FactRule(
              "fact.condition",
              Set.of("Condition"),
              Time.DAY,
              Set.of(BODY_SITE, NEGATION),
              Set.of(CLINICAL_STATUS, VERIFICATION_STATUS, BODY_SITE, NEGATION),
              Fold.ALIKE,
              "one diagnosis with one onset is one episode; the left side is not the right"),
          new FactRule(
              "fact.observation",
              Set.of("Observation"),
              Time.DAY,
              Set.of(VALUE, BODY_SITE, METHOD, NEGATION),
              Set.of(STATUS, VALUE, BODY_SITE, METHOD, NEGATION),
              Fold.ALIKE,
              "one thing measured at one time with one value is one measurement, whatever unit it"
                  + " is told in; another value, site or method is another measurement"),
          new FactRule(
              "fact.procedure",
              Set.of("Procedure"),
              Time.DAY,
              Set.of(BODY_SITE, NEGATION),
              Set.of(STATUS, BODY_SITE, NEGATION),
              Fold.ALIKE,
              "one procedure on one day at one site is one procedure"),
          new FactRule(
              "fact.encounter",
              Set.of("Encounter"),
              Time.MINUTE,
              Set.of(NEGATION),
              Set.of(STATUS, NEGATION),
              Fold.ALIKE,
              "a patient is in one place at a time, but may be seen several times a day: a day alone"
                  + " does not tell encounters of one kind apart, the minute does"),
          new FactRule(
              "fact.report",
              Set.of("DiagnosticReport"),
              Time.DAY,
              Set.of(HASH, NEGATION),
              Set.of(STATUS, HASH, NEGATION),
              Fold.NEVER,
              "one report on one study is one report; what it concludes stands in words, which do"
                  + " not compare, so that none stands for another"),
          new FactRule(
              "fact.document",
              Set.of("DocumentReference"),
              Time.MINUTE,
              Set.of(HASH),
              Set.of(STATUS, HASH),
              Fold.SAME_BYTES,
              "letters of one kind are many, also on one day: the minute tells them apart, and the"
                  + " bytes do for sure"));

  /** What every other type is under. */
  private static final FactRule OTHERS =
      new FactRule(
          "fact.other",
          Set.of(),
          Time.NONE,
          Set.of(),
          Set.of(),
          Fold.NEVER,
          "what makes two plans, flags or lists the same, nobody has said but who gave them an"
              + " identifier");

  private static final Map<String, FactRule> BY_TYPE = byType();

  private FactRules() {}

  /** The rule for a type. */
  static FactRule of(String type) {
    return BY_TYPE.getOrDefault(type, OTHERS);
  }

  private static Map<String, FactRule> byType() {
    Map<String, FactRule> rules = new HashMap<>();
    for (FactRule rule : ALL) {
      rule.types().forEach(type -> rules.put(type, rule));
    }
    return Map.copyOf(rules);
  }
}
