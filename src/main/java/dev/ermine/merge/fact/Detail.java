package dev.ermine.merge.fact;

import dev.ermine.fhir.Clinical;

/** A detail in which two entries about the same subject may agree or not. */
enum Detail {
  /** The resource's {@code status}. */
  STATUS,
  CLINICAL_STATUS,
  VERIFICATION_STATUS,
  CRITICALITY,
  REACTION,
  /** How much, how often, by which route. */
  DOSE,
  /** Whether it says that something is not so. */
  NEGATION,
  /** An Observation's value and those of its components, by UCUM where they are quantities. */
  VALUE,
  BODY_SITE,
  METHOD,
  /** A vaccine's lot number. */
  LOT,
  /** A document's hash. */
  HASH;

  /** How they compare in it. */
  Comparison compare(Clinical one, Clinical other) {
    return Comparison.UNSAID;
  }
}
