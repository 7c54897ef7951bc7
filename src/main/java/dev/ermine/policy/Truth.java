package dev.ermine.policy;

/**
 * Whether a rule's criterion is met, in three values: what is asked for may not be known.
 *
 * @see <a href="https://en.wikipedia.org/wiki/Three-valued_logic#Kleene_and_Priest_logics">Kleene's
 *     strong logic</a>
 */
enum Truth {
  FALSE,
  UNKNOWN,
  TRUE;

  static Truth of(boolean known) {
    return known ? TRUE : FALSE;
  }

  Truth and(Truth other) {
    return compareTo(other) < 0 ? this : other;
  }

  Truth or(Truth other) {
    return compareTo(other) > 0 ? this : other;
  }

  /** This, unless it is false and something is not understood. */
  Truth unless(boolean unclear) {
    return this == FALSE && unclear ? UNKNOWN : this;
  }
}
