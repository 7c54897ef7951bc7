package dev.ermine.policy;

import dev.ermine.fhir.PurposeOfUse;
import java.util.Collection;
import java.util.Set;

/**
 * What a purpose of use comes to under England's rules. The hierarchy of v3 ActReason is not
 * theirs: {@code CLINTRL} and {@code POPHLTH} stand under {@code TREAT}, and nobody is treated.
 *
 * @see <a
 *     href="https://digital.nhs.uk/services/national-data-opt-out/operational-policy-guidance-document">National
 *     Data Opt-out: operational policy guidance</a>
 */
public enum Use {
  /** The care of this patient. */
  INDIVIDUAL_CARE,
  /** The patient's own look at the record, or that of whom they chose. */
  PATIENT_ACCESS,
  /** Anything else: research, planning, payment, and what nothing is known of. */
  BEYOND_CARE;

  private static final Set<String> CARE = Set.of("TREAT", "COC", "ETREAT", "ERTREAT", "BTG");
  private static final PurposeOfUse PATIENTS = new PurposeOfUse("PATRQT");

  /** What that purpose comes to. */
  public static Use of(PurposeOfUse purpose) {
    if (CARE.contains(purpose.code())) {
      return INDIVIDUAL_CARE;
    }
    return purpose.isWithin(PATIENTS) ? PATIENT_ACCESS : BEYOND_CARE;
  }

  /** Whether one of the purposes comes to this. */
  boolean isAmong(Collection<PurposeOfUse> purposes) {
    for (PurposeOfUse purpose : purposes) {
      if (of(purpose) == this) {
        return true;
      }
    }
    return false;
  }
}
