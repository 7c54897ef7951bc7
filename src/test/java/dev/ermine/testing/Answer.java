package dev.ermine.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The gateway's answer in FHIR, read as a caller reads it. */
public record Answer(HttpResponse<byte[]> response, JsonNode resource) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CODES = "https://ermine.dev/fhir/CodeSystem/";

  /** A line of the account: three codes, words, and the rules that spoke. */
  public record Line(
      String region, String status, String origin, String severity, String text, String rules) {

    /** The region's name, which the words begin with. */
    String name() {
      return text.substring(0, text.indexOf(": "));
    }
  }

  /** The answer, whatever its status. */
  public static Answer of(HttpResponse<byte[]> response) {
    try {
      return new Answer(response, JSON.readTree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The answer, which must have this status. */
  public static Answer of(int status, HttpResponse<byte[]> response) {
    Answer answer = of(response);
    assertThat(answer.status()).as("%s", answer.resource).isEqualTo(status);
    return answer;
  }

  public int status() {
    return response.statusCode();
  }

  /** A header's only value. */
  public String header(String name) {
    List<String> values = response.headers().allValues(name);
    assertThat(values).as(name).hasSize(1);
    return values.getFirst();
  }

  /** The entries that regions sent, in order. */
  public List<JsonNode> entries() {
    Map<String, String> sources = sources();
    return allEntries().filter(entry -> sources.containsKey(fullUrl(entry))).toList();
  }

  /** The addresses of what matches, in order. */
  public List<String> matches() {
    return allEntries()
        .filter(entry -> entry.at("/search/mode").asText().equals("match"))
        .map(Answer::fullUrl)
        .toList();
  }

  /** Where a link of the Bundle leads. */
  public Optional<String> link(String relation) {
    return resource
        .path("link")
        .valueStream()
        .filter(link -> link.path("relation").asText().equals(relation))
        .map(link -> link.path("url").asText())
        .findFirst();
  }

  /** The entries of one region. */
  public List<JsonNode> entries(String region) {
    Map<String, String> sources = sources();
    return allEntries().filter(entry -> region.equals(sources.get(fullUrl(entry)))).toList();
  }

  /** The resources of a type from one region. */
  public List<JsonNode> resources(String region, String type) {
    return entries(region).stream()
        .map(entry -> entry.path("resource"))
        .filter(found -> found.path("resourceType").asText().equals(type))
        .toList();
  }

  /** The regions that matches come from, each as often as its matches stand apart. */
  public List<String> order() {
    Map<String, String> sources = sources();
    var order = new ArrayList<String>();
    for (String match : matches()) {
      String region = sources.get(match);
      if (order.isEmpty() || !order.getLast().equals(region)) {
        order.add(region);
      }
    }
    return order;
  }

  /** Every entry of the Bundle, the gateway's own ones included. */
  public Stream<JsonNode> allEntries() {
    return resource.path("entry").valueStream();
  }

  /** The one OperationOutcome: the answer itself, or its last entry. */
  public JsonNode outcome() {
    if (resource.path("resourceType").asText().equals("OperationOutcome")) {
      return resource;
    }
    List<JsonNode> outcomes =
        allEntries()
            .filter(entry -> entry.at("/resource/resourceType").asText().equals("OperationOutcome"))
            .toList();
    assertThat(outcomes).hasSize(1);
    assertThat(outcomes.getFirst()).isSameAs(allEntries().toList().getLast());
    assertThat(outcomes.getFirst().at("/search/mode").asText()).isEqualTo("outcome");
    return outcomes.getFirst().path("resource");
  }

  /** The account, line by line. */
  public List<Line> account() {
    return outcome()
        .path("issue")
        .valueStream()
        .filter(issue -> !code(issue, "region").isEmpty())
        .map(
            issue ->
                new Line(
                    code(issue, "region"),
                    code(issue, "account"),
                    code(issue, "origin"),
                    issue.path("severity").asText(),
                    issue.at("/details/text").asText(),
                    issue.path("diagnostics").asText()))
        .toList();
  }

  /** The statuses of each region's lines, in the account's order. */
  public Map<String, List<String>> statuses() {
    var statuses = new LinkedHashMap<String, List<String>>();
    for (Line line : account()) {
      statuses.computeIfAbsent(line.region(), region -> new ArrayList<>()).add(line.status());
    }
    return statuses;
  }

  /** The sentence for a clinician, or why there is no answer. */
  public String sentence() {
    return outcome().at("/issue/0/details/text").asText();
  }

  /** The whole address of an entry. */
  public static String fullUrl(JsonNode entry) {
    return entry.path("fullUrl").asText();
  }

  /** Whose every entry is, by its address, as the Provenances tell. */
  private Map<String, String> sources() {
    var regions = new LinkedHashMap<String, String>();
    account().forEach(line -> regions.put(line.name(), line.region()));
    var sources = new LinkedHashMap<String, String>();
    allEntries()
        .map(entry -> entry.path("resource"))
        .filter(resource -> resource.path("resourceType").asText().equals("Provenance"))
        .forEach(
            provenance -> {
              String region = regions.get(provenance.at("/agent/0/who/display").asText());
              provenance
                  .path("target")
                  .forEach(target -> sources.put(target.path("reference").asText(), region));
            });
    return sources;
  }

  private static String code(JsonNode issue, String system) {
    return issue
        .at("/details/coding")
        .valueStream()
        .filter(coding -> coding.path("system").asText().equals(CODES + system))
        .map(coding -> coding.path("code").asText())
        .findFirst()
        .orElse("");
  }

  /** The status alone. */
  @Override
  public String toString() {
    return "Answer[" + status() + "]";
  }
}
