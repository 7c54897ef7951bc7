package dev.ermine.merge.fact;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Entry.Identifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The search for contradictions between entries of one answer, by the rules of {@link Rule}.
 *
 * <p>A {@link Sieve} leaves out the entries that have nothing in common with any other; the rest
 * are sorted by what they are about. Only where something is told of by two regions are the entries
 * read again, each once; so time and room are linear in the number of entries and their bytes,
 * whatever a peer sends.
 */
public final class Conflicts {

  /** How many contradictions are told one by one: more would not be read. */
  private static final int MOST = 100;

  /** How many identifiers of one entry are looked at. */
  private static final int FEW = 4;

  private static final long IDENTIFIER = -1;

  /** What entries are compared with each other about. */
  private enum Family {
    ALLERGY,
    MEDICINE,
    CONDITION,
    OBSERVATION
  }

  /**
   * What entries that may contradict each other have in common.
   *
   * @param code what they are about, or system and value of their identifier
   * @param at the minute, of observations; {@link #IDENTIFIER} where that is what they share
   */
  private record Key(Family family, Coding code, long at) implements Comparable<Key> {

    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::family).thenComparing(Key::code).thenComparingLong(Key::at);

    /** Peers make keys up: among those whose hashes meet, a tree finds its way. */
    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  private final List<Fact> facts;
  private final @Nullable Witness[] read;
  private final Map<Key, List<Integer>> groups;
  private final Map<Denial, List<Witness>> denials = new EnumMap<>(Denial.class);
  private final List<Matter> matters = new ArrayList<>();

  private Conflicts(List<Fact> facts) {
    this.facts = facts;
    this.groups = HashMap.newHashMap(facts.size());
    this.read = new @Nullable Witness[facts.size()];
  }

  /**
   * The contradictions between these, the gravest first.
   *
   * @param facts all that is disclosed, by region
   * @param persons the regions' Patients
   */
  public static List<Conflict> among(List<Fact> facts, List<Person> persons) {
    Conflicts conflicts = new Conflicts(facts);
    conflicts.group();
    conflicts.search();
    return limited(conflicts.inOrder(Deaths.among(persons)));
  }

  private void group() {
    Sieve sieve = new Sieve(facts.size());
    for (int place = 0; place < facts.size(); place++) {
      Optional<Denial> denial = facts.get(place).denial();
      if (denial.isPresent()) {
        deny(denial.get(), place);
      } else {
        sift(facts.get(place), place, sieve);
      }
    }
    sieve
        .mates()
        .forEach(
            place ->
                tell(
                    facts.get(place), (family, code, at) -> put(new Key(family, code, at), place)));
  }

  private void deny(Denial denial, int place) {
    Witness witness = witness(place);
    if (Denial.stands(witness)) {
      denials.computeIfAbsent(denial, _ -> new ArrayList<>()).add(witness);
    }
  }

  /** Who is told what a fact may contradict others on, by the parts of a {@link Key}. */
  @FunctionalInterface
  private interface Topics {
    void topic(Family family, Coding code, long at);
  }

  /**
   * What may contradict each other is tied as what records one fact is; medicines and conditions
   * are by a code alone, whatever their time.
   */
  private static void sift(Fact fact, int place, Sieve sieve) {
    switch (fact.type()) {
      case "AllergyIntolerance", "Observation" -> sieve.add(place, fact.ties());
      case "MedicationStatement", "MedicationRequest", "Condition" -> {
        for (Coding code : fact.subject()) {
          sieve.add(place, code.code().hashCode() * 31L + code.system().hashCode());
        }
      }
      default -> {}
    }
  }

  private static void tell(Fact fact, Topics topics) {
    switch (fact.type()) {
      case "AllergyIntolerance" -> tellCodes(fact, Family.ALLERGY, 0, topics);
      case "MedicationStatement", "MedicationRequest" ->
          tellCodes(fact, Family.MEDICINE, 0, topics);
      case "Condition" -> tellCodes(fact, Family.CONDITION, 0, topics);
      case "Observation" -> tellObservation(fact, topics);
      default -> {}
    }
  }

  private static void tellCodes(Fact fact, Family family, long at, Topics topics) {
    for (Coding code : fact.subject()) {
      topics.topic(family, code, at);
    }
  }

  /** By the minute that it was made in, and by its identifiers. */
  private static void tellObservation(Fact fact, Topics topics) {
    if (fact.subject().isEmpty()) {
      return;
    }
    Optional<Moment> moment = fact.moment();
    if (moment.isPresent() && moment.get().minute().isPresent()) {
      long at = moment.get().day() * 10_000L + moment.get().minute().getAsInt();
      tellCodes(fact, Family.OBSERVATION, at, topics);
    }
    List<Identifier> identifiers = fact.entry().identifiers();
    for (Identifier identifier : identifiers.subList(0, Math.min(FEW, identifiers.size()))) {
      if (Candidate.names(identifier)) {
        Coding shown =
            new Coding(identifier.system().orElseThrow(), identifier.value().orElseThrow());
        topics.topic(Family.OBSERVATION, shown, IDENTIFIER);
      }
    }
  }

  private void put(Key key, int place) {
    groups.computeIfAbsent(key, _ -> new ArrayList<>(2)).add(place);
  }

  private void search() {
    Map<Integer, List<Integer>> searched = new HashMap<>();
    groups.forEach(
        (key, places) -> {
          if (places.size() > 1 && mayContradict(key.family(), places)) {
            if (key.at() == IDENTIFIER) {
              byCode(witnesses(places)).forEach(alike -> search(key.family(), alike));
            } else if (!places.equals(searched.put(places.getFirst(), places))) {
              // Entries that have several codes in common meet under each: once is enough.
              search(key.family(), witnesses(places));
            }
          }
        });
    if (!denials.isEmpty()) {
      List<Witness> allergies = allergies();
      denials.forEach(
          (denial, witnesses) -> denial.against(witnesses, allergies).ifPresent(matters::add));
    }
  }

  private List<Witness> witnesses(List<Integer> places) {
    List<Witness> witnesses = new ArrayList<>(places.size());
    for (int place : places) {
      witnesses.add(witness(place));
    }
    return witnesses;
  }

  /** The results of one panel may share its identifier: those of one kind each. */
  private static Collection<List<Witness>> byCode(List<Witness> witnesses) {
    Map<Coding, List<Witness>> byCode = new TreeMap<>();
    for (Witness witness : witnesses) {
      for (Coding code : witness.fact().subject()) {
        byCode.computeIfAbsent(code, _ -> new ArrayList<>()).add(witness);
      }
    }
    return byCode.values();
  }

  /** Two entries of one region contradict each other on allergies alone. */
  private boolean mayContradict(Family family, List<Integer> places) {
    return switch (family) {
      case ALLERGY -> any(places, Leaning::mayDenyAllergy);
      case MEDICINE -> areOfSeveral(places) && any(places, Leaning::mayAssertMedicine);
      case CONDITION ->
          areOfSeveral(places)
              && any(places, Leaning::mayAssertCondition)
              && any(places, Leaning::mayDenyCondition);
      case OBSERVATION -> areOfSeveral(places);
    };
  }

  private boolean any(List<Integer> places, Predicate<Fact> leaning) {
    for (int place : places) {
      if (leaning.test(facts.get(place))) {
        return true;
      }
    }
    return false;
  }

  /** Whether they are of several regions: the facts stand by region. */
  private boolean areOfSeveral(List<Integer> places) {
    return !region(places.getFirst()).equals(region(places.getLast()));
  }

  private Object region(int place) {
    return facts.get(place).region().id();
  }

  private void search(Family family, List<Witness> witnesses) {
    switch (family) {
      case ALLERGY -> Dispute.onAllergy(witnesses).ifPresent(matters::add);
      case MEDICINE -> {
        Dispute.onMedicine(witnesses).ifPresent(matters::add);
        Discrepancy.OF_DOSES.among(witnesses).ifPresent(matters::add);
      }
      case CONDITION -> Dispute.onCondition(witnesses).ifPresent(matters::add);
      case OBSERVATION -> Discrepancy.OF_VALUES.among(witnesses).ifPresent(matters::add);
    }
  }

  /** The allergies that are present, whatever they are coded as. */
  private List<Witness> allergies() {
    List<Witness> allergies = new ArrayList<>();
    for (int place = 0; place < facts.size(); place++) {
      Fact fact = facts.get(place);
      if (fact.entry().type().equals("AllergyIntolerance")
          && Denial.by(fact).isEmpty()
          && Stance.onAllergy(witness(place)).filter(Stance::asserts).isPresent()) {
        allergies.add(witness(place));
      }
    }
    return allergies;
  }

  /** The fact there, read once. */
  private Witness witness(int place) {
    Witness known = read[place];
    if (known == null) {
      Fact fact = facts.get(place);
      known = new Witness(place, fact, fact.says());
      read[place] = known;
    }
    return known;
  }

  private List<Conflict> inOrder(Optional<Conflict> death) {
    List<Conflict> before = new ArrayList<>();
    List<Conflict> after = new ArrayList<>();
    for (Matter matter : distinct()) {
      (matter.rule().compareTo(Rule.DEATH) < 0 ? before : after).add(matter.conflict());
    }
    death.ifPresent(before::add);
    before.addAll(after);
    return before;
  }

  /**
   * Each matter once: entries that have several codes in common meet under each. One whose entries
   * all stand in a larger one of the same rule is that one.
   */
  private List<Matter> distinct() {
    matters.sort(Matter.ORDER);
    List<Matter> bySize = new ArrayList<>(matters);
    bySize.sort(Comparator.comparingInt(matter -> -matter.sayings().size()));
    Map<String, Set<Integer>> told = new HashMap<>();
    List<Matter> distinct = new ArrayList<>();
    for (Matter matter : bySize) {
      List<String> entries = matter.fullUrls();
      if (!isTold(matter.rule(), entries, told)) {
        for (String entry : entries) {
          told.computeIfAbsent(matter.rule().id() + " " + entry, _ -> new HashSet<>())
              .add(distinct.size());
        }
        distinct.add(matter);
      }
    }
    distinct.sort(Matter.ORDER);
    return distinct;
  }

  private static boolean isTold(Rule rule, List<String> entries, Map<String, Set<Integer>> told) {
    Set<Integer> common = new HashSet<>();
    for (int i = 0; i < entries.size(); i++) {
      Set<Integer> in = told.getOrDefault(rule.id() + " " + entries.get(i), Set.of());
      if (i == 0) {
        common.addAll(in);
      } else {
        common.retainAll(in);
      }
    }
    return !common.isEmpty();
  }

  private static List<Conflict> limited(List<Conflict> conflicts) {
    int more = conflicts.size() - MOST;
    if (more <= 0) {
      return conflicts;
    }
    List<Conflict> limited = new ArrayList<>(conflicts.subList(0, MOST));
    limited.add(
        new Conflict(
            "more",
            "There are " + more + " more contradictions that are not told one by one.",
            List.of()));
    return limited;
  }
}
