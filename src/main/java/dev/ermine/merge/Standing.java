package dev.ermine.merge;

import dev.ermine.fhir.Entry;
import dev.ermine.merge.person.Detail;
import dev.ermine.merge.person.Likeness;
import dev.ermine.merge.person.Person;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How sure it is that one region's Patients are the one asked about, as far as it may be told.
 *
 * @param patients how many it has under the number
 * @param refused how many of these are not surely the patient
 * @param differing the details in which the others differ from what is known of the patient
 * @param unchecked whether one of the others says nothing that compares
 * @param persons whom the others tell of
 */
record Standing(
    int patients, int refused, Set<Detail> differing, boolean unchecked, List<Person> persons) {

  /** Nothing is to be told of it. */
  static final Standing UNTOLD = new Standing(0, 0, Set.of(), false, List.of());

  Standing {
    persons = List.copyOf(persons);
  }

  /**
   * The standing of a region's Patients.
   *
   * @param telling whether it may be told that this Patient is there
   */
  static Standing of(Patients patients, Predicate<Entry> telling) {
    Set<String> counted = new HashSet<>();
    Set<Detail> differing = EnumSet.noneOf(Detail.class);
    boolean unchecked = false;
    int all = 0;
    int refused = 0;
    for (Patients.Judged patient : patients.all()) {
      boolean copy = !Collections.disjoint(counted, patient.addresses());
      counted.addAll(patient.addresses());
      if (copy || !telling.test(patient.entry())) {
        continue;
      }
      all++;
      refused += patient.accepted() ? 0 : 1;
      if (patient.accepted() && patient.likeness().isPresent()) {
        switch (patient.likeness().get()) {
          case Likeness.Differs(Set<Detail> details) -> differing.addAll(details);
          case Likeness.NotChecked _ -> unchecked = true;
          case Likeness.Match _, Likeness.Another _ -> {}
        }
      }
    }
    return new Standing(all, refused, differing, unchecked, patients.persons());
  }

  /** What is said after the number of entries; may be nothing. Details are named, never said. */
  String remark() {
    if (!differing.isEmpty()) {
      List<String> details = differing.stream().map(Detail::words).toList();
      return "; its patient differs from the one asked about in " + String.join(", ", details);
    }
    return unchecked
        ? "; its patient could not be cross-checked: it shares no demographics that compare"
        : "";
  }

  /** What is missing because of it. */
  Optional<String> gap() {
    return refused == 0
        ? Optional.empty()
        : Optional.of(
            refused
                + " of its "
                + patients
                + " patients under this number "
                + (refused == 1 ? "is" : "are")
                + " not surely this one: nothing of theirs was merged");
  }
}
