package dev.ermine.merge;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * What regions answer of one patient: entries as the UK's systems write them, about 1.2 kB each, of
 * which a quarter tell what another region tells too, in other words and under another id.
 */
final class RecordBodies {

  private static final String SNOMED = "http://snomed.info/sct";

  private final int regions;
  private final int entries;

  /** As many different codes to an entry in a long record as in a short one. */
  RecordBodies(int regions, int entries) {
    this.regions = regions;
    this.entries = entries;
  }

  /** The searchset of a region. */
  byte[] of(int region) {
    Random random = new Random(region);
    StringBuilder body =
        new StringBuilder("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[");
    for (int i = 0; i < entries; i++) {
      // The facts of a region are its own, but for each fourth, which its neighbour has as well.
      boolean shared = i % 4 == 0;
      long fact = shared ? pair(region) * 1_000_000L + i : (region + 100) * 1_000_000L + i;
      body.append(i == 0 ? "" : ",").append(entry(region, i, entries * 5, new Random(fact), random));
    }
    return body.append("]}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private int pair(int region) {
    return (region % regions) / 2;
  }

  private static String entry(int region, int number, int codes, Random fact, Random own) {
    int kind = number % 20;
    String type =
        kind < 9
            ? "Observation"
            : kind < 12
                ? "Condition"
                : kind < 14
                    ? "MedicationStatement"
                    : kind < 16
                        ? "MedicationRequest"
                        : kind < 17 ? "Immunization" : kind < 18 ? "Encounter" : kind < 19 ? "DocumentReference" : "AllergyIntolerance";
    String id = "%08x-%04x-4abc-8def-%012x".formatted(own.nextInt(), region, number);
    return """
        {"fullUrl":"https://r%1$d.example/fhir/%2$s/%3$s","resource":{"resourceType":"%2$s","id":"%3$s",\
        "meta":{"versionId":"%4$d","lastUpdated":"2026-03-01T10:00:00.000+00:00","profile":\
        ["https://fhir.hl7.org.uk/StructureDefinition/UKCore-%2$s"],"security":\
        [{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"N","display":"normal"}]},\
        "identifier":[{"system":"https://r%1$d.example/Id/record","value":"%3$s"}],\
        "%5$s":{"reference":"Patient/p1","identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9000000009"}},\
        %6$s,\
        "note":[{"text":"%7$s"}]},"search":{"mode":"match"}}"""
        .formatted(
            region,
            type,
            id,
            1 + own.nextInt(9),
            type.equals("AllergyIntolerance") || type.equals("Immunization") ? "patient" : "subject",
            content(type, codes, fact, own),
            "Seen in clinic; see letter. ".repeat(6 + own.nextInt(6)));
  }

  private static String content(String type, int codes, Random fact, Random own) {
    String date =
        "20%02d-%02d-%02dT%02d:%02d:00+00:00"
            .formatted(
                5 + fact.nextInt(20),
                1 + fact.nextInt(12),
                1 + fact.nextInt(28),
                8 + fact.nextInt(10),
                fact.nextInt(60));
    String concept =
        "{\"coding\":[{\"system\":\"%s\",\"code\":\"%d\",\"display\":\"Wording %d of it\"},{\"system\":\"http://read.info/readv2\",\"code\":\"%04x.\"}],\"text\":\"As they call it %d\"}"
            .formatted(
                SNOMED, 100_000_000L + fact.nextInt(codes), own.nextInt(90), fact.nextInt(codes), own.nextInt(9));
    String value = "%d.%d".formatted(1 + fact.nextInt(180), fact.nextInt(10));
    return switch (type) {
      case "Observation" ->
          ("\"status\":\"final\",\"category\":[{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/observation-category\",\"code\":\"laboratory\"}]}],"
                  + "\"code\":%s,\"effectiveDateTime\":\"%s\",\"issued\":\"%s\",\"performer\":[{\"reference\":\"Organization/o%d\"}],"
                  + "\"valueQuantity\":{\"value\":%s,\"unit\":\"mmol/L\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"mmol/L\"}")
              .formatted(concept, date, date, own.nextInt(9), value);
      case "MedicationStatement", "MedicationRequest" ->
          ("\"status\":\"%s\",\"intent\":\"order\",\"medicationCodeableConcept\":%s,\"%s\":\"%s\",\"dosage%s\":[{\"text\":\"One tablet twice a day\",\"timing\":{\"repeat\":{\"frequency\":2,\"period\":1,\"periodUnit\":\"d\"}},\"doseAndRate\":[{\"doseQuantity\":{\"value\":%s,\"unit\":\"mg\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"mg\"}}]}]")
              .formatted(
                  fact.nextInt(4) == 0 ? "active" : "completed",
                  concept,
                  type.endsWith("t") && type.startsWith("MedicationS") ? "effectiveDateTime" : "authoredOn",
                  date,
                  type.startsWith("MedicationS") ? "" : "Instruction",
                  value);
      case "Immunization" ->
          "\"status\":\"completed\",\"vaccineCode\":%s,\"occurrenceDateTime\":\"%s\",\"primarySource\":true,\"lotNumber\":\"%s\""
              .formatted(concept, date, value);
      case "Encounter" ->
          "\"status\":\"finished\",\"class\":{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ActCode\",\"code\":\"AMB\"},\"type\":[%s],\"period\":{\"start\":\"%s\",\"end\":\"%s\"}"
              .formatted(concept, date, date);
      case "DocumentReference" ->
          "\"status\":\"current\",\"type\":%s,\"date\":\"%s\",\"content\":[{\"attachment\":{\"contentType\":\"application/pdf\",\"hash\":\"%s%d\",\"url\":\"Binary/b%d\"}}]"
              .formatted(concept, date, "aGFzaGhhc2hoYXNo", fact.nextInt(1 << 30), own.nextInt(1 << 30));
      default ->
          "\"clinicalStatus\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/%s\",\"code\":\"active\"}]},\"code\":%s,\"onsetDateTime\":\"%s\",\"recordedDate\":\"%s\""
              .formatted(
                  type.equals("Condition") ? "condition-clinical" : "allergyintolerance-clinical",
                  concept,
                  date.substring(0, 10),
                  date);
    };
  }
}
