package dev.ermine.merge.fact;

import static dev.ermine.merge.fact.FactsGiven.SNOMED;
import static dev.ermine.merge.fact.FactsGiven.concept;
import static dev.ermine.merge.fact.FactsGiven.fact;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds of contradictions in any world. */
class ConflictLawsTest {

  private static final int WORLDS = 300;
  private static final List<String> REGIONS = List.of("london", "wessex", "kent", "york");

  private final long seed = System.nanoTime();

  @Test
  void entriesAreFoundInWhateverOrderARegionSendsThem() {
    for (int world = 0; world < WORLDS; world++) {
      Random random = new Random(seed + world);
      List<List<Fact>> regions = world(random);
      List<List<Fact>> shuffled = new ArrayList<>();
      for (List<Fact> region : regions) {
        List<Fact> other = new ArrayList<>(region);
        Collections.shuffle(other, random);
        shuffled.add(other);
      }
      assertThat(found(shuffled)).as("seed %d", seed + world).isEqualTo(found(regions));
    }
  }

  @Test
  void aContradictionNeverVanishesWhenARegionIsAdded() {
    for (int world = 0; world < WORLDS; world++) {
      List<List<Fact>> all = world(new Random(seed + world));
      List<Conflict> more = among(all);
      for (int left = 0; left < all.size(); left++) {
        List<List<Fact>> fewer = new ArrayList<>(all);
        fewer.remove(left);
        for (Conflict conflict : among(fewer)) {
          assertThat(more)
              .as("seed %d", seed + world)
              .anyMatch(
                  found ->
                      found.rule().equals(conflict.rule())
                          && found.fullUrls().containsAll(conflict.fullUrls()));
        }
      }
    }
  }

  @Test
  void everyContradictionNamesEntriesThatAreThereAndTwoAtLeast() {
    int total = 0;
    for (int world = 0; world < WORLDS; world++) {
      List<List<Fact>> regions = world(new Random(seed + world));
      Set<String> there =
          regions.stream().flatMap(List::stream).map(Fact::fullUrl).collect(Collectors.toSet());
      for (Conflict conflict : among(regions)) {
        total++;
        assertThat(conflict.fullUrls()).as("seed %d", seed + world).hasSizeGreaterThan(1);
        assertThat(there).containsAll(conflict.fullUrls());
        assertThat(conflict.text()).contains(" at Region ");
      }
    }
    assertThat(total).isGreaterThan(WORLDS);
  }

  /** Pairs of 16,000 would be 128 million; that takes minutes. */
  @Test
  void aWorldOfOneSubjectStaysLinear() {
    for (String type :
        List.of("AllergyIntolerance", "Condition", "MedicationRequest", "Observation")) {
      List<Fact> facts = many(type);
      long begin = System.nanoTime();
      List<Conflict> conflicts = Conflicts.among(facts, List.of());
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
      assertThat(conflicts).isNotEmpty();
      assertThat(conflicts).allMatch(conflict -> conflict.fullUrls().size() <= 8 * 8);
    }
  }

  /** Two hundred entries of each region, ten times over. */
  private List<Fact> many(String type) {
    List<Fact> facts = new ArrayList<>();
    for (int region = 0; region < 8; region++) {
      Random random = new Random(seed + region);
      List<Fact> made = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        made.add(one("r" + region, type, i, "7", random));
      }
      for (int i = 0; i < 2_000; i++) {
        Fact fact = made.get(i % 200);
        facts.add(new Fact(fact.region(), fact.fullUrl() + "x" + i, fact.entry(), List.of()));
      }
    }
    return facts;
  }

  private static List<List<Fact>> world(Random random) {
    List<List<Fact>> regions = new ArrayList<>();
    for (String region : REGIONS) {
      regions.add(
          IntStream.range(0, random.nextInt(5))
              .mapToObj(
                  i ->
                      one(
                          region,
                          List.of(
                                  "AllergyIntolerance",
                                  "MedicationRequest",
                                  "Condition",
                                  "Observation")
                              .get(random.nextInt(4)),
                          i,
                          Integer.toString(random.nextInt(2)),
                          random))
              .toList());
    }
    return regions;
  }

  private static Fact one(String region, String type, int id, String code, Random random) {
    String coded =
        random.nextInt(10) == 0
            ? concept("code", SNOMED, "716186003")
            : concept("code", SNOMED, code, "urn:local", "l" + code);
    String active =
        concept("clinicalStatus", "urn:s", random.nextBoolean() ? "active" : "resolved");
    String members =
        switch (type) {
          case "MedicationRequest" ->
              "'status':'%s',%s,'dosageInstruction':[{'doseAndRate':[{'doseQuantity':{'value':%d,'unit':'mg'}}]}]"
                  .formatted(
                      random.nextInt(3) == 0 ? "stopped" : "active",
                      concept("medicationCodeableConcept", SNOMED, code),
                      1 + random.nextInt(code.equals("7") ? 9_999 : 3));
          case "Observation" ->
              "%s,'effectiveDateTime':'2026-01-01T09:00:00Z','valueQuantity':{'value':%d,'unit':'kg'}"
                  .formatted(coded, 70 + random.nextInt(code.equals("7") ? 9_999 : 3));
          default -> coded + "," + active;
        };
    return fact(region, type, type + id, members);
  }

  private static List<Conflict> among(List<List<Fact>> regions) {
    return Conflicts.among(regions.stream().flatMap(List::stream).toList(), List.of());
  }

  /** What is found, orders and words aside. */
  private static Set<Object> found(List<List<Fact>> regions) {
    return among(regions).stream()
        .map(conflict -> List.of(conflict.rule(), Set.copyOf(conflict.fullUrls())))
        .collect(Collectors.toSet());
  }
}
