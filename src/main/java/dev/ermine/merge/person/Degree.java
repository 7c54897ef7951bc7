package dev.ermine.merge.person;

/** How far two people's records agree in one detail, from the same to another. */
enum Degree {
  /** Both say the same, however they write it. */
  SAME,
  /** What the one says, the other says in part: an initial, half of a double name. */
  PART,
  /** A slip of the hand lies between them. */
  SLIP,
  /** They say different things. */
  OTHER,
  /** It cannot be told: one of them says nothing, or nothing that compares. */
  UNSAID;

  /** The one in which they agree more: something said is more than nothing. */
  Degree orBetter(Degree other) {
    return compareTo(other) <= 0 ? this : other;
  }
}
