package dev.ermine.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The gateway's answer as somebody who integrates it reads it: status, Bundle, and the time each
 * region took in milliseconds.
 */
record MergedView(int status, JsonNode bundle, Map<String, Integer> millis) {

  private static final String CODES = "https://ermine.dev/fhir/CodeSystem/";
  private static final Pattern TIMING = Pattern.compile("([a-z-]+);dur=(\\d+)");
  private static final Pattern REGION = Pattern.compile("/regions/([a-z0-9-]+)/fhir/");

  /** One line of the account. */
  record Line(String region, String status, String text) {}

  /**
   * A resource, and whose record it comes from.
   *
   * @param alternates where the other entries stand that record the same fact
   */
  record Sourced(JsonNode resource, String source, String fullUrl, List<String> alternates) {
    Sourced {
      alternates = List.copyOf(alternates);
    }

    /** Its source alone. */
    @Override
    public String toString() {
      return "Sourced[" + source + "]";
    }
  }

  MergedView {
    millis = Map.copyOf(millis);
  }

  static MergedView of(HttpResponse<byte[]> response) throws IOException {
    var millis = new LinkedHashMap<String, Integer>();
    for (String header : response.headers().allValues("Server-Timing")) {
      TIMING
          .matcher(header)
          .results()
          .forEach(timing -> millis.put(timing.group(1), Integer.valueOf(timing.group(2))));
    }
    return new MergedView(response.statusCode(), Json.MAPPER.readTree(response.body()), millis);
  }

  /** The outcomes: there should be one. */
  List<JsonNode> outcomes() {
    if (PatientRecord.isOf("OperationOutcome", bundle)) {
      return List.of(bundle);
    }
    return resources("OperationOutcome").map(Sourced::resource).toList();
  }

  /** The sentence for a clinician. */
  String sentence() {
    return issues().findFirst().map(MergedView::text).orElse("no outcome");
  }

  /** Where the regions contradict each other. */
  List<String> conflicts() {
    return issues()
        .filter(issue -> code(issue, "conflict").isPresent())
        .map(MergedView::text)
        .toList();
  }

  /** Whether the first thing said after the sentence is a contradiction by that rule. */
  boolean startsWithConflict(String rule) {
    return issues()
        .skip(1)
        .findFirst()
        .flatMap(issue -> code(issue, "conflict"))
        .orElse("")
        .equals(rule);
  }

  /** What the gateway says besides. */
  List<String> remarks() {
    return issues()
        .skip(1)
        .filter(issue -> code(issue, "region").isEmpty() && code(issue, "conflict").isEmpty())
        .map(MergedView::text)
        .toList();
  }

  /** The account, region by region. */
  List<Line> account() {
    var lines = new ArrayList<Line>();
    issues()
        .forEach(
            issue ->
                code(issue, "region")
                    .ifPresent(
                        region ->
                            lines.add(
                                new Line(
                                    region, code(issue, "account").orElse("?"), text(issue)))));
    return lines;
  }

  /** The resources of a type with their sources, in the Bundle's order. */
  Stream<Sourced> resources(String type) {
    return bundle
        .path("entry")
        .valueStream()
        .filter(entry -> PatientRecord.isOf(type, entry.path("resource")))
        .map(this::sourced);
  }

  private Sourced sourced(JsonNode entry) {
    return new Sourced(
        entry.path("resource"), source(entry), entry.path("fullUrl").asText(), alternates(entry));
  }

  private static List<String> alternates(JsonNode entry) {
    return entry
        .path("link")
        .valueStream()
        .filter(link -> link.path("relation").asText().equals("alternate"))
        .map(link -> link.path("url").asText())
        .toList();
  }

  /** What a reference of an entry means: another entry of the same source. */
  Optional<JsonNode> referredTo(Sourced from, JsonNode reference) {
    String[] parts = reference.path("reference").asText().split("[/:]", -1);
    String id = parts[parts.length - 1];
    return resources("Medication")
        .filter(found -> found.source().equals(from.source()))
        .map(Sourced::resource)
        .filter(resource -> resource.path("id").asText().equals(id))
        .findFirst();
  }

  private Stream<JsonNode> issues() {
    return outcomes().stream().limit(1).flatMap(outcome -> outcome.path("issue").valueStream());
  }

  /** The region in the entry's address, or whom a Provenance names as its custodian. */
  private String source(JsonNode entry) {
    String fullUrl = entry.path("fullUrl").asText();
    var address = REGION.matcher(fullUrl);
    return address.find() ? address.group(1) : custodian(fullUrl);
  }

  private String custodian(String fullUrl) {
    return bundle
        .path("entry")
        .valueStream()
        .map(entry -> entry.path("resource"))
        .filter(resource -> PatientRecord.isOf("Provenance", resource))
        .filter(
            provenance ->
                provenance
                    .path("target")
                    .valueStream()
                    .anyMatch(target -> target.path("reference").asText().equals(fullUrl)))
        .map(provenance -> provenance.at("/agent/0/who/display").asText())
        .findFirst()
        .orElse("");
  }

  private static String text(JsonNode issue) {
    String text = issue.at("/details/text").asText();
    return text.isEmpty() ? issue.path("diagnostics").asText() : text;
  }

  private static Optional<String> code(JsonNode issue, String system) {
    return issue
        .at("/details/coding")
        .valueStream()
        .filter(coding -> coding.path("system").asText().equals(CODES + system))
        .map(coding -> coding.path("code").asText())
        .findFirst();
  }

  /** The status alone. */
  @Override
  public String toString() {
    return "MergedView[" + status + "]";
  }
}
