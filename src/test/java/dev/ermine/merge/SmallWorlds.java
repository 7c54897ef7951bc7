package dev.ermine.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/**
 * Generated worlds in which few things are said often: of three substances, two products, one day
 * and the next, so that regions agree, overlap and contradict each other as much as they can.
 */
final class SmallWorlds {

  static final List<String> REGIONS = List.of("london", "essex-suffolk", "wessex", "kent");
  static final List<String> TYPES =
      List.of(
          "Patient",
          "AllergyIntolerance",
          "MedicationRequest",
          "Condition",
          "Observation",
          "Immunization",
          "DocumentReference");

  private static final List<String> PRODUCTS = List.of("387000003", "386864001");
  private static final List<String> DAYS =
      List.of(
          "2026-09-15",
          "2026-09-16",
          "2026-09-15T16:05:00+01:00",
          "2026-09-15T15:05:00Z",
          "2026-09");
  private static final List<String> MINUTES =
      List.of("2026-09-15T16:05:00+01:00", "2026-09-15T15:05:30Z", "2026-09-15T15:06:00Z");

  private final Random random;
  private int resources;

  SmallWorlds(Random random) {
    this.random = random;
  }

  /** A world of these regions, with not more than four of a key in any one of them. */
  Deal next() {
    Deal deal = new Deal(REGIONS, Written.patient(), random);
    for (String region : REGIONS) {
      die(deal.patient(region).resource());
      for (int i = 0; i < 4; i++) {
        allergies(deal, region, i);
        for (ObjectNode resource : List.of(medicine(), condition(), observation(), other())) {
          deal.place(region, spoilt(identified(resource)));
        }
      }
    }
    return deal;
  }

  private void die(ObjectNode patient) {
    switch (random.nextInt(6)) {
      case 0 -> patient.put("deceasedDateTime", "2026-09-20");
      case 1 -> patient.put("deceasedBoolean", false);
      default -> {} // nothing is said of it
    }
  }

  /** In every other world: a record without any leaves more to say about the rest. */
  private void allergies(Deal deal, String region, int i) {
    if (i < 2 && random.nextBoolean()) {
      deal.place(region, spoilt(identified(allergy())));
    }
  }

  private ObjectNode allergy() {
    return Written.allergy(
        id(),
        any(Written.PENICILLIN, Written.NO_KNOWN_ALLERGY, "91935009"),
        any("active", "active", "resolved", "inactive"),
        any("confirmed", "unconfirmed", "refuted", "entered-in-error"));
  }

  private ObjectNode medicine() {
    boolean grams = random.nextBoolean();
    int dose = random.nextInt(1, 3) * 500;
    return Written.medicine(
        id(),
        any("http://snomed.info/sct", "https://dmd.nhs.uk", "https://dmd.nhs.uk/"),
        any(PRODUCTS),
        any("active", "active", "stopped", "completed", "entered-in-error"),
        grams ? "0." + dose : String.valueOf(dose),
        grams ? "g" : "mg",
        any(DAYS));
  }

  private ObjectNode condition() {
    return Written.condition(
        id(), any("84757009", "38341003"), any("active", "resolved", "inactive"), any(DAYS));
  }

  private ObjectNode observation() {
    boolean small = random.nextBoolean();
    int value = random.nextInt(5, 7);
    return Written.observation(
        id(),
        any("1003141000000105", "1000661000000107"),
        small ? String.valueOf(value * 1000) : value + ".0",
        small ? "umol/L" : "mmol/L",
        any(MINUTES));
  }

  private ObjectNode other() {
    return random.nextBoolean()
        ? Written.immunization(id(), "46233009", any("L1", "L2", ""), any(DAYS))
        : Written.document(id(), "16521000000101", any("aGFzaDE=", "aGFzaDI="), any(MINUTES));
  }

  private ObjectNode identified(ObjectNode resource) {
    if (random.nextInt(4) == 0) {
      resource
          .putArray("identifier")
          .addObject()
          .put("system", "https://fhir.example.nhs.uk/Id/record")
          .put("value", any("1", "2", "3"));
    }
    return resource;
  }

  /** As peers get it wrong, now and then. */
  private ObjectNode spoilt(ObjectNode resource) {
    return switch (random.nextInt(30)) {
      case 0 -> without(resource, "code", "vaccineCode", "medicationCodeableConcept");
      case 1 -> without(resource, "status", "clinicalStatus");
      case 2 -> resource.put("recordedDate", "2026-02-30");
      case 3 -> without(resource, "verificationStatus", "dosageInstruction", "valueQuantity");
      default -> resource;
    };
  }

  private static ObjectNode without(ObjectNode resource, String... elements) {
    resource.remove(List.of(elements));
    return resource;
  }

  private String id() {
    return "r" + resources++;
  }

  private String any(String... values) {
    return any(List.of(values));
  }

  private String any(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }
}
