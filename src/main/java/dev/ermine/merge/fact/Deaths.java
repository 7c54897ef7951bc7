package dev.ermine.merge.fact;

import dev.ermine.fhir.Clinical;
import dev.ermine.fhir.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What regions record of the patient's death, where they do not agree.
 *
 * <p>A region that says nothing disagrees too, in words of its own: systems write {@code
 * deceased[x]} when somebody has died and leave it out until then, so that to say nothing is how
 * "alive" is mostly written. A death that one region alone has heard of is either news to the
 * others or the death of somebody else, whose record this then is; a clinician must see both, and
 * those who ask after the dead are few. Dates that differ are a contradiction, a date and a mere
 * "yes" are none.
 */
final class Deaths {

  private static final String ALIVE = "alive";
  private static final String SILENT = "not said to be deceased";
  private static final String DECEASED = "recorded as deceased";

  /** As many characters as a day has. */
  private static final int DAY = 10;

  private record Told(Person person, String words, Optional<Moment> day) {
    boolean isDead() {
      return words.startsWith(DECEASED);
    }
  }

  private Deaths() {}

  static Optional<Conflict> among(List<Person> persons) {
    List<Told> all = persons.stream().map(Deaths::told).toList();
    List<Told> dead = all.stream().filter(Told::isDead).toList();
    boolean agreed = dead.isEmpty() || (dead.size() == all.size() && !datesDiffer(dead));
    return agreed ? Optional.empty() : Optional.of(conflict(all));
  }

  private static Told told(Person person) {
    Optional<Value> deceased = Clinical.of(person.patient()).deceased();
    return deceased
        .map(
            value ->
                switch (value) {
                  case Value.Flag flag ->
                      new Told(person, flag.set() ? DECEASED : ALIVE, Optional.empty());
                  case Value.Moment moment -> dated(person, moment.text());
                  default -> new Told(person, SILENT, Optional.empty());
                })
        .orElseGet(() -> new Told(person, SILENT, Optional.empty()));
  }

  /** A day as it was sent; what is none is not repeated. */
  private static Told dated(Person person, String text) {
    Optional<Moment> day = Moment.parse(text);
    String shown = text.substring(0, Math.min(DAY, text.length()));
    return new Told(person, day.isPresent() ? DECEASED + " on " + shown : DECEASED, day);
  }

  /** Two may each agree with a third that says less: so each is held against each. */
  private static boolean datesDiffer(List<Told> dead) {
    List<Moment> days =
        dead.stream().flatMap(told -> told.day().stream()).distinct().limit(Doses.PARTS).toList();
    return days.stream().anyMatch(day -> days.stream().anyMatch(other -> Times.differ(day, other)));
  }

  private static Conflict conflict(List<Told> all) {
    Map<String, Set<String>> told = new LinkedHashMap<>();
    for (Told one : all.stream().sorted(Comparator.comparingInt(Deaths::rank)).toList()) {
      told.computeIfAbsent(one.words(), _ -> new LinkedHashSet<>())
          .add(one.person().region().name());
    }
    List<String> parts = new ArrayList<>();
    told.forEach((words, regions) -> parts.add(words + " at " + Quoted.joined(regions)));
    return new Conflict(
        Rule.DEATH.id(),
        "The patient: " + String.join("; ", parts) + ".",
        all.stream().flatMap(one -> one.person().fullUrl().stream()).distinct().toList());
  }

  private static int rank(Told told) {
    return told.isDead() ? 0 : told.words().equals(ALIVE) ? 1 : 2;
  }
}
