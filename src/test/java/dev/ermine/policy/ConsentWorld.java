package dev.ermine.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.fhir.Facets;
import dev.ermine.fhir.Facets.Coded;
import dev.ermine.fhir.Facets.Dated;
import dev.ermine.fhir.Facets.Meta;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.fhir.Slice;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What tests of Consents start from: London holds the record and the Consents, a doctor of Princess
 * Alexandra asks through Herts, on the first of June 2022.
 */
final class ConsentWorld {

  static final Instant AT = Instant.parse("2022-06-01T12:00:00Z");
  static final String BASE = "https://london.example.nhs.uk/fhir";
  static final Region HERTS = organised(Parties.region(Parties.HWE), "QM7");
  static final Region LONDON = organised(Parties.region(Parties.LONDON), "QMJ");
  static final JsonMapper JSON = new JsonMapper();

  private ConsentWorld() {}

  private static Region organised(Region region, String ods) {
    return new Region(
        region.id(),
        region.name(),
        new Organisation(ods, region.name()),
        region.status(),
        region.publicText(),
        region.asks(),
        region.answers());
  }

  /** A doctor, role R8000, who asks for these purposes. */
  static Requester doctor(String... purposes) {
    return new Requester(
        Parties.HWE,
        "https://hwe.example.nhs.uk",
        "10019",
        new Organisation("RQW", "Princess Alexandra Hospital"),
        Optional.of("111222333444"),
        Optional.empty(),
        List.of(Parties.role("R8000")),
        Stream.of(purposes).map(PurposeOfUse::new).toList(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(
            Map.of(
                "identifier",
                List.of(
                    Map.of(
                        "system", "https://fhir.hl7.org.uk/Id/gmc-number", "value", "C1234567")))),
        List.of(),
        "jti-1",
        "thumbprint",
        AT.plusSeconds(300),
        Scope.ALL);
  }

  /** London's rules of these resources, Consents and what came with them, for that requester. */
  static ConsentRules rules(Requester requester, String... resources) {
    return ConsentRules.of(recorded(resources), LONDON, HERTS, requester, AT);
  }

  static Consents recorded(String... resources) {
    return new Consents.Known(Stream.of(resources).map(ConsentWorld::entry).toList(), BASE);
  }

  static ConsentRules.Ruling ruling(ConsentRules rules, Entry entry) {
    return rules.rule(entry, EntryLabels.of(entry.facets().labels()));
  }

  /** An active Consent about privacy, with these further members; single quotes for double. */
  static String consent(String... members) {
    return quoted(
        "{'resourceType':'Consent','status':'active','scope':{'coding':[{'system':"
            + "'http://terminology.hl7.org/CodeSystem/consentscope','code':'patient-privacy'}]},"
            + "'patient':{'reference':'Patient/p1'},'organization':[{'reference':"
            + "'Organization/keeper'}],"
            + String.join(",", members)
            + "}");
  }

  /** The base policy of that code of HL7's. */
  static String rule(String code) {
    return "'policyRule':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode',"
        + "'code':'"
        + code
        + "'}]}";
  }

  static String provision(String... members) {
    return "'provision':{" + String.join(",", members) + "}";
  }

  static String quoted(String text) {
    return text.replace('\'', '"');
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  static Entry entry(String resource) {
    return entry(json(resource), Slice.of(resource), Optional.empty());
  }

  /** The resource as the scanner would have it, as far as Consents look at it. */
  static Entry entry(JsonNode tree, Slice bytes, Optional<String> fullUrl) {
    return new Entry(
        bytes,
        tree.path("resourceType").asText(),
        text(tree, "id"),
        fullUrl,
        Entry.Mode.MATCH,
        tree.path("identifier")
            .valueStream()
            .map(
                each -> new Identifier(text(each, "system"), text(each, "value"), Optional.empty()))
            .toList(),
        references(tree),
        List.of(),
        List.of(),
        facets(tree));
  }

  private static List<Entry.Reference> references(JsonNode tree) {
    List<Entry.Reference> references = new ArrayList<>();
    tree.propertyStream()
        .filter(property -> !property.getKey().equals("identifier"))
        .forEach(property -> references(property.getKey(), property.getValue(), references));
    return references;
  }

  private static void references(String element, JsonNode node, List<Entry.Reference> found) {
    if (node.isObject() && (node.has("reference") || node.has("identifier"))) {
      JsonNode logical = node.path("identifier");
      found.add(
          new Entry.Reference(
              element,
              text(node, "reference")
                  .map(url -> new Entry.Url(url, Slice.quoted(url), Entry.Url.Kind.REFERENCE)),
              text(node, "type"),
              text(logical, "system"),
              text(logical, "value")));
    }
    node.valueStream().forEach(child -> references(element, child, found));
  }

  private static Facets facets(JsonNode tree) {
    List<Coded> codes = new ArrayList<>();
    tree.findValues("coding")
        .forEach(
            each ->
                each.valueStream()
                    .map(coding -> new Coded("code", coding(coding)))
                    .forEach(codes::add));
    return new Facets(
        tree.at("/meta/security").valueStream().map(ConsentWorld::coding).toList(),
        codes,
        tree.propertyStream()
            .filter(each -> each.getKey().matches(".*Date|.*DateTime|.*Period|period|date"))
            .map(each -> dated(each.getKey(), each.getValue()))
            .toList(),
        new Meta(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            tree.at("/meta/profile").valueStream().map(JsonNode::asText).toList(),
            List.of()),
        Optional.empty(),
        tree.findValuesAsText("contentType"),
        List.of(),
        List.of(),
        false);
  }

  private static Dated dated(String element, JsonNode value) {
    return value.isTextual()
        ? new Dated(element, Optional.of(value.asText()), Optional.of(value.asText()))
        : new Dated(element, text(value, "start"), text(value, "end"));
  }

  static Coding coding(JsonNode node) {
    return new Coding(node.path("system").asText(), node.path("code").asText());
  }

  private static Optional<String> text(JsonNode node, String name) {
    return Optional.ofNullable(node.path(name).textValue());
  }
}
