package dev.ermine.merge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ermine.fhir.NhsNumber;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What the rules of the same fact look at in a resource, read from its tree without regard to speed
 * and compared entry with entry: a second opinion on what the view links.
 *
 * @param when day and minute in London, or the date as written
 * @param said value, dose or whatever else has to be equal where both say it
 */
record PlainFact(
    String type, Set<String> identifiers, Set<String> codes, String when, List<String> said) {

  private static final ZoneId LONDON = ZoneId.of("Europe/London");
  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm");

  /** Units in terms of another, with the factor: only those that the record has. */
  private static final Map<String, Map.Entry<String, BigDecimal>> BASE =
      Map.of(
          "m", Map.entry("cm", new BigDecimal("100")),
          "g", Map.entry("kg", new BigDecimal("0.001")),
          "[lb_av]", Map.entry("kg", new BigDecimal("0.45359237")),
          "g/L", Map.entry("mg/dL", new BigDecimal("100")),
          "g/dL", Map.entry("mg/dL", new BigDecimal("1000")),
          "umol/L", Map.entry("mmol/L", new BigDecimal("0.001")));

  /**
   * @param medications the Medications of its region, by reference
   */
  static PlainFact of(JsonNode resource, Function<String, Optional<JsonNode>> medications) {
    String type = resource.path("resourceType").asText();
    return new PlainFact(
        type,
        identifiers(resource),
        codes(about(type, resource, medications)),
        when(type, resource),
        said(type, resource));
  }

  /** Whether they record the same fact. */
  boolean isSameAs(PlainFact other) {
    return type.equals(other.type)
        && (!Collections.disjoint(identifiers, other.identifiers)
            || (!Collections.disjoint(codes, other.codes)
                && when.equals(other.when)
                && (said.isEmpty() || other.said.isEmpty() || said.equals(other.said))));
  }

  private static Set<String> identifiers(JsonNode resource) {
    return children(resource.path("identifier"))
        .filter(identifier -> !identifier.path("use").asText().equals("old"))
        .filter(identifier -> !identifier.path("system").asText().equals(NhsNumber.SYSTEM))
        .map(
            identifier ->
                identifier.path("system").asText() + "|" + identifier.path("value").asText())
        .collect(Collectors.toSet());
  }

  private static JsonNode about(
      String type, JsonNode resource, Function<String, Optional<JsonNode>> medications) {
    return switch (type) {
      case "Immunization" -> resource.path("vaccineCode");
      case "MedicationRequest" ->
          medications
              .apply(resource.at("/medicationReference/reference").asText())
              .map(medication -> medication.path("code"))
              .orElse(resource.path("medicationCodeableConcept"));
      case "Encounter" -> resource.at("/type/0");
      case "DocumentReference" -> resource.path("type");
      default -> resource.path("code");
    };
  }

  private static Set<String> codes(JsonNode concept) {
    return children(concept.path("coding"))
        .map(coding -> system(coding) + "|" + coding.path("code").asText())
        .collect(Collectors.toSet());
  }

  private static String system(JsonNode coding) {
    String system = coding.path("system").asText();
    return system.matches("https?://(snomed\\.info/sct|dmd\\.nhs\\.uk)(/.*)?")
        ? Restated.SNOMED
        : system;
  }

  private static String when(String type, JsonNode resource) {
    return switch (type) {
      case "AllergyIntolerance" -> "";
      case "Condition" -> moment(resource.path("onsetDateTime"));
      case "MedicationRequest" -> moment(resource.path("authoredOn"));
      case "Immunization" -> moment(resource.path("occurrenceDateTime"));
      case "Encounter" -> moment(resource.at("/period/start"));
      case "Procedure" -> moment(resource.at("/performedPeriod/start"));
      case "DocumentReference" -> moment(resource.path("date"));
      default -> moment(resource.path("effectiveDateTime"));
    };
  }

  private static String moment(JsonNode time) {
    String text = time.asText();
    return text.contains("T")
        ? OffsetDateTime.parse(text).atZoneSameInstant(LONDON).format(MINUTE)
        : text;
  }

  private static List<String> said(String type, JsonNode resource) {
    return switch (type) {
      case "Observation" ->
          Stream.concat(
                  Stream.of(value(resource)).filter(value -> !value.isEmpty()),
                  children(resource.path("component"))
                      .map(part -> codes(part.path("code")) + "=" + value(part))
                      .sorted())
              .toList();
      case "MedicationRequest" ->
          children(resource.path("dosageInstruction")).map(PlainFact::dose).toList();
      default -> List.of();
    };
  }

  private static String value(JsonNode holder) {
    Set<String> codes = codes(holder.path("valueCodeableConcept"));
    return quantity(holder.path("valueQuantity"))
        + (codes.isEmpty() ? "" : codes)
        + holder.path("valueString").asText();
  }

  private static String dose(JsonNode dosage) {
    JsonNode repeat = dosage.at("/timing/repeat");
    return quantity(dosage.at("/doseAndRate/0/doseQuantity"))
        + "/"
        + number(repeat.path("frequency"))
        + "/"
        + number(repeat.path("period"))
        + repeat.path("periodUnit").asText()
        + dosage.path("asNeededBoolean").asText();
  }

  private static String quantity(JsonNode quantity) {
    if (quantity.isMissingNode()) {
      return "";
    }
    String unit = quantity.path("code").asText();
    BigDecimal value = quantity.path("value").decimalValue();
    while (BASE.containsKey(unit)) {
      value = value.multiply(BASE.get(unit).getValue());
      unit = BASE.get(unit).getKey();
    }
    return value.stripTrailingZeros().toPlainString() + unit;
  }

  private static String number(JsonNode number) {
    return number.isNumber() ? number.decimalValue().stripTrailingZeros().toPlainString() : "";
  }

  private static Stream<JsonNode> children(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  @Override
  public String toString() {
    return "PlainFact[" + type + "]";
  }
}
