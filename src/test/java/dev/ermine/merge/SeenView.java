package dev.ermine.merge;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A merged view as whoever asked for it reads it: entries, links and issues of the Bundle that
 * left.
 *
 * @param entries the regions' entries by their {@code fullUrl}, in order
 * @param links pairs of entries of which one names the other as its alternate
 * @param routes who stands in the Provenances of an entry: the custodian, then whoever passed it on
 */
record SeenView(
    Map<String, JsonNode> entries,
    Set<List<String>> links,
    List<Said> issues,
    Map<String, Set<List<String>>> routes) {

  private static final String CODES = "https://ermine.dev/fhir/CodeSystem/";
  private static final Pattern PLACE = Pattern.compile("Bundle\\.entry\\[(\\d+)]\\.resource");

  /**
   * An issue.
   *
   * @param codes by the last part of their system: {@code conflict}, {@code account} …
   * @param about the entries that {@code expression} points to
   */
  record Said(
      Map<String, List<String>> codes,
      String severity,
      String text,
      String diagnostics,
      Set<String> about) {

    List<String> codes(String system) {
      return codes.getOrDefault(system, List.of());
    }

    /** The one code of that system; empty text when there is none. */
    String code(String system) {
      return String.join(",", codes(system));
    }
  }

  /** What that view looks like. */
  static SeenView of(Merged merged) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      merged.bundle().writeTo(out);
      return of(SyntheaRecord.JSON.readTree(out.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SeenView of(JsonNode bundle) {
    Map<String, JsonNode> entries = new LinkedHashMap<>();
    Set<List<String>> links = new HashSet<>();
    List<Said> issues = new ArrayList<>();
    Map<String, Set<List<String>>> routes = new HashMap<>();
    for (JsonNode entry : bundle.path("entry")) {
      JsonNode resource = entry.path("resource");
      String fullUrl = entry.path("fullUrl").asText();
      if (resource.path("resourceType").asText().equals("OperationOutcome")) {
        resource.path("issue").forEach(issue -> issues.add(said(issue, bundle)));
      } else if (resource.path("resourceType").asText().equals("Provenance")) {
        List<String> route = new ArrayList<>();
        resource.path("agent").forEach(agent -> route.add(agent.at("/who/display").asText()));
        for (JsonNode target : resource.path("target")) {
          routes
              .computeIfAbsent(target.path("reference").asText(), _ -> new HashSet<>())
              .add(route);
        }
      } else {
        entries.put(fullUrl, resource);
      }
      for (JsonNode link : entry.path("link")) {
        if (link.path("relation").asText().equals("alternate")) {
          links.add(List.of(fullUrl, link.path("url").asText()));
        }
      }
    }
    return new SeenView(entries, links, issues, routes);
  }

  private static Said said(JsonNode issue, JsonNode bundle) {
    Map<String, List<String>> codes = new HashMap<>();
    for (JsonNode coding : issue.at("/details/coding")) {
      String system = coding.path("system").asText();
      if (system.startsWith(CODES)) {
        codes
            .computeIfAbsent(system.substring(CODES.length()), _ -> new ArrayList<>())
            .add(coding.path("code").asText());
      }
    }
    Set<String> about = new HashSet<>();
    for (JsonNode expression : issue.path("expression")) {
      Matcher place = PLACE.matcher(expression.asText());
      if (place.matches()) {
        about.add(
            bundle.path("entry").path(Integer.parseInt(place.group(1))).path("fullUrl").asText());
      }
    }
    return new Said(
        codes,
        issue.path("severity").asText(),
        issue.at("/details/text").asText(),
        issue.path("diagnostics").asText(),
        about);
  }

  /** The pairs that are linked, whichever names the other. */
  Set<Set<String>> pairs() {
    Set<Set<String>> pairs = new HashSet<>();
    links.forEach(link -> pairs.add(Set.copyOf(link)));
    return pairs;
  }

  List<Said> conflicts() {
    return issues.stream().filter(issue -> !issue.code("conflict").isEmpty()).toList();
  }

  /** The statuses that the account has for a region. */
  List<String> statuses(String region) {
    return issues.stream()
        .filter(issue -> issue.code("region").equals(region))
        .map(issue -> issue.code("account"))
        .filter(code -> !code.isEmpty())
        .toList();
  }

  /** Whose entry it is. */
  static String region(String fullUrl) {
    return fullUrl.substring((Deal.GATEWAY + "/regions/").length(), fullUrl.indexOf("/fhir/"));
  }

  @Override
  public String toString() {
    return "SeenView[" + entries.size() + "]";
  }
}
