package dev.ermine.merge.person;

import dev.ermine.fhir.Demographics;
import dev.ermine.fhir.Demographics.PersonName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A person as a record or an asker knows them, made ready to be compared: by any name, current or
 * former, that one may be known by.
 */
public final class Person {

  private record Name(FamilyName family, GivenNames given) {}

  private final List<Name> names;
  private final Optional<String> birthDate;
  private final Optional<String> gender;

  private Person(List<Name> names, Optional<String> birthDate, Optional<String> gender) {
    this.names = List.copyOf(names);
    this.birthDate = birthDate;
    this.gender = gender;
  }

  /** The person whom these tell of. */
  public static Person of(Demographics demographics) {
    return new Person(
        demographics.names().stream().map(Person::name).toList(),
        demographics.birthDate(),
        demographics.gender().filter(g -> g.equals("male") || g.equals("female")));
  }

  private static Name name(PersonName name) {
    return new Name(FamilyName.of(name.family().orElse("")), GivenNames.of(name.given()));
  }

  Optional<String> birthDate() {
    return birthDate;
  }

  /** Marriage, divorce and deeds change it: any name of the one may be any of the other. */
  Degree family(Person other) {
    Degree best = best(other, (one, two) -> one.family().compare(two.family()));
    boolean elsewhere =
        best == Degree.OTHER && (isFamilyAmongGiven(other) || other.isFamilyAmongGiven(this));
    return elsewhere ? Degree.PART : best;
  }

  Degree given(Person other) {
    Degree best = best(other, (one, two) -> one.given().compare(two.given()));
    boolean swapped =
        best == Degree.OTHER && isFamilyAmongGiven(other) && other.isFamilyAmongGiven(this);
    return swapped ? Degree.PART : best;
  }

  Degree gender(Person other) {
    if (gender.isEmpty() || other.gender.isEmpty()) {
      return Degree.UNSAID;
    }
    return gender.equals(other.gender) ? Degree.SAME : Degree.OTHER;
  }

  private Degree best(Person other, BiFunction<Name, Name, Degree> compare) {
    Degree best = Degree.UNSAID;
    for (Name one : names) {
      for (Name two : other.names) {
        best = best.orBetter(compare.apply(one, two));
      }
    }
    return best;
  }

  /** Whose family name comes first, or is a father's given name, is filed under given names. */
  private boolean isFamilyAmongGiven(Person other) {
    return names.stream()
        .anyMatch(
            one -> other.names.stream().anyMatch(two -> two.given().hasOneOf(one.family().core())));
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "Person";
  }

  /** Whether both tell the same of who it is. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Person person
        && names.equals(person.names)
        && birthDate.equals(person.birthDate)
        && gender.equals(person.gender);
  }

  @Override
  public int hashCode() {
    return Objects.hash(names, birthDate, gender);
  }
}
