package dev.ermine.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Compartment;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets;
import dev.ermine.policy.EntryDecision.Disclosed;
import dev.ermine.region.Labelling;
import dev.ermine.region.ReleaseTerms.Ceiling;
import dev.ermine.region.ReleaseTerms.ImplicitConsent;
import dev.ermine.region.ReleaseTerms.LegalGroup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds of an entry's decision for any agreements, lists, labels and purposes. */
class EntryRulesPropertyTest {

  private static final int WORLDS = 6_000;
  private static final List<String> TYPES = Terms.TYPES.stream().sorted().toList();
  private static final List<String> PURPOSES =
      List.of("TREAT", "ETREAT", "BTG", "HRESCH", "PATRQT");
  private static final List<String> SENSITIVITIES = List.of("SUD", "ETHUD", "HIV");
  private static final List<Coding> CODES =
      Stream.of("1", "2", "3", "4").map(Entries::snomed).toList();
  private static final List<Coding> LABELS =
      Stream.of(
              Stream.of("U", "L", "N", "R", "V", "HIV", "?").map(Entries::level),
              Stream.of("SUD", "ETHUD", "HIV", "NOPAT", "NODSCLCD").map(Entries::sensitive),
              Stream.of(LegalGroup.values()).map(Entries::restricted))
          .flatMap(all -> all)
          .toList();

  /** Agreements, lists, one asker and one entry. */
  private record World(
      List<Terms> agreements, List<Labelling.Group> lists, List<String> purposes, Entry entry) {

    EntryRules rules() {
      return EntryRulesTest.rules(
          new Labelling(lists),
          EntryRulesTest.asker(purposes.toArray(String[]::new)),
          false,
          agreements.toArray(Terms[]::new));
    }

    boolean discloses() {
      return rules().decide(entry) instanceof Disclosed;
    }

    World with(List<Terms> others) {
      return new World(others, lists, purposes, entry);
    }

    World with(Entry other) {
      return new World(agreements, lists, purposes, other);
    }
  }

  @Test
  void aHigherCeilingNeverDisclosesLess() {
    int more = 0;
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      World world = world(random);
      World higher = world.with(world.agreements.stream().map(it -> raised(random, it)).toList());

      if (world.discloses()) {
        assertThat(higher.discloses()).as("seed %d", seed).isTrue();
      } else if (higher.discloses()) {
        more++;
      }
    }
    assertThat(more).as("entries that a higher ceiling disclosed").isGreaterThan(WORLDS / 200);
  }

  private static Terms raised(Random random, Terms terms) {
    Ceiling old = terms.terms().ceiling();
    List<Confidentiality> levels =
        Stream.of(Confidentiality.values())
            .filter(level -> !old.confidentiality().isAbove(level))
            .toList();
    return terms.ceiling(
        new Ceiling(
            one(random, levels),
            Set.copyOf(some(random, old.without().stream().sorted().toList())),
            old.unlabelledDocuments() || random.nextBoolean()));
  }

  /** But for the first word of a region on how confidential it is: until then it is normal. */
  @Test
  void anotherLabelNeverDisclosesMore() {
    int less = 0;
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      World world = world(random);
      Coding label = one(random, LABELS);
      List<Coding> labels = new ArrayList<>(world.entry.facets().labels());
      if (isConfidentiality(label)
          && labels.stream().noneMatch(EntryRulesPropertyTest::isConfidentiality)) {
        continue;
      }
      labels.add(random.nextInt(labels.size() + 1), label);
      World more = world.with(relabelled(world.entry, labels));

      if (!world.discloses()) {
        assertThat(more.discloses()).as("seed %d", seed).isFalse();
      } else if (!more.discloses()) {
        less++;
      }
    }
    assertThat(less).as("entries that a label withheld").isGreaterThan(WORLDS / 200);
  }

  private static boolean isConfidentiality(Coding label) {
    return label.system().equals(Confidentiality.SYSTEM);
  }

  private static Entry relabelled(Entry entry, List<Coding> labels) {
    return Entries.entry(
        entry.type(), labels, entry.facets().codes().stream().map(Facets.Coded::coding).toList());
  }

  @Test
  void anotherCodeOnAListNeverDisclosesMore() {
    int less = 0;
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      World world = world(random);
      List<Labelling.Group> lists = new ArrayList<>(world.lists);
      Labelling.Group list = lists.removeFirst();
      Set<Coding> codes = new HashSet<>(list.codes());
      codes.add(one(random, CODES));
      lists.add(new Labelling.Group(list.id(), list.title(), list.labels(), codes));
      World more = new World(world.agreements, lists, world.purposes, world.entry);

      if (!world.discloses()) {
        assertThat(more.discloses()).as("seed %d", seed).isFalse();
      } else if (!more.discloses()) {
        less++;
      }
    }
    assertThat(less).as("entries that a list withheld").isGreaterThan(WORLDS / 200);
  }

  @Test
  void severalAgreementsDiscloseTheUnionOfWhatEachDoes() {
    int several = 0;
    for (long seed = 0; seed < WORLDS; seed++) {
      World world = world(new Random(seed));
      long disclosing =
          world.agreements.stream().filter(it -> world.with(List.of(it)).discloses()).count();

      assertThat(world.discloses()).as("seed %d", seed).isEqualTo(disclosing > 0);
      several += disclosing > 0 && disclosing < world.agreements.size() ? 1 : 0;
    }
    assertThat(several).as("entries on which agreements differ").isGreaterThan(WORLDS / 100);
  }

  /** Each purpose is to be permitted. */
  @Test
  void anotherPurposeNeverDisclosesMore() {
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      World world = world(random);
      List<String> purposes = new ArrayList<>(world.purposes);
      purposes.add(one(random, PURPOSES));
      World more = new World(world.agreements, world.lists, purposes, world.entry);

      if (!world.discloses()) {
        assertThat(more.discloses()).as("seed %d", seed).isFalse();
      }
    }
  }

  @Test
  void neitherTheOrderOfAgreementsNorOfLabelsMatters() {
    for (long seed = 0; seed < WORLDS; seed++) {
      World world = world(new Random(seed));
      World reversed =
          world
              .with(relabelled(world.entry, world.entry.facets().labels().reversed()))
              .with(world.agreements.reversed());

      assertThat(reason(reversed)).as("seed %d", seed).isEqualTo(reason(world));
    }
  }

  private static Optional<EntryDecision.Reason> reason(World world) {
    return switch (world.rules().decide(world.entry)) {
      case Disclosed _ -> Optional.empty();
      case EntryDecision.Withheld(EntryDecision.Reason reason, _) -> Optional.of(reason);
    };
  }

  @Test
  void whereAllIsWithheldNoEntryOfThePatientIsDisclosed() {
    int whole = 0;
    for (long seed = 0; seed < WORLDS; seed++) {
      World world = world(new Random(seed));
      if (world.rules().withholdAll().isPresent() && Compartment.contains(world.entry.type())) {
        assertThat(world.discloses()).as("seed %d", seed).isFalse();
        whole++;
      }
    }
    assertThat(whole).as("regions that withhold all").isGreaterThan(WORLDS / 100);
  }

  private static World world(Random random) {
    List<Terms> agreements =
        IntStream.rangeClosed(1, 1 + random.nextInt(3))
            .mapToObj(number -> terms(random, "DSA-" + number))
            .toList();
    List<Labelling.Group> lists =
        IntStream.range(0, 2)
            .mapToObj(
                number ->
                    new Labelling.Group(
                        "list-" + number,
                        "",
                        Set.of(one(random, LABELS)),
                        random.nextInt(3) > 0 ? Set.of() : Set.of(one(random, CODES))))
            .toList();
    List<Coding> labels = random.nextBoolean() ? List.of() : List.of(one(random, LABELS));
    Entry entry =
        Entries.entry(
            one(random, TYPES),
            random.nextBoolean() ? labels : more(random, labels),
            some(random, CODES));
    return new World(agreements, lists, List.of(one(random, PURPOSES)), entry);
  }

  private static List<Coding> more(Random random, List<Coding> labels) {
    return Stream.concat(labels.stream(), Stream.of(one(random, LABELS))).toList();
  }

  private static Terms terms(Random random, String id) {
    Terms terms =
        Terms.of(id)
            .implicit(one(random, List.of(ImplicitConsent.values())))
            .ceiling(ceiling(random))
            .law(some(random, List.of(LegalGroup.values())).toArray(LegalGroup[]::new))
            .releaseReady(some(random, TYPES).toArray(String[]::new));
    return random.nextBoolean()
        ? terms
        : terms.glass(
            random.nextBoolean()
                ? Optional.empty()
                : Optional.of(raised(random, terms).terms().ceiling()));
  }

  private static Ceiling ceiling(Random random) {
    return new Ceiling(
        one(random, List.of(Confidentiality.values())),
        Set.copyOf(some(random, SENSITIVITIES)),
        random.nextBoolean());
  }

  private static <T> T one(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static <T> List<T> some(Random random, List<T> all) {
    return all.stream().filter(_ -> random.nextBoolean()).toList();
  }
}
