package dev.ermine.merge.person;

/**
 * A detail that tells one person from another, with what a disagreement in it weighs. {@link
 * #ANOTHER} and more is another person; less is one of whom something is recorded differently.
 *
 * <p>All of it is about two records under one NHS number. Such a pair is of two people when a
 * number was keyed or traced wrongly, and then mostly of people who are easily taken for each
 * other: twins, siblings, a parent and a child of one name, namesakes on one list. So what tells
 * <em>these</em> apart weighs enough by itself, and what changes in one person's life, or is heard
 * and typed in many ways, does not.
 *
 * <ul>
 *   <li><b>Birth date</b>, different: 4. It never changes, and it alone tells a parent from a child
 *       of one name. Day and month swapped, one digit or two neighbours wrong, or the first of
 *       January for a day that nobody knew: 2, for these are how one date is mistyped.
 *   <li><b>Given name</b>, different: 4. It alone tells twins apart, who share all else and have
 *       numbers side by side. One letter wrong: 2, so that with a different gender it is another
 *       person's (Amir and Amira). An initial, or one given name of several: 1, since records often
 *       have no more.
 *   <li><b>Family name</b>, different: 2. It changes with marriage, divorce and the country one
 *       comes to, and siblings share it: it says little either way. Half of a double name, or one
 *       letter wrong: 1.
 *   <li><b>Gender</b>, different: 2. It is miscoded now and then, and may change, with a given name
 *       that then is recorded as a former one. With a different family name there is too little
 *       left to go by.
 * </ul>
 *
 * <p>A disagreement that is too much costs a region's records and is said; one that is too little
 * mixes two people's. So where two small ones meet (a swapped birth date and a mistyped given name)
 * they count as another person.
 *
 * @see <a
 *     href="https://developer.nhs.uk/apis/gpconnect/integration_cross_organisation_audit_and_provenance.html">GP
 *     Connect: consumers cross-check family name, given name, gender and birth date</a>
 */
public enum Detail {
  FAMILY_NAME("family name", 1, 1, 2),
  GIVEN_NAME("given name", 1, 2, 4),
  BIRTH_DATE("birth date", 0, 2, 4),
  GENDER("gender", 0, 0, 2);

  /** From this weight on, all disagreements taken together, it is another person. */
  static final int ANOTHER = 4;

  private final String words;
  private final int part;
  private final int slip;
  private final int other;

  Detail(String words, int part, int slip, int other) {
    this.words = words;
    this.part = part;
    this.slip = slip;
    this.other = other;
  }

  /** What people call it. */
  public String words() {
    return words;
  }

  int weight(Degree degree) {
    return switch (degree) {
      case SAME, UNSAID -> 0;
      case PART -> part;
      case SLIP -> slip;
      case OTHER -> other;
    };
  }
}
