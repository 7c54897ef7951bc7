package dev.ermine.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.fhir.Demographics;
import dev.ermine.fhir.Demographics.PersonName;
import dev.ermine.merge.Deal.Held;
import dev.ermine.testing.Given;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Records of Synthea, wherever {@code ermine.public-data} says they lie, dealt out over seven
 * regions with overlaps, contradictions and wrong patients in them: every planted one is found,
 * none is invented. Prints how many.
 */
@EnabledIfSystemProperty(named = "ermine.public-data", matches = ".+")
class PublicSyntheaTest {

  private static final List<String> REGIONS =
      List.of(
          "london",
          "essex-suffolk",
          "greater-manchester",
          "yorkshire-humber",
          "wessex",
          "thames-valley-surrey",
          "lancashire-south-cumbria");
  private static final List<String> TYPES =
      Stream.concat(Stream.of("Patient"), SyntheaRecord.TYPES.stream()).toList();
  private static final List<Long> SEEDS = List.of(1L, 20261122L, 9000000009L);

  private static final Set<String> SET_ASIDE = Set.of("no-subject", "unknown-type");

  /** Of each flaw one that has it, and no other. */
  private static final Map<String, String> FLAWED =
      Map.of(
          "invalid-nhs-number",
          "{'resourceType':'Condition','id':'%s',%s,'asserter':{'identifier':{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9000000000'}}}",
          "impossible-date",
          "{'resourceType':'Condition','id':'%s',%s,'recordedDate':'2026-02-30'}",
          "missing-code",
          "{'resourceType':'Immunization','id':'%s','status':'completed','patient':{'reference':'?'},'occurrenceDateTime':'2026-01-30'}",
          "text-for-code",
          "{'resourceType':'Immunization','id':'%s','status':'completed','patient':{'reference':'?'},'vaccineCode':{'text':'flu jab'}}",
          "missing-status",
          "{'resourceType':'Observation','id':'%s',%s}",
          "unknown-system",
          "{'resourceType':'Condition','id':'%s','subject':{'reference':'?'},'code':{'coding':[{'system':'SNOMED','code':'29857009'}]}}",
          "broken-reference",
          "{'resourceType':'Condition','id':'%s',%s,'asserter':{'reference':'#nobody'}}",
          "garbled",
          "{'resourceType':'Condition','id':'%s',%s,'note':[{'text':'caf\ufffd'}]}",
          "no-subject",
          "{'resourceType':'Observation','id':'%s','status':'final','code':{'coding':[{'system':'http://snomed.info/sct','code':'29857009'}]}}",
          "unknown-type",
          "{'resourceType':'Observations','id':'%s',%s}");

  private static final String WHAT =
      "'subject':{'reference':'?'},'code':{'coding':[{'system':'http://snomed.info/sct','code':'29857009'}]}";

  /** A record of so many is dealt once. */
  private static final int LONG = 1000;

  private static final Map<String, Figure> FIGURES = new TreeMap<>();
  private static List<SyntheaRecord> records = List.of();

  /** How often something was planted, found, and found where it was not planted. */
  private static final class Figure {
    private int planted;
    private int found;
    private int invented;
  }

  @BeforeAll
  static void read() throws IOException {
    Path data = Path.of(System.getProperty("ermine.public-data"));
    records = SyntheaRecord.in(data.resolve("synthea-r4"));
    assertThat(records).hasSizeGreaterThan(3);
  }

  @AfterAll
  static void print() {
    System.out.printf("%-40s %8s %8s %8s%n", "rule", "planted", "found", "invented");
    FIGURES.forEach(
        (rule, figure) ->
            System.out.printf(
                "%-40s %8d %8d %8d%n", rule, figure.planted, figure.found, figure.invented));
  }

  @Test
  void linksWhatRecordsTheSameFactAndNothingElse() {
    everyWorld(
        (deal, seed) -> {
          SeenView view = view(deal);
          Set<String> held = new HashSet<>(deal.held().stream().map(Held::fullUrl).toList());
          none(minus(held, view.entries().keySet()), "lost", seed);
          none(minus(view.entries().keySet(), held), "added", seed);
          assertThat(view.links())
              .as("seed %d: symmetric", seed)
              .allMatch(link -> view.links().contains(link.reversed()));
          Set<Set<String>> linked = clinical(view.pairs());
          Set<Set<String>> natural = sameFacts(deal);
          count("same fact", deal, linked, natural);
          none(minus(deal.copies, natural), "second opinion", seed);
          none(minus(natural, linked), "not linked", seed);
          none(minus(linked, natural), "linked", seed);
        });
  }

  @Test
  void showsEveryContradictionAndInventsNone() {
    everyWorld(
        (deal, seed) -> {
          contradict(deal, new Random(seed));
          SeenView view = view(deal);
          Map<Set<String>, String> found = new HashMap<>();
          view.conflicts().forEach(said -> found.put(said.about(), said.code("conflict")));
          Set<Set<String>> own = minus(ownContradictions(deal), deal.conflicts.keySet());
          own.forEach(entries -> deal.conflicts.put(entries, "observation-value"));
          deal.conflicts.forEach(
              (entries, rule) -> {
                String whose = own.contains(entries) ? ", Synthea's own" : "";
                Figure figure = figure("conflict " + rule + whose);
                figure.planted++;
                figure.found += rule.equals(found.get(entries)) ? 1 : 0;
              });
          found.forEach(
              (entries, rule) ->
                  figure("conflict " + rule).invented +=
                      rule.equals(deal.conflicts.get(entries)) ? 0 : 1);
          none(minus(deal.conflicts.entrySet(), found.entrySet()), "missed", seed);
          none(minus(found.entrySet(), deal.conflicts.entrySet()), "invented", seed);
        });
  }

  /**
   * Synthea measures some things twice at one instant. Where the two readings come to different
   * regions, one has what the other has not: all that is not alike contradicts.
   */
  private static Set<Set<String>> ownContradictions(Deal deal) {
    Map<String, List<Held>> moments = new LinkedHashMap<>();
    for (Held held : deal.held()) {
      if (held.type().equals("Observation")) {
        PlainFact fact = PlainFact.of(held.resource(), _ -> Optional.empty());
        fact.codes().stream()
            .filter(code -> !code.startsWith("urn:local"))
            .forEach(
                code ->
                    moments
                        .computeIfAbsent(code + " at " + fact.when(), _ -> new ArrayList<>())
                        .add(held));
      }
    }
    Set<Set<String>> contradictions = new HashSet<>();
    for (List<Held> alike : moments.values()) {
      Set<String> odd = new HashSet<>();
      alike.forEach(one -> odd.addAll(atOdds(one, alike)));
      if (!odd.isEmpty()) {
        contradictions.add(odd);
      }
    }
    return contradictions;
  }

  /** One that some other region has none like, with what that region has instead. */
  private static Set<String> atOdds(Held one, List<Held> all) {
    Set<String> odd = new HashSet<>();
    for (String region : REGIONS) {
      List<Held> others =
          all.stream()
              .filter(other -> other.region().equals(region) && !region.equals(one.region()))
              .toList();
      if (!others.isEmpty() && others.stream().noneMatch(other -> said(other).equals(said(one)))) {
        odd.add(one.fullUrl());
        others.forEach(other -> odd.add(other.fullUrl()));
      }
    }
    return odd;
  }

  private static List<String> said(Held held) {
    return PlainFact.of(held.resource(), _ -> Optional.empty()).said();
  }

  /** One contradiction of every rule, and as many that look like one and are none. */
  private static void contradict(Deal deal, Random random) {
    if (random.nextBoolean()) {
      deal.contradict(
          "allergy-denied",
          Written.allergy("a1", Written.PENICILLIN, "active", "confirmed"),
          Written.allergy("a2", Written.NO_KNOWN_ALLERGY, "active", "confirmed"));
    } else {
      deal.contradict(
          "allergy-status",
          Written.allergy("a1", Written.PENICILLIN, "active", "confirmed"),
          Written.allergy(
              "a2", Written.PENICILLIN, "active", any(random, "refuted", "entered-in-error")));
    }
    deal.contradict(
        "medicine-dose",
        medicine("m1", "90", "active", "500", "mg"),
        medicine("m2", "90", "active", "1", "g"));
    deal.contradict(
        "medicine-stopped",
        medicine("m3", "91", "active", "5", "mg"),
        medicine("m4", "91", "stopped", "5", "mg"));
    deal.contradict(
        "observation-value", glucose("o1", "5.4", "mmol/L"), glucose("o2", "7200", "umol/L"));
    deal.contradict(
        "condition-status",
        Written.condition("c1", "195967001", "active", "1985-03-02"),
        Written.condition("c2", "195967001", "resolved", "1985-03-02"));
    die(deal);
    agree(deal);
  }

  /** One region knows of a death; or all do but one. Who says nothing of it disagrees, too. */
  private static void die(Deal deal) {
    List<Held> patients = REGIONS.stream().map(deal::patient).toList();
    ObjectNode odd = deal.patient(deal.draw(REGIONS, 1).getFirst()).resource();
    if (odd.has("deceasedDateTime")) {
      odd.remove("deceasedDateTime");
    } else {
      odd.put("deceasedDateTime", "2026-09-20");
    }
    deal.conflicts.put(Set.copyOf(patients.stream().map(Held::fullUrl).toList()), "death");
  }

  /** What looks like a contradiction and is none. */
  private static void agree(Deal deal) {
    deal.deal(medicine("m5", "92", "active", "500", "mg"), 0);
    deal.deal(medicine("m6", "92", "active", "0.5", "g"), 0);
    deal.deal(medicine("m7", "93", "stopped", "500", "mg"), 0);
    deal.deal(medicine("m8", "93", "completed", "500", "mg"), 0);
    deal.deal(
        Written.observation("o3", "1022431000000105", "128", "g/L", "2024-05-13T08:55:00+01:00"),
        0);
    deal.deal(
        Written.observation("o4", "1022431000000105", "12.8", "g/dL", "2024-05-13T07:55:00Z"), 0);
    deal.deal(
        Written.observation("o5", "1022431000000105", "140", "g/L", "2024-05-14T08:55:00+01:00"),
        0);
    deal.deal(Written.condition("c3", "37796009", "active", "2011-01-04"), 0);
    deal.deal(Written.condition("c4", "37796009", "resolved", "1999-07-01"), 0);
  }

  private static ObjectNode medicine(
      String id, String product, String status, String dose, String unit) {
    return Written.medicine(
        id,
        "https://dmd.nhs.uk",
        SyntheaRecord.product(product + "0000"),
        status,
        dose,
        unit,
        "2026-09-15");
  }

  private static ObjectNode glucose(String id, String value, String unit) {
    return Written.observation(id, "1003141000000105", value, unit, "2026-09-14T03:10:00+01:00");
  }

  private static String any(Random random, String... values) {
    return values[random.nextInt(values.length)];
  }

  /** What one region passes on for another is told to be that one's, and nothing else is. */
  @Test
  void tellsWhereWhatIsRelayedComesFrom() {
    everyWorld(
        (deal, seed) -> {
          Map<String, List<String>> relayed = new HashMap<>();
          for (Held held : List.copyOf(deal.held()).subList(10, 40)) {
            String relay = deal.draw(REGIONS, 1).getFirst();
            if (SyntheaRecord.TYPES.contains(held.type()) && !relay.equals(held.region())) {
              ObjectNode copy = held.resource().deepCopy().put("id", "relayed-" + relayed.size());
              relayed.put(
                  deal.relay(relay, held.region(), copy).fullUrl(),
                  List.of("Region " + held.region(), "Region " + relay));
            }
          }
          SeenView view = view(deal);
          view.entries()
              .keySet()
              .forEach(
                  url -> {
                    List<String> own = List.of("Region " + SeenView.region(url));
                    boolean right =
                        view.routes().get(url).equals(Set.of(relayed.getOrDefault(url, own)));
                    Figure figure = figure("relayed");
                    if (relayed.containsKey(url)) {
                      figure.planted++;
                      figure.found += right ? 1 : 0;
                    } else {
                      figure.invented += right ? 0 : 1;
                    }
                    assertThat(right).as("seed %d: %s", seed, url).isTrue();
                  });
        });
  }

  /**
   * A region whose Patient is somebody else, and one that has somebody else's beside the right one.
   */
  @Test
  void setsAsideAnotherPersonsRecordAndNothingElse() {
    everyWorld(
        (deal, seed) -> {
          List<String> drawn = deal.draw(REGIONS, 2);
          Set<String> strangers = new HashSet<>();
          for (String region : drawn) {
            Held stranger = deal.impostor(region, region.equals(drawn.getFirst()));
            strangers.add(stranger.fullUrl());
            for (Held held : List.copyOf(deal.held()).subList(10, 30)) {
              if (SyntheaRecord.TYPES.contains(held.type())) {
                strangers.add(deal.anothers(region, held.resource(), stranger).fullUrl());
              }
            }
          }
          SeenView view = view(deal);
          assertThat(view.statuses(drawn.getFirst())).containsOnly("quarantined");
          figure("wrong patient").planted += strangers.size();
          figure("wrong patient").found += minus(strangers, view.entries().keySet()).size();
          Set<String> rest =
              new HashSet<>(
                  deal.held().stream()
                      .filter(held -> !held.region().equals(drawn.getFirst()))
                      .map(Held::fullUrl)
                      .toList());
          rest.removeAll(strangers);
          // A Medication stands where something that is shown leads to it, and not by itself.
          rest.removeIf(url -> url.contains("/Medication/") && !view.entries().containsKey(url));
          figure("wrong patient").invented += minus(rest, view.entries().keySet()).size();
          none(minus(rest, view.entries().keySet()), "lost", seed);
          none(minus(view.entries().keySet(), rest), "shown", seed);
        });
  }

  /** What a region gets wrong is flagged where it can be shown, and set aside where it cannot. */
  @Test
  void flagsOrSetsAsideWhatARegionGetsWrong() {
    everyWorld(
        (deal, seed) -> {
          Map<String, Held> flawed = new LinkedHashMap<>();
          FLAWED.forEach(
              (flaw, text) ->
                  flawed.put(
                      flaw,
                      deal.place(
                          deal.draw(REGIONS, 1).getFirst(),
                          Written.json(text.formatted(flaw, WHAT)))));
          SeenView view = view(deal);
          flawed.forEach(
              (flaw, held) -> {
                boolean found =
                    SET_ASIDE.contains(flaw)
                        ? !view.entries().containsKey(held.fullUrl())
                            && view.statuses(held.region()).contains("part-answered")
                        : flags(view, held.region())
                            .anyMatch(
                                issue ->
                                    issue.codes("quality").contains(flaw)
                                        && issue.about().contains(held.fullUrl()));
                figure("flaw " + flaw).planted++;
                figure("flaw " + flaw).found += found ? 1 : 0;
              });
          Set<String> shown = new HashSet<>(flawed.values().stream().map(Held::fullUrl).toList());
          for (String region : REGIONS) {
            flags(view, region)
                .forEach(
                    issue ->
                        figure("flaw where none was planted").invented +=
                            minus(issue.about(), shown).size());
          }
        });
    assertThat(FIGURES).allSatisfy(PublicSyntheaTest::checkFlaw);
  }

  private static void checkFlaw(String rule, Figure figure) {
    if (rule.startsWith("flaw ")) {
      assertThat(figure.found).as(rule).isEqualTo(figure.planted);
      assertThat(figure.invented).as(rule).isZero();
    }
  }

  private static Stream<SeenView.Said> flags(SeenView view, String region) {
    return view.issues().stream()
        .filter(issue -> issue.text().startsWith("Region " + region + ":"))
        .filter(issue -> !issue.codes("quality").isEmpty());
  }

  private interface World {
    void tried(Deal deal, long seed);
  }

  private static void everyWorld(World world) {
    for (long seed : SEEDS) {
      System.out.println("seed " + seed);
      for (SyntheaRecord record : records) {
        if (record.resources().size() < LONG || seed == SEEDS.getFirst()) {
          world.tried(dealt(record, new Random(seed)), seed);
        }
      }
    }
  }

  /** Three of four entries in one region alone, the others in two or three. */
  private static Deal dealt(SyntheaRecord record, Random random) {
    Deal deal = new Deal(REGIONS, record.patient(), random);
    record.resources().stream()
        .filter(resource -> type(resource).equals("Medication"))
        .forEach(deal::share);
    record.resources().stream()
        .filter(resource -> !type(resource).equals("Medication"))
        .forEach(resource -> deal.deal(resource, random.nextInt(4) > 0 ? 0 : random.nextInt(1, 3)));
    return deal;
  }

  private static SeenView view(Deal deal) {
    JsonNode patient = deal.person;
    Demographics reference =
        new Demographics(
            List.of(
                new PersonName(
                    Optional.empty(),
                    Optional.of(patient.at("/name/0/family").asText()),
                    List.of(patient.at("/name/0/given/0").asText()))),
            Optional.of(patient.path("birthDate").asText()),
            Optional.of(patient.path("gender").asText()));
    return SeenView.of(
        new Merge(Deal.GATEWAY)
            .merge(
                Given.query(TYPES.toArray(String[]::new)),
                new Sought(Given.ADA, Set.of(), Optional.of(reference)),
                deal.contributions(TYPES),
                "request",
                Given.NOON));
  }

  /** Pairs of entries that are no Patients and no Medications: these have rules of their own. */
  private static Set<Set<String>> clinical(Set<Set<String>> pairs) {
    Set<Set<String>> clinical = new HashSet<>(pairs);
    clinical.removeIf(
        pair ->
            pair.stream()
                .anyMatch(url -> url.contains("/Patient/") || url.contains("/Medication/")));
    return clinical;
  }

  /** Every pair that the second opinion finds to record the same fact. */
  private static Set<Set<String>> sameFacts(Deal deal) {
    Map<String, JsonNode> medications = new HashMap<>();
    for (Held held : deal.held()) {
      if (held.type().equals("Medication")) {
        medications.put(
            held.region() + "/Medication/" + held.resource().path("id").asText(), held.resource());
      }
    }
    Map<String, List<Map.Entry<Held, PlainFact>>> byType = new LinkedHashMap<>();
    for (Held held : deal.held()) {
      if (SyntheaRecord.TYPES.contains(held.type())) {
        PlainFact fact =
            PlainFact.of(
                held.resource(),
                reference -> Optional.ofNullable(medications.get(held.region() + "/" + reference)));
        byType.computeIfAbsent(held.type(), _ -> new ArrayList<>()).add(Map.entry(held, fact));
      }
    }
    Set<Set<String>> pairs = new HashSet<>();
    byType.values().forEach(facts -> addSame(pairs, facts));
    return pairs;
  }

  private static void addSame(Set<Set<String>> pairs, List<Map.Entry<Held, PlainFact>> facts) {
    for (int i = 0; i < facts.size(); i++) {
      for (int j = i + 1; j < facts.size(); j++) {
        if (facts.get(i).getValue().isSameAs(facts.get(j).getValue())) {
          Deal.note(pairs, facts.get(i).getKey(), facts.get(j).getKey());
        }
      }
    }
  }

  private static void count(
      String rule, Deal deal, Set<Set<String>> linked, Set<Set<String>> natural) {
    for (Set<String> pair : deal.copies) {
      Figure figure = figure(rule + " " + type(pair));
      figure.planted++;
      figure.found += linked.contains(pair) ? 1 : 0;
    }
    for (Set<String> pair : linked) {
      figure(rule + " " + type(pair)).invented += natural.contains(pair) ? 0 : 1;
    }
    for (Set<String> pair : natural) {
      if (!deal.copies.contains(pair)) {
        Figure figure = figure(rule + " " + type(pair) + ", Synthea's own");
        figure.planted++;
        figure.found += linked.contains(pair) ? 1 : 0;
      }
    }
  }

  private static void none(Set<?> of, String what, long seed) {
    assertThat(of.stream().limit(3)).as("%d %s, seed %d", of.size(), what, seed).isEmpty();
  }

  private static <T> Set<T> minus(Set<T> all, Set<T> others) {
    Set<T> rest = new HashSet<>(all);
    rest.removeAll(others);
    return rest;
  }

  private static Figure figure(String rule) {
    return FIGURES.computeIfAbsent(rule, _ -> new Figure());
  }

  private static String type(Set<String> pair) {
    String[] parts = pair.iterator().next().split("/", -1);
    return parts[parts.length - 2];
  }

  private static String type(ObjectNode resource) {
    return resource.path("resourceType").asText();
  }
}
