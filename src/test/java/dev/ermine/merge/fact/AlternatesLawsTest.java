package dev.ermine.merge.fact;

import static dev.ermine.merge.fact.FactsGiven.SNOMED;
import static dev.ermine.merge.fact.FactsGiven.fact;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of alternates in any world; a world that breaks it is named by its seed. */
class AlternatesLawsTest {

  private static final List<String> REGIONS = List.of("london", "wessex", "kent");

  static Stream<Long> seeds() {
    return IntStream.range(0, 40).mapToObj(Long::valueOf);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void twoAreAlternatesByThemselvesOrNotAtAll(long seed) {
    List<Fact> world = world(new Random(seed), 8);
    Map<String, Set<String>> links = links(world);
    for (Fact one : world) {
      for (Fact other : world) {
        boolean alone = !one.equals(other) && !links(List.of(one, other)).isEmpty();
        assertThat(links.getOrDefault(one.fullUrl(), Set.of()).contains(other.fullUrl()))
            .as("seed %d: %s %s", seed, one.fullUrl(), other.fullUrl())
            .isEqualTo(alone);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whoseAlternateOneIsThatIsItsAlternate(long seed) {
    Map<String, Set<String>> links = links(world(new Random(seed), 60));
    links.forEach(
        (url, others) ->
            others.forEach(
                other -> assertThat(links.get(other)).as("seed %d", seed).contains(url)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theOrderInWhichRegionsArriveChangesNothing(long seed) {
    Random random = new Random(seed);
    List<Fact> world = world(random, 60);
    assertThat(links(interleaved(random, world))).as("seed %d", seed).isEqualTo(links(world));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anotherRegionAddsLinksAndChangesNone(long seed) {
    List<Fact> world = world(new Random(seed), 60);
    List<Fact> fewer =
        world.stream().filter(fact -> !fact.region().id().value().equals("kent")).toList();
    Map<String, Set<String>> links = links(world);
    Map<String, Set<String>> without = new TreeMap<>();
    links.forEach(
        (url, others) -> {
          Set<String> rest = new TreeSet<>(others);
          rest.removeIf(other -> other.contains("/kent/"));
          if (!url.contains("/kent/") && !rest.isEmpty()) {
            without.put(url, rest);
          }
        });
    assertThat(links(fewer)).as("seed %d", seed).isEqualTo(without);
  }

  @Test
  void theWorldsHaveAlternatesOfEveryKind() {
    int linked = 0;
    Set<String> types = new TreeSet<>();
    for (long seed = 0; seed < 40; seed++) {
      for (Fact fact : world(new Random(seed), 8)) {
        types.add(fact.entry().type());
      }
      linked += links(world(new Random(seed), 8)).size();
    }
    assertThat(linked).isBetween(40, 40 * 7);
    assertThat(types).hasSize(6);
  }

  @Test
  void hundredsOfCopiesOfOneFactMakeNoMoreWorkThanAFewOfEachRegion() {
    List<Fact> facts = new ArrayList<>();
    for (int region = 0; region < 8; region++) {
      for (int i = 0; i < 100; i++) {
        facts.add(
            fact(
                "r" + region,
                "Observation",
                "o" + i,
                "'identifier':[{'system':'urn:s','value':'7'}],"
                    + "'code':{'coding':[{'system':'urn:s','code':'1'},{'system':'urn:s','code':'2'}]},"
                    + "'effectiveDateTime':'2020-01-01T09:00:00Z','valueString':'x'"));
      }
    }
    Grouping grouping = new Grouping(facts);
    int taking = 8 * Grouping.MOST;
    assertThat(grouping.compared()).isLessThanOrEqualTo(2 * taking * (taking - 1) / 2);
    assertThat(grouping.alternates().links()).hasSize(taking);
  }

  @Test
  void manyKeysOfOneEntryMakeNoMoreWorkThanTheFirstFew() {
    StringBuilder codings = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      codings.append(i == 0 ? "" : ",").append("{'system':'urn:s','code':'%d'}".formatted(i));
    }
    String members = "'code':{'coding':[%s]}".formatted(codings);
    Candidate candidate = new Candidate(fact("london", "AllergyIntolerance", "1", members));
    List<String> keys = new ArrayList<>();
    candidate.tell((_, _, value, _) -> keys.add(value));
    assertThat(keys).hasSize(8);
  }

  @Test
  void codesWhoseHashesMeetAreTakenApartInTime() {
    List<Fact> facts = new ArrayList<>();
    for (int i = 0; i < 1 << 14; i++) {
      List<Facets.Coded> codes = new ArrayList<>();
      for (int j = 0; j < 8; j++) {
        codes.add(new Facets.Coded("code", new Coding("urn:s", colliding(i * 8 + j))));
      }
      facts.add(allergy(i, codes));
    }
    assertThat(colliding(5)).hasSameHashCodeAs(colliding(77_777));
    assertTimeout(
        Duration.ofSeconds(20), () -> assertThat(new Grouping(facts).compared()).isZero());
  }

  /** Texts of one hash: {@code Aa} and {@code BB} have the same, in any row of them. */
  private static String colliding(int number) {
    StringBuilder text = new StringBuilder();
    for (int bit = 0; bit < 17; bit++) {
      text.append((number >> bit & 1) == 0 ? "Aa" : "BB");
    }
    return text.toString();
  }

  private static Fact allergy(int number, List<Facets.Coded> codes) {
    Fact empty = fact("london", "AllergyIntolerance", "a" + number, "");
    Entry entry = empty.entry();
    Facets facets = entry.facets();
    return new Fact(
        empty.region(),
        empty.fullUrl(),
        new Entry(
            entry.resource(),
            entry.type(),
            entry.id(),
            entry.fullUrl(),
            entry.mode(),
            entry.identifiers(),
            entry.references(),
            entry.urls(),
            entry.contained(),
            new Facets(
                facets.labels(),
                codes,
                facets.dates(),
                facets.meta(),
                facets.status(),
                facets.contentTypes(),
                facets.hashes(),
                facets.warnings(),
                facets.garbled())),
        List.of());
  }

  /** A few codes, times and identifiers of a few types, so that much meets. */
  private static List<Fact> world(Random random, int size) {
    List<Fact> facts = new ArrayList<>();
    for (String region : REGIONS) {
      for (int i = 0; i < size / REGIONS.size() + 1; i++) {
        facts.add(any(random, region, "e" + i));
      }
    }
    return facts;
  }

  private static Fact any(Random random, String region, String id) {
    return switch (random.nextInt(6)) {
      case 0 -> fact(region, "AllergyIntolerance", id, members(random, "code", "recordedDate"));
      case 1 -> fact(region, "Condition", id, members(random, "code", "onsetDateTime"));
      case 2 -> fact(region, "Observation", id, members(random, "code", "effectiveDateTime"));
      case 3 -> fact(region, "Encounter", id, members(random, "type", "period"));
      case 4 ->
          fact(
              region,
              "DocumentReference",
              id,
              members(random, "type", "date")
                  + ",'content':[{'attachment':{'hash':'h%d'}}]".formatted(random.nextInt(4)));
      default ->
          FactsGiven.of(
              fact(
                  region,
                  "MedicationStatement",
                  id,
                  members(random, "medicationCodeableConcept", "effectiveDateTime")),
              new Coding(SNOMED, "1" + random.nextInt(4)));
    };
  }

  private static String members(Random random, String code, String date) {
    String system = random.nextBoolean() ? SNOMED : "https://dmd.nhs.uk";
    String day = "2020-07-0" + (1 + random.nextInt(2));
    String time = random.nextInt(3) == 0 ? "" : "T09:0" + random.nextInt(2) + ":00+01:00";
    String when = "'" + day + time + "'";
    return FactsGiven.concept(code, system, "1" + random.nextInt(4))
        + ",'status':'%s'".formatted(random.nextBoolean() ? "final" : "amended")
        + ",'valueString':'v%d'".formatted(random.nextInt(2))
        + ",'%s':%s".formatted(date, date.equals("period") ? "{'start':" + when + "}" : when)
        + (random.nextInt(3) == 0
            ? ",'identifier':[{'system':'urn:s','value':'%d'}]".formatted(random.nextInt(5))
            : "");
  }

  /** The regions' answers in any order among each other, each as its region sent it. */
  private static List<Fact> interleaved(Random random, List<Fact> world) {
    Map<String, List<Fact>> waiting = new HashMap<>();
    List<String> order = new ArrayList<>();
    for (Fact fact : world) {
      String region = fact.region().id().value();
      waiting.computeIfAbsent(region, _ -> new ArrayList<>()).add(fact);
      order.add(region);
    }
    Collections.shuffle(order, random);
    return order.stream().map(region -> waiting.get(region).removeFirst()).toList();
  }

  private static Map<String, Set<String>> links(List<Fact> facts) {
    Map<String, Set<String>> links = new TreeMap<>();
    Alternates.among(facts).links().forEach((url, others) -> links.put(url, new TreeSet<>(others)));
    return links;
  }
}
