package dev.ermine.merge.filter;

/** What a filter says of an entry. */
public enum Verdict {
  /** No reading of FHIR lets it through. */
  FAILS,
  /** It says nothing that the filter could look at: it is not coded, or not dated. */
  UNTOLD,
  /** It is let through, at least by one reading of FHIR. */
  PASSES;

  /** Of values of which one suffices. */
  Verdict or(Verdict other) {
    return compareTo(other) > 0 ? this : other;
  }
}
