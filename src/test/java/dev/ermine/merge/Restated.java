package dev.ermine.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * The same fact as another system records it: its own ids, its own words for a code, its own unit
 * for a value, its own zone for a time, its own order of keys. What it means stays.
 */
final class Restated {

  static final String SNOMED = "http://snomed.info/sct";
  static final String UCUM = "http://unitsofmeasure.org";

  private static final List<String> SNOMED_TOO =
      List.of(SNOMED, "http://snomed.info/sct/999000041000000102");
  private static final List<String> DMD_TOO =
      List.of(SNOMED, "https://dmd.nhs.uk", "https://dmd.nhs.uk/", "http://dmd.nhs.uk");

  /** What people code: another system may add a code of its own to it. */
  private static final List<String> CONCEPTS =
      List.of("code", "vaccineCode", "medicationCodeableConcept", "type");

  /** Unit, the other one, and how many of the other one is one of this. */
  private static final Map<String, Map.Entry<String, BigDecimal>> UNITS =
      Map.of(
          "cm", Map.entry("m", new BigDecimal("0.01")),
          "kg", Map.entry("g", new BigDecimal("1000")),
          "[lb_av]", Map.entry("kg", new BigDecimal("0.45359237")),
          "mg/dL", Map.entry("g/L", new BigDecimal("0.01")),
          "g/dL", Map.entry("g/L", new BigDecimal("10")),
          "mmol/L", Map.entry("umol/L", new BigDecimal("1000")));

  private final Random random;

  Restated(Random random) {
    this.random = random;
  }

  /** That resource, recorded again. */
  ObjectNode again(ObjectNode resource) {
    ObjectNode copy = resource.deepCopy();
    copy.remove("meta");
    copy.put("id", id());
    identify(copy);
    for (String element : CONCEPTS) {
      if (copy.path(element) instanceof ObjectNode concept) {
        recode(concept);
      }
    }
    copy.forEach(this::reword);
    return (ObjectNode) shuffled(copy);
  }

  /** An id that no other resource has. */
  String id() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  /** It keeps the number of the system that the fact comes from, or it does not. */
  private void identify(ObjectNode copy) {
    if (random.nextBoolean()) {
      copy.remove("identifier");
    }
    copy.withArrayProperty("identifier")
        .addObject()
        .put("system", "https://fhir.example.nhs.uk/Id/" + random.nextInt(1_000_000_000))
        .put("value", id());
  }

  private void recode(ObjectNode concept) {
    if (random.nextBoolean()) {
      concept.withArrayProperty("coding").addObject().put("system", "urn:local").put("code", id());
    }
    List<JsonNode> codings = new ArrayList<>();
    concept.path("coding").forEach(codings::add);
    Collections.shuffle(codings, random);
    concept.putArray("coding").addAll(codings);
  }

  private void reword(JsonNode node) {
    if (node instanceof ObjectNode object) {
      if (object.path("system").asText().equals(UCUM)) {
        convert(object);
      }
      if (object.path("system").asText().equals(SNOMED)) {
        object.put("system", systemOf(object.path("code").asText()));
      }
      for (String words : List.of("display", "text")) {
        if (object.has(words)) {
          object.put(words, "As we say: " + object.get(words).asText().toUpperCase(Locale.ROOT));
        }
      }
      for (Map.Entry<String, JsonNode> property : object.properties()) {
        if (isTime(property.getValue())) {
          property.setValue(TextNode.valueOf(elsewhere(property.getValue().asText())));
        }
      }
    }
    node.forEach(this::reword);
  }

  private String systemOf(String code) {
    List<String> systems = code.contains("100000110") ? DMD_TOO : SNOMED_TOO;
    return systems.get(random.nextInt(systems.size()));
  }

  private void convert(ObjectNode quantity) {
    Map.Entry<String, BigDecimal> other = UNITS.get(quantity.path("code").asText());
    if (other != null && quantity.path("value").isNumber()) {
      quantity.put("value", quantity.get("value").decimalValue().multiply(other.getValue()));
      quantity.put("unit", other.getKey()).put("code", other.getKey());
    }
  }

  private static boolean isTime(JsonNode node) {
    return node.isTextual() && node.asText().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:.*");
  }

  private String elsewhere(String time) {
    return OffsetDateTime.parse(time)
        .withOffsetSameInstant(ZoneOffset.ofHours(random.nextInt(-5, 10)))
        .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
  }

  /** In another order of keys at every level. */
  private JsonNode shuffled(JsonNode node) {
    if (node instanceof ArrayNode array) {
      ArrayNode copy = SyntheaRecord.JSON.createArrayNode();
      array.forEach(child -> copy.add(shuffled(child)));
      return copy;
    }
    if (!(node instanceof ObjectNode object)) {
      return node;
    }
    List<Map.Entry<String, JsonNode>> properties = new ArrayList<>(object.properties());
    Collections.shuffle(properties, random);
    ObjectNode copy = SyntheaRecord.JSON.createObjectNode();
    properties.forEach(property -> copy.set(property.getKey(), shuffled(property.getValue())));
    return copy;
  }
}
