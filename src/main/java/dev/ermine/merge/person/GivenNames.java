package dev.ermine.merge.person;

import java.util.List;
import java.util.Set;

/**
 * The given names of one name, in order.
 *
 * @param parts each by itself
 * @param placeholder whether they say that there was no name yet: Baby, Twin 1
 */
record GivenNames(List<String> parts, boolean placeholder) {

  private static final Set<String> PLACEHOLDERS =
      Set.of(
          "baby", "infant", "newborn", "boy", "girl", "twin", "triplet", "male", "female",
          "unknown", "unk", "none", "fnu", "nfn", "nka", "nil", "xx", "xxx");

  /** Given to many in one family, each of whom goes by what comes after it. */
  private static final List<String> BEFORE_ONES_OWN = List.of("mohamed", "abdul", "syed");

  GivenNames {
    parts = List.copyOf(parts);
  }

  static GivenNames of(List<String> given) {
    List<String> parts = given.stream().flatMap(name -> Letters.parts(name).stream()).toList();
    boolean placeholder =
        parts.stream()
            .anyMatch(part -> PLACEHOLDERS.contains(part) || Character.isDigit(part.charAt(0)));
    return new GivenNames(parts, placeholder);
  }

  Degree compare(GivenNames other) {
    if (parts.isEmpty()
        || other.parts.isEmpty()
        || Letters.areLatin(parts) != Letters.areLatin(other.parts)) {
      return Degree.UNSAID;
    }
    if (String.join("", parts).equals(String.join("", other.parts))) {
      return Degree.SAME;
    }
    if (placeholder || other.placeholder) {
      return placeholder && other.placeholder ? unborn(other) : Degree.UNSAID;
    }
    return goesBefore(other) || other.goesBefore(this)
        ? Degree.PART
        : compare(ownParts(), other.ownParts());
  }

  /** What still tells unnamed twins apart is their number or letter. */
  private Degree unborn(GivenNames other) {
    List<String> own = beyondPlaceholders();
    List<String> others = other.beyondPlaceholders();
    return own.isEmpty() || others.isEmpty() || own.equals(others) ? Degree.UNSAID : Degree.OTHER;
  }

  private List<String> beyondPlaceholders() {
    return parts.stream().filter(part -> !PLACEHOLDERS.contains(part)).toList();
  }

  /** Whether it is no more than a name that the other has before its own. */
  private boolean goesBefore(GivenNames other) {
    return parts.size() == 1 && leads() && other.leads();
  }

  private boolean leads() {
    String first = parts.getFirst();
    return first.equals("maria")
        || BEFORE_ONES_OWN.stream().anyMatch(name -> NameVariants.areOne(name, first));
  }

  private List<String> ownParts() {
    return parts.size() > 1 && leads() ? parts.subList(1, parts.size()) : parts;
  }

  private static Degree compare(List<String> one, List<String> other) {
    return switch (alike(one.getFirst(), other.getFirst())) {
      case SAME -> rest(one.subList(1, one.size()), other.subList(1, other.size()));
      case OTHER -> crosswise(one, other);
      case Degree degree -> degree;
    };
  }

  /** Second names are often left out; where both have them, they should agree. */
  private static Degree rest(List<String> one, List<String> other) {
    boolean agree =
        one.isEmpty()
            || other.isEmpty()
            || one.stream()
                .anyMatch(name -> other.stream().anyMatch(o -> alike(name, o) != Degree.OTHER));
    return agree ? Degree.SAME : Degree.PART;
  }

  /** The first name of the one among the further names of the other: many go by their second. */
  private static Degree crosswise(List<String> one, List<String> other) {
    boolean there = isAmongFurther(one.getFirst(), other);
    boolean back = isAmongFurther(other.getFirst(), one);
    if (there && back) {
      return Degree.SAME;
    }
    return there || back ? Degree.PART : Degree.OTHER;
  }

  private static boolean isAmongFurther(String name, List<String> names) {
    return name.length() > 1
        && names.subList(1, names.size()).stream().anyMatch(n -> NameVariants.areOne(name, n));
  }

  private static Degree alike(String one, String other) {
    if (NameVariants.areOne(one, other)) {
      return Degree.SAME;
    }
    if (one.length() == 1 || other.length() == 1) {
      boolean initial =
          one.length() == 1 ? NameVariants.mayBegin(one, other) : NameVariants.mayBegin(other, one);
      return initial ? Degree.PART : Degree.OTHER;
    }
    return Slips.mayBe(one, other) ? Degree.SLIP : Degree.OTHER;
  }

  /** Whether one of these is among them. */
  boolean hasOneOf(List<String> names) {
    return parts.stream().anyMatch(part -> part.length() > 1 && names.contains(part));
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "GivenNames";
  }
}
