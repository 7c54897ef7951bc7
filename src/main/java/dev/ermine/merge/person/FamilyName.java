package dev.ermine.merge.person;

import java.util.List;
import java.util.Set;

/**
 * A family name, in the parts that tell families apart.
 *
 * @param parts all of it
 * @param core without articles and particles, which come and go from record to record
 */
record FamilyName(List<String> parts, List<String> core) {

  private static final Set<String> PARTICLES =
      Set.of(
          "o", "mac", "ni", "nic", "ui", "mhic", "ap", "ab", "van", "von", "der", "den", "ter",
          "ten", "te", "zu", "zum", "de", "del", "della", "di", "da", "do", "dos", "das", "du", "d",
          "la", "le", "las", "los", "l", "y", "e", "al", "el", "ul", "bin", "ibn", "bint", "ben");

  /** What is written where there is no family name. */
  private static final Set<String> PLACEHOLDERS =
      Set.of("unknown", "unk", "none", "lnu", "nfn", "nka", "nil", "xx", "xxx");

  FamilyName {
    parts = List.copyOf(parts);
    core = List.copyOf(core);
  }

  static FamilyName of(String family) {
    List<String> parts =
        Letters.parts(family).stream().filter(part -> !PLACEHOLDERS.contains(part)).toList();
    List<String> core = parts.stream().filter(part -> !PARTICLES.contains(part)).toList();
    return new FamilyName(parts, core.isEmpty() ? parts : core);
  }

  boolean isSaid() {
    return !parts.isEmpty();
  }

  Degree compare(FamilyName other) {
    if (!isSaid() || !other.isSaid() || Letters.areLatin(parts) != Letters.areLatin(other.parts)) {
      return Degree.UNSAID;
    }
    String joined = String.join("", core);
    String otherJoined = String.join("", other.core);
    if (joined.equals(otherJoined) || String.join("", parts).equals(String.join("", other.parts))) {
      return Degree.SAME;
    }
    if (hasOneOf(other.core)) {
      return Degree.PART;
    }
    return Slips.mayBe(joined, otherJoined) ? Degree.SLIP : Degree.OTHER;
  }

  /**
   * Whether one of these is a part of it: a double name's half, a father's name after one's own.
   */
  boolean hasOneOf(List<String> names) {
    return core.stream().anyMatch(part -> part.length() > 1 && names.contains(part));
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "FamilyName";
  }
}
