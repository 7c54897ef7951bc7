package dev.ermine.merge.fact;

import dev.ermine.fhir.Facets.Coded;
import java.util.Set;

/**
 * Which {@link Stance} an entry may take, as far as its facets tell. Entries are read again only
 * where some may say that it is so, and others that it is not: most say the same, or stand alone.
 */
final class Leaning {

  private static final Set<String> OVER = Set.of("inactive", "resolved", "remission");
  private static final Set<String> PRESENT = Set.of("active", "recurrence", "relapse");
  private static final Set<String> DENIED = Set.of("refuted", "entered-in-error");

  private Leaning() {}

  /** Whether an AllergyIntolerance may say that there is no such allergy, or none any more. */
  static boolean mayDenyAllergy(Fact fact) {
    return may(fact, "verificationStatus", DENIED) || may(fact, "clinicalStatus", OVER);
  }

  /** Whether a Condition may say that it is present. */
  static boolean mayAssertCondition(Fact fact) {
    return may(fact, "clinicalStatus", PRESENT);
  }

  /** Whether a Condition may say that it is over, or never was. */
  static boolean mayDenyCondition(Fact fact) {
    return says(fact, "verificationStatus", DENIED) || may(fact, "clinicalStatus", OVER);
  }

  /** Whether a medicine may be said to be taken. */
  static boolean mayAssertMedicine(Fact fact) {
    return fact.entry().facets().status().filter("active"::equals).isPresent();
  }

  /** Whether it has one of these codes, or one that is not written as a coding, if any. */
  private static boolean may(Fact fact, String element, Set<String> codes) {
    boolean coded = false;
    for (Coded each : fact.entry().facets().codes()) {
      if (each.element().equals(element)) {
        if (codes.contains(each.coding().code())) {
          return true;
        }
        coded = true;
      }
    }
    return !coded;
  }

  private static boolean says(Fact fact, String element, Set<String> codes) {
    for (Coded each : fact.entry().facets().codes()) {
      if (each.element().equals(element) && codes.contains(each.coding().code())) {
        return true;
      }
    }
    return false;
  }
}
