package dev.ermine.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** A record of more than a thousand glucose readings: the same ones at every start. */
final class LongRecord {

  /** The readings that London and Yorkshire each hold. */
  public static final int READINGS = 1_040;

  private LongRecord() {}

  /** {@code record}, with the readings if it is the long one of London or Yorkshire. */
  static PatientRecord extend(PeerRegion region, PatientRecord record) {
    boolean isLong =
        record.nhsNumber().equals(Stories.LONG_RECORD)
            && (region == PeerRegion.LONDON || region == PeerRegion.YORKSHIRE_HUMBER);
    if (!isLong) {
      return record;
    }
    List<ObjectNode> resources = new ArrayList<>(record.resources());
    RandomGenerator random =
        RandomGeneratorFactory.of("L64X128MixRandom").create(region.usualPort());
    for (int i = 0; i < READINGS; i++) {
      resources.add(reading(record.patientId(), i, random));
    }
    return new PatientRecord(record.nhsNumber(), resources);
  }

  private static ObjectNode reading(String patient, int index, RandomGenerator random) {
    LocalDate day = LocalDate.of(2022, 1, 3).plusDays(index);
    ObjectNode reading = Json.MAPPER.createObjectNode().put("resourceType", "Observation");
    reading.put("id", "glucose-%04d".formatted(index));
    reading
        .putObject("meta")
        .put("lastUpdated", day + "T09:00:00Z")
        .putArray("profile")
        .add("https://fhir.hl7.org.uk/StructureDefinition/UKCore-Observation");
    reading.put("status", "final");
    reading
        .putArray("category")
        .addObject()
        .putArray("coding")
        .addObject()
        .put("system", "http://terminology.hl7.org/CodeSystem/observation-category")
        .put("code", "laboratory");
    coding(reading.putObject("code"), "1003141000000105", "Plasma fasting glucose level");
    reading.putObject("subject").put("reference", "Patient/" + patient);
    reading.put("effectiveDateTime", day + "T07:30:00Z");
    reading.putArray("performer").addObject().put("display", "Diabetes Clinic");
    reading
        .putObject("valueQuantity")
        .put("value", BigDecimal.valueOf(random.nextInt(38, 140), 1).setScale(2))
        .put("unit", "mmol/L")
        .put("system", "http://unitsofmeasure.org")
        .put("code", "mmol/L");
    return reading;
  }

  private static void coding(ObjectNode concept, String code, String display) {
    concept
        .putArray("coding")
        .addObject()
        .put("system", "http://snomed.info/sct")
        .put("code", code)
        .put("display", display);
  }
}
