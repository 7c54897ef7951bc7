package dev.ermine.merge.fact;

/** How one detail of two entries compares. */
enum Comparison {
  /** Both say the same, or neither says anything. */
  SAME,
  /** They cannot both be right. */
  DIFFERENT,
  /** It cannot be told: one of them says nothing, or nothing that compares. */
  UNSAID
}
