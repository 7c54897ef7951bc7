package dev.ermine.bench;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What one stand-in holds of the one patient: a searchset for each type, written once. Some entries
 * tell what a neighbour's tell too, the rest are its own.
 */
final class HeldRecord {

  /** The types that it can be asked for besides the Patient. */
  static final List<String> TYPES =
      List.of(
          "AllergyIntolerance",
          "Condition",
          "MedicationStatement",
          "Observation",
          "Encounter",
          "Procedure",
          "Immunization",
          "DocumentReference");

  /** Whose record it is. */
  static final String PATIENT = "9000000009";

  /** Whom a lying region tells of instead. */
  static final String SOMEONE_ELSE = "9000000017";

  private static final int ENTRY = 800;

  private final Map<String, Buffer> searchsets;
  private final Buffer patient;

  private HeldRecord(Map<String, Buffer> searchsets) {
    this.searchsets = searchsets;
    this.patient =
        set(
            """
      {"resource":{"resourceType":"Patient","id":"p","identifier":\
      [{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"%s"}],\
      "name":[{"family":"Okafor","given":["Ada"]}],"gender":"female","birthDate":"1961-04-02"}}"""
                .formatted(PATIENT));
  }

  /**
   * Of each type a little, in terse entries.
   *
   * @param region its number
   * @param bytes of all types together, about
   */
  static HeldRecord ofEachType(int region, int bytes) {
    int entries = Math.max(1, Math.round((float) bytes / TYPES.size() / ENTRY));
    return new HeldRecord(
        TYPES.stream()
            .collect(Collectors.toMap(type -> type, type -> searchset(region, type, entries))));
  }

  /**
   * Observations alone, in entries as they are in practice; a neighbour tells one in four as well.
   *
   * @param bytes of all together, about
   */
  static HeldRecord ofObservations(int region, String base, int bytes) {
    int entries = Math.max(1, bytes / DetailedObservation.BYTES);
    return new HeldRecord(
        Map.of(
            "Observation",
            set(
                IntStream.range(0, entries)
                    .mapToObj(number -> observation(base, region, number))
                    .collect(Collectors.joining(",")))));
  }

  /** The same, but that they are about another patient. */
  static HeldRecord ofSomeoneElse(int region, String base, int bytes) {
    return new HeldRecord(
        Map.of(
            "Observation",
            Buffer.buffer(
                ofObservations(region, base, bytes)
                    .searchsets
                    .get("Observation")
                    .toString()
                    .replace(PATIENT, SOMEONE_ELSE))));
  }

  private static String observation(String base, int region, int number) {
    int teller = number % 4 == 0 ? (region + 1) / 2 : 100 + region;
    return DetailedObservation.entry(base, region, number, teller * 100_000L + number);
  }

  /** What answers a search at this path; empty where there is no such search. */
  Optional<Buffer> at(String path) {
    String[] names = path.split("/", -1); // "", "fhir", type, "_search"
    String type = names.length > 2 ? names[2] : "";
    return Optional.ofNullable(type.equals("Patient") ? patient : searchsets.get(type));
  }

  private static Buffer searchset(int region, String type, int entries) {
    return set(
        IntStream.range(0, entries)
            .mapToObj(number -> entry(region, type, number))
            .collect(Collectors.joining(",")));
  }

  private static Buffer set(String entries) {
    return Buffer.buffer(
        "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[" + entries + "]}");
  }

  private static String entry(int region, String type, int number) {
    int fact = 100 * (number == 0 ? (region + 1) / 2 : region) + number;
    String resource =
        """
        {"resource":{"resourceType":"%1$s","id":"%2$s-%3$d",%4$s,\
        "%5$s":{"reference":"Patient/p"},"text":{"status":"generated","div":"%6$s"}}}"""
            .formatted(
                type,
                type.toLowerCase(java.util.Locale.ROOT),
                number,
                said(type, fact),
                of(type),
                "%s");
    String words = "Seen in clinic, see letter. ".repeat((ENTRY - resource.length()) / 28 + 1);
    return resource.replace(
        "%s", "<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">" + words + "</div>");
  }

  private static String of(String type) {
    return type.equals("AllergyIntolerance") || type.equals("Immunization") ? "patient" : "subject";
  }

  private static String said(String type, int fact) {
    String day = "20%02d-%02d-%02d".formatted(5 + fact % 20, 1 + fact % 12, 1 + fact % 28);
    String concept =
        "{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"%d\"}],\"text\":\"fact %d\"}"
            .formatted(300_000_006L + fact * 10L, fact);
    return switch (type) {
      case "AllergyIntolerance" -> "\"code\":%s,\"recordedDate\":\"%s\"".formatted(concept, day);
      case "Condition" -> "\"code\":%s,\"onsetDateTime\":\"%s\"".formatted(concept, day);
      case "MedicationStatement" ->
          "\"status\":\"active\",\"medicationCodeableConcept\":%s,\"effectiveDateTime\":\"%s\""
              .formatted(concept, day);
      case "Observation" ->
          "\"status\":\"final\",\"code\":%s,\"effectiveDateTime\":\"%s\",\"valueString\":\"seen\""
              .formatted(concept, day);
      case "Encounter" ->
          ("\"status\":\"finished\",\"class\":{\"system\":"
                  + "\"http://terminology.hl7.org/CodeSystem/v3-ActCode\",\"code\":\"AMB\"},"
                  + "\"type\":[%s],\"period\":{\"start\":\"%s\"}")
              .formatted(concept, day);
      case "Procedure" ->
          "\"status\":\"completed\",\"code\":%s,\"performedDateTime\":\"%s\""
              .formatted(concept, day);
      case "Immunization" ->
          "\"status\":\"completed\",\"vaccineCode\":%s,\"occurrenceDateTime\":\"%s\""
              .formatted(concept, day);
      case "DocumentReference" ->
          "\"status\":\"current\",\"type\":%s,\"date\":\"%sT09:00:00Z\",\"content\":[{\"attachment\":{\"contentType\":\"application/pdf\"}}]"
              .formatted(concept, day);
      default -> throw new IllegalArgumentException(type);
    };
  }
}
