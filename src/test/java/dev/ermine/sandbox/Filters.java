package dev.ermine.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The filters of a search that a region knows: ids, some tokens, some dates. What it does not know
 * it leaves out, and its {@code self} link shows that.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html">FHIR R4: Search</a>
 */
final class Filters {

  private static final Map<String, List<String>> TOKENS =
      Map.of(
          "status", List.of("/status"),
          "category", List.of("/category"),
          "type", List.of("/type"),
          "code", List.of("/code", "/medicationCodeableConcept"),
          "clinical-status", List.of("/clinicalStatus"));

  private static final Map<String, List<String>> DATES =
      Map.of(
          "date",
              List.of(
                  "/effectiveDateTime",
                  "/effectivePeriod/start",
                  "/period/start",
                  "/occurrenceDateTime",
                  "/performedDateTime",
                  "/performedPeriod/start",
                  "/date",
                  "/start",
                  "/recordedDate"),
          "recorded-date", List.of("/recordedDate"),
          "onset-date", List.of("/onsetDateTime"),
          "authoredon", List.of("/authoredOn"),
          "authored", List.of("/authoredOn"),
          "effective", List.of("/effectiveDateTime", "/effectivePeriod/start"),
          "_lastUpdated", List.of("/meta/lastUpdated"));

  private final Map<String, List<String>> applied = new LinkedHashMap<>();
  private final List<Predicate<JsonNode>> predicates = new ArrayList<>();

  private Filters() {}

  /** The filters among {@code parameters} that are known here. */
  static Filters of(Map<String, List<String>> parameters) {
    var filters = new Filters();
    parameters.forEach(
        (name, values) -> {
          List<Predicate<JsonNode>> known =
              values.stream().flatMap(value -> filter(name, value).stream()).toList();
          if (!known.isEmpty()) {
            filters.predicates.addAll(known);
            filters.applied.put(name, values);
          }
        });
    return filters;
  }

  /** Whether a resource passes every filter. */
  boolean pass(JsonNode resource) {
    return predicates.stream().allMatch(predicate -> predicate.test(resource));
  }

  /** What was applied, as it was asked. */
  Map<String, List<String>> applied() {
    return applied;
  }

  private static Optional<Predicate<JsonNode>> filter(String name, String value) {
    List<String> alternatives = List.of(value.split(",", -1));
    if (name.equals("_id")) {
      return Optional.of(resource -> alternatives.contains(resource.path("id").asText()));
    }
    if (TOKENS.containsKey(name)) {
      return Optional.of(
          resource ->
              alternatives.stream().anyMatch(token -> carries(resource, TOKENS.get(name), token)));
    }
    if (DATES.containsKey(name)) {
      return Optional.of(
          resource ->
              alternatives.stream().anyMatch(date -> isWhen(resource, DATES.get(name), date)));
    }
    return Optional.empty();
  }

  private static boolean carries(JsonNode resource, List<String> paths, String token) {
    return paths.stream()
        .map(resource::at)
        .flatMap(Filters::codes)
        .anyMatch(code -> code.equals(token) || code.endsWith("|" + token));
  }

  /** {@code code} of a primitive, {@code system|code} of a Coding; a concept has many. */
  private static Stream<String> codes(JsonNode node) {
    if (node.isTextual()) {
      return Stream.of(node.asText());
    }
    if (node.isArray()) {
      return node.valueStream().flatMap(Filters::codes);
    }
    if (node.has("coding")) {
      return codes(node.get("coding"));
    }
    return node.has("code")
        ? Stream.of(node.path("system").asText() + "|" + node.get("code").asText())
        : Stream.empty();
  }

  private static boolean isWhen(JsonNode resource, List<String> paths, String asked) {
    String prefix = asked.matches("[a-z]{2}.*") ? asked.substring(0, 2) : "eq";
    String bound = asked.matches("[a-z]{2}.*") ? asked.substring(2) : asked;
    Optional<String> found =
        paths.stream()
            .map(resource::at)
            .filter(JsonNode::isTextual)
            .map(JsonNode::asText)
            .findFirst();
    return found.map(date -> compare(date, prefix, bound)).orElse(false);
  }

  /** Both cut to the coarser precision, so that a day lies within its year. */
  private static boolean compare(String date, String prefix, String bound) {
    int precision = Math.min(date.length(), bound.length());
    int order = date.substring(0, precision).compareTo(bound.substring(0, precision));
    return switch (prefix) {
      case "eq" -> order == 0;
      case "ne" -> order != 0;
      case "ge" -> order >= 0;
      case "le" -> order <= 0;
      case "gt", "sa" -> order > 0;
      case "lt", "eb" -> order < 0;
      default -> true;
    };
  }
}
