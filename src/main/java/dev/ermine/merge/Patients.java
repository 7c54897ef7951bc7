package dev.ermine.merge;

import dev.ermine.fhir.Demographics;
import dev.ermine.fhir.Entry;
import dev.ermine.merge.person.Likeness;
import dev.ermine.merge.person.NumberStanding;
import dev.ermine.merge.person.Person;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The Patients that one region has under the asked number, each held against what is known of the
 * patient: never against one another, save where nothing is known. Then they must at least not
 * disagree among themselves.
 */
final class Patients {

  /**
   * How many Patients one record may have under a number where nothing is known of the patient, and
   * how many of a region may differ: each of these is compared with each. More are no duplicates,
   * but a number that was made up.
   */
  static final int MOST = 8;

  /** None. */
  static final Patients NONE = new Patients(List.of());

  /**
   * One Patient, and what became of it.
   *
   * @param addresses where it stands, as the gateway shows it
   * @param person whom it tells of; empty when that cannot be read
   * @param likeness how it compares with the reference; empty when there is none
   */
  record Judged(
      Entry entry,
      Set<String> addresses,
      Optional<Person> person,
      Optional<Likeness> likeness,
      boolean accepted) {
    Judged {
      addresses = Set.copyOf(addresses);
    }

    private Judged refused() {
      return new Judged(entry, addresses, person, likeness, false);
    }
  }

  private final List<Judged> judged;
  private final Set<Entry> accepted = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<String> acceptedAt = new HashSet<>();
  private final Set<String> refusedAt = new HashSet<>();

  private Patients(List<Judged> judged) {
    this.judged = List.copyOf(judged);
    for (Judged patient : judged) {
      if (patient.accepted()) {
        accepted.add(patient.entry());
        acceptedAt.addAll(patient.addresses());
      } else {
        refusedAt.addAll(patient.addresses());
      }
    }
  }

  /** Those entries, judged. {@code addresses} says where an entry stands. */
  static Patients judge(
      Sought sought, List<Entry> entries, Function<Entry, Set<String>> addresses) {
    List<Judged> judged = new ArrayList<>();
    for (Entry entry : entries) {
      judged.add(judge(sought, entry, addresses.apply(entry)));
    }
    boolean disagree =
        sought.reference().isEmpty() && (areTooMany(judged) || disagree(accepted(judged)));
    return new Patients(
        disagree ? judged.stream().map(Judged::refused).toList() : consistent(judged));
  }

  private static Judged judge(Sought sought, Entry entry, Set<String> addresses) {
    Optional<Demographics> said = Demographics.of(entry);
    Optional<Person> person = said.map(Person::of);
    Optional<Likeness> likeness =
        person.flatMap(
            own -> sought.reference().map(known -> Likeness.between(own, Person.of(known))));
    boolean accepted =
        said.map(Demographics::verification).map(NumberStanding::of).stream()
            .anyMatch(standing -> accepts(standing, likeness));
    return new Judged(entry, addresses, person, likeness, accepted);
  }

  private static boolean accepts(NumberStanding standing, Optional<Likeness> likeness) {
    return switch (standing) {
      case COUNTS -> !(likeness.orElse(null) instanceof Likeness.Another);
      case UNTRACED -> likeness.orElse(null) instanceof Likeness.Match match && match.isFull();
      case DISPUTED -> false;
    };
  }

  /** Of two Patients at one address, one of which is refused, neither is surely the patient. */
  private static List<Judged> consistent(List<Judged> judged) {
    Set<String> refused = new HashSet<>();
    judged.stream().filter(one -> !one.accepted()).forEach(one -> refused.addAll(one.addresses()));
    return judged.stream()
        .map(one -> Collections.disjoint(one.addresses(), refused) ? one : one.refused())
        .toList();
  }

  private static List<Person> accepted(List<Judged> judged) {
    return judged.stream().filter(Judged::accepted).flatMap(one -> one.person().stream()).toList();
  }

  /** A gateway has the Patients of each region behind it, each under that one's own base. */
  private static boolean areTooMany(List<Judged> judged) {
    Map<String, Integer> bases = new HashMap<>();
    judged.stream()
        .filter(Judged::accepted)
        .forEach(one -> bases.merge(base(one.entry()), 1, Integer::sum));
    return bases.values().stream().anyMatch(patients -> patients > MOST);
  }

  private static String base(Entry patient) {
    String url = patient.fullUrl().orElse("");
    return url.startsWith("https://") ? url.substring(0, url.lastIndexOf('/')) : "";
  }

  private static boolean disagree(List<Person> persons) {
    Set<Person> different = new HashSet<>(persons);
    return different.size() > MOST
        || different.stream()
            .anyMatch(one -> different.stream().anyMatch(two -> disagree(one, two)));
  }

  /** Whether two of them are two people. */
  static boolean disagree(Person one, Person other) {
    return Likeness.between(one, other) instanceof Likeness.Another;
  }

  List<Judged> all() {
    return judged;
  }

  /** Whom the accepted ones tell of. */
  List<Person> persons() {
    return accepted(judged);
  }

  boolean accept(Entry patient) {
    return accepted.contains(patient);
  }

  /** Whether an accepted one stands there. */
  boolean acceptAt(String address) {
    return acceptedAt.contains(address);
  }

  /** Whether one that is not surely the patient stands there. */
  boolean refuseAt(String address) {
    return refusedAt.contains(address);
  }

  /** Whether each is surely the patient. */
  boolean areAllAccepted() {
    return judged.stream().allMatch(Judged::accepted);
  }
}
