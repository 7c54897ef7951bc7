package dev.ermine.merge.person;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What comparing two records of a person comes to. It does not matter which is which. */
public sealed interface Likeness {

  /**
   * They agree in all that both say.
   *
   * @param said the details that both say
   */
  record Match(Set<Detail> said) implements Likeness {
    public Match {
      said = inOrder(said);
    }

    /** Whether enough is said to know a person by, as when a number is traced. */
    public boolean isFull() {
      return said.containsAll(EnumSet.of(Detail.FAMILY_NAME, Detail.GIVEN_NAME, Detail.BIRTH_DATE));
    }
  }

  /** One person, of whom these details are recorded differently. */
  record Differs(Set<Detail> details) implements Likeness {
    public Differs {
      details = inOrder(details);
    }
  }

  /** Two people: these details are too different. */
  record Another(Set<Detail> details) implements Likeness {
    public Another {
      details = inOrder(details);
    }
  }

  /** Neither can be told: what they say does not compare. */
  record NotChecked() implements Likeness {}

  /** How alike two people are. */
  static Likeness between(Person one, Person other) {
    Map<Detail, Degree> degrees = new EnumMap<>(Detail.class);
    degrees.put(Detail.FAMILY_NAME, one.family(other));
    degrees.put(Detail.GIVEN_NAME, one.given(other));
    degrees.put(Detail.BIRTH_DATE, BirthDates.compare(one.birthDate(), other.birthDate()));
    degrees.put(Detail.GENDER, one.gender(other));
    return weighed(degrees);
  }

  private static Likeness weighed(Map<Detail, Degree> degrees) {
    Set<Detail> said = EnumSet.noneOf(Detail.class);
    Set<Detail> differing = EnumSet.noneOf(Detail.class);
    int weight = 0;
    for (Map.Entry<Detail, Degree> each : degrees.entrySet()) {
      int own = each.getKey().weight(each.getValue());
      weight += own;
      if (own > 0) {
        differing.add(each.getKey());
      }
      if (each.getValue() != Degree.UNSAID) {
        said.add(each.getKey());
      }
    }
    if (weight >= Detail.ANOTHER) {
      return new Another(differing);
    }
    if (!differing.isEmpty()) {
      return new Differs(differing);
    }
    // Half of all people have the same gender.
    said.remove(Detail.GENDER);
    return said.isEmpty() ? new NotChecked() : new Match(said);
  }

  private static Set<Detail> inOrder(Set<Detail> details) {
    Set<Detail> copy = EnumSet.noneOf(Detail.class);
    copy.addAll(details);
    return Collections.unmodifiableSet(copy);
  }
}
