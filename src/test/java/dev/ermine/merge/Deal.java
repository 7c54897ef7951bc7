package dev.ermine.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.merge.origin.Controllers;
import dev.ermine.merge.origin.Origins;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import dev.ermine.testing.Given;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One patient's record, dealt out over regions, with a ledger of all that was planted in it: what a
 * view over these regions has to find.
 */
final class Deal {

  static final String GATEWAY = "https://gateway.example";

  private static final Set<String> DISCLOSABLE =
      Set.copyOf(
          Stream.concat(SyntheaRecord.TYPES.stream(), Stream.of("Patient", "Medication")).toList());

  /**
   * A resource in a region's record.
   *
   * @param mode how it stands in that region's searchsets
   */
  record Held(String region, ObjectNode resource, String mode) {

    /** Where it stands at the gateway. */
    String fullUrl() {
      return GATEWAY + "/regions/" + region + "/fhir/" + path();
    }

    String type() {
      return resource.path("resourceType").asText();
    }

    private String path() {
      return type() + "/" + resource.path("id").asText();
    }

    private String entry() {
      return "{\"fullUrl\":\"https://%s.example/fhir/%s\",\"resource\":%s,\"search\":{\"mode\":\"%s\"}}"
          .formatted(region, path(), resource, mode);
    }
  }

  /** Whose record it is. */
  final ObjectNode person;

  private final List<String> regions;
  private final Random random;
  private final Restated restated;
  private final Map<String, ObjectNode> shared = new LinkedHashMap<>();
  private final Map<String, List<Held>> patients = new LinkedHashMap<>();
  private final Map<String, Held> held = new LinkedHashMap<>();

  /** Pairs of entries that record the same fact, as planted. */
  final Set<Set<String>> copies = new HashSet<>();

  /** Entries that contradict each other, as planted, with the rule that is to find it. */
  final Map<Set<String>, String> conflicts = new LinkedHashMap<>();

  Deal(List<String> regions, ObjectNode patient, Random random) {
    this.person = patient;
    this.regions = regions;
    this.random = random;
    this.restated = new Restated(random);
    for (String region : regions) {
      ObjectNode own = restated.again(patient);
      own.set("identifier", patient.get("identifier"));
      patients.put(region, new ArrayList<>(List.of(new Held(region, own, "match"))));
    }
  }

  /** What a Medication of the record says, for the resources that refer to it. */
  void share(ObjectNode medication) {
    shared.put("Medication/" + medication.path("id").asText(), medication);
  }

  /** Places it in a region, as it is there. */
  Held place(String region, ObjectNode resource) {
    return place(region, resource, patients.get(region).getFirst());
  }

  /** Places it in a region as that Patient's. */
  Held place(String region, ObjectNode resource, Held patient) {
    String subject = "Patient/" + patient.resource().path("id").asText();
    for (String element : List.of("subject", "patient")) {
      if (resource.path(element) instanceof ObjectNode reference) {
        reference.put("reference", subject);
      }
    }
    Held placed = new Held(region, resource, "match");
    held.put(placed.fullUrl(), placed);
    include(region, resource);
    return placed;
  }

  private void include(String region, ObjectNode resource) {
    ObjectNode medication = shared.get(resource.at("/medicationReference/reference").asText());
    if (medication != null) {
      Held included = new Held(region, medication.deepCopy(), "include");
      held.putIfAbsent(included.fullUrl(), included);
    }
  }

  /** Places it in a region, and the same fact, recorded again, in so many others. */
  List<Held> deal(ObjectNode resource, int others) {
    List<String> drawn = draw(regions, others + 1);
    List<Held> placed = new ArrayList<>();
    placed.add(place(drawn.getFirst(), resource.deepCopy()));
    for (String region : drawn.subList(1, drawn.size())) {
      placed.add(again(region, resource));
    }
    placed.forEach(one -> placed.forEach(other -> note(copies, one, other)));
    return placed;
  }

  /** Places the same fact, recorded again, in a region. */
  Held again(String region, ObjectNode resource) {
    return place(region, restated.again(resource));
  }

  /** Places the same fact, recorded again, in a region as that Patient's. */
  Held anothers(String region, ObjectNode resource, Held patient) {
    return place(region, restated.again(resource), patient);
  }

  /** Adds another person's Patient under the same number to a region, or in place of its own. */
  Held impostor(String region, boolean alone) {
    ObjectNode other = patients.get(region).getFirst().resource().deepCopy();
    other.put("id", restated.id()).put("birthDate", "1931-12-24");
    other.remove(List.of("deceasedDateTime", "deceasedBoolean"));
    ObjectNode name = other.putArray("name").addObject().put("use", "official");
    name.put("family", "Quartermaine").putArray("given").add("Bartholomew");
    Held patient = new Held(region, other, "match");
    if (alone) {
      patients.get(region).clear();
    }
    patients.get(region).add(patient);
    return patient;
  }

  Held patient(String region) {
    return patients.get(region).getFirst();
  }

  /** Places two resources that contradict each other in two regions. */
  void contradict(String rule, ObjectNode one, ObjectNode other) {
    List<String> drawn = draw(regions, 2);
    Held first = place(drawn.getFirst(), one);
    Held second = place(drawn.getLast(), other);
    conflicts.put(Set.of(first.fullUrl(), second.fullUrl()), rule);
  }

  /** So many of them, each another. */
  List<String> draw(List<String> from, int number) {
    List<String> shuffled = new ArrayList<>(from);
    java.util.Collections.shuffle(shuffled, random);
    return shuffled.subList(0, number);
  }

  /** Everything that the regions hold, Patients first. */
  List<Held> held() {
    List<Held> all = new ArrayList<>();
    patients.values().forEach(all::addAll);
    all.addAll(held.values());
    return all;
  }

  /** What comes of asking each region for these types. */
  List<Contribution> contributions(List<String> types) {
    return regions.stream().map(region -> contribution(region, types)).toList();
  }

  private Contribution contribution(String region, List<String> types) {
    Map<String, TypeAnswer> answers = new LinkedHashMap<>();
    for (String type : types) {
      answers.put(type, read(held(region, type)));
    }
    PeerAnswer.Answered answered = new PeerAnswer.Answered(entries(patients.get(region)), answers);
    return new Contribution.Asked(
        region(region),
        types,
        DISCLOSABLE,
        List.of(),
        List.of(),
        List.of("DSA-" + region),
        answered,
        Given.SHARES_ALL,
        List.of(),
        Optional.empty(),
        Origins.of(controllers(), region(region), RegionView.entries(answered)));
  }

  private Controllers controllers() {
    return new Controllers(
        new Regions(
            1,
            "hash",
            Given.gateway(),
            regions.stream().map(this::region).toList(),
            List.of(),
            List.of()));
  }

  /** Each with an organisation of its own. */
  private Region region(String id) {
    Region region = Given.region(id);
    return new Region(
        region.id(),
        region.name(),
        new Organisation(ods(id), region.name()),
        region.status(),
        region.publicText(),
        region.asks(),
        region.answers());
  }

  private String ods(String region) {
    return "RX" + regions.indexOf(region);
  }

  /** Places what another region's system recorded, as a relay says of it. */
  Held relay(String relay, String origin, ObjectNode resource) {
    ObjectNode tagged = resource.deepCopy();
    tagged
        .putObject("meta")
        .putArray("tag")
        .addObject()
        .put("system", "https://fhir.interweavedigital.nhs.uk/Provenance")
        .put("code", ods(origin));
    return place(relay, tagged);
  }

  private List<Held> held(String region, String type) {
    if (type.equals("Patient")) {
      return patients.get(region);
    }
    return held.values().stream()
        .filter(one -> one.region().equals(region))
        .filter(
            one ->
                one.type().equals(type)
                    || (type.equals("MedicationRequest") && one.mode().equals("include"))
                    || (type.equals("Observation") && !DISCLOSABLE.contains(one.type())))
        .toList();
  }

  private static TypeAnswer read(List<Held> entries) {
    return new TypeAnswer.Read(entries(entries), List.of());
  }

  private static List<dev.ermine.fhir.Entry> entries(List<Held> held) {
    return Given.entries(held.stream().map(Held::entry).toArray(String[]::new));
  }

  static void note(Set<Set<String>> pairs, Held one, Held other) {
    if (!one.fullUrl().equals(other.fullUrl())) {
      pairs.add(Set.of(one.fullUrl(), other.fullUrl()));
    }
  }
}
