package dev.ermine.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The answers to a region's searches, a page at a time. A {@code next} link carries nothing but a
 * random token.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#paging">FHIR R4: paging</a>
 */
final class Searchset {

  static final int PAGE = 100;

  /** Which Medications go with which types. */
  private static final Set<String> INCLUDES =
      Set.of("MedicationRequest:medication", "MedicationStatement:medication");

  /**
   * What is still to be answered of a search.
   *
   * @param self the address of the search as it was understood, without patient
   * @param next index of the first match of the page
   */
  private record Rest(
      URI self,
      Optional<PatientRecord> record,
      List<ObjectNode> matches,
      int next,
      int size,
      List<String> includes) {}

  private final URI base;
  private final boolean urnFullUrls;
  private final Map<String, Rest> pages = new ConcurrentHashMap<>();

  /**
   * @param urnFullUrls whether entries are named {@code urn:uuid:<id>}, as where there is no read
   */
  Searchset(URI base, boolean urnFullUrls) {
    this.base = base;
    this.urnFullUrls = urnFullUrls;
  }

  /** The first page of a search whose matches are known. */
  ObjectNode first(
      URI self, Optional<PatientRecord> record, List<ObjectNode> matches, Asked asked) {
    int size = asked.first("_count").map(Integer::parseInt).orElse(PAGE);
    return page(new Rest(self, record, matches, 0, Math.clamp(size, 1, PAGE), includes(asked)));
  }

  /** The page that a {@code next} link names. */
  Optional<ObjectNode> next(String token) {
    return Optional.ofNullable(pages.get(token)).map(this::page);
  }

  /** The includes that are asked for and known. */
  static List<String> includes(Asked asked) {
    return asked.parameters().getOrDefault("_include", List.of()).stream()
        .filter(INCLUDES::contains)
        .toList();
  }

  private ObjectNode page(Rest rest) {
    int end = Math.min(rest.next + rest.size, rest.matches.size());
    List<ObjectNode> matches = rest.matches.subList(rest.next, end);
    ObjectNode bundle = Json.MAPPER.createObjectNode().put("resourceType", "Bundle");
    bundle.put("id", UUID.randomUUID().toString());
    bundle.put("type", "searchset");
    bundle.put("total", rest.matches.size());
    ArrayNode links = bundle.putArray("link");
    link(links, "self", rest.self);
    if (end < rest.matches.size()) {
      link(links, "next", URI.create(base + "?_page=" + remember(rest, end)));
    }
    addEntries(bundle, matches, included(rest, matches));
    return bundle;
  }

  private void addEntries(ObjectNode bundle, List<ObjectNode> matches, List<ObjectNode> included) {
    if (matches.isEmpty()) {
      return; // an empty array is no FHIR
    }
    ArrayNode entries = bundle.putArray("entry");
    matches.forEach(resource -> entry(entries, resource, "match"));
    included.forEach(resource -> entry(entries, resource, "include"));
  }

  private String remember(Rest rest, int end) {
    String token = UUID.randomUUID().toString();
    pages.put(token, new Rest(rest.self, rest.record, rest.matches, end, rest.size, rest.includes));
    return token;
  }

  private static List<ObjectNode> included(Rest rest, List<ObjectNode> matches) {
    var found = new ArrayList<ObjectNode>();
    for (ObjectNode match : matches) {
      JsonNode medication = match.path("medicationReference");
      String include = match.path("resourceType").asText() + ":medication";
      if (medication.has("reference") && rest.includes.contains(include)) {
        rest.record
            .flatMap(record -> record.referredTo(medication))
            .filter(resource -> !found.contains(resource))
            .ifPresent(found::add);
      }
    }
    return found;
  }

  private void entry(ArrayNode entries, ObjectNode resource, String mode) {
    ObjectNode entry = entries.addObject();
    entry.put("fullUrl", fullUrl(resource));
    entry.set("resource", resource);
    entry.putObject("search").put("mode", mode);
  }

  private String fullUrl(ObjectNode resource) {
    String id = resource.path("id").asText();
    return urnFullUrls
        ? "urn:uuid:" + id
        : base + "/" + resource.path("resourceType").asText() + "/" + id;
  }

  private static void link(ArrayNode links, String relation, URI url) {
    links.addObject().put("relation", relation).put("url", url.toString());
  }
}
