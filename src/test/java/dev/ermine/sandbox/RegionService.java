package dev.ermine.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.region.Region.Lookup;
import dev.ermine.region.Region.Search;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A region's FHIR R4 service: capabilities, search as the region supports it, read, and documents.
 */
final class RegionService {

  private static final String NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number|";

  private static final Set<String> TYPES =
      Set.of(
          "Patient",
          "AllergyIntolerance",
          "Condition",
          "MedicationStatement",
          "MedicationRequest",
          "Medication",
          "Observation",
          "Encounter",
          "Procedure",
          "Immunization",
          "DiagnosticReport",
          "DocumentReference",
          "CarePlan",
          "Flag",
          "Appointment",
          "ServiceRequest",
          "Consent");

  private final PeerRegion region;
  private final URI base;
  private final Holdings holdings;
  private final TokenCheck tokens;
  private final Searchset searchset;

  RegionService(PeerRegion region, URI base, TokenCheck tokens) {
    this.region = region;
    this.base = base;
    this.holdings = Holdings.of(region, base);
    this.tokens = tokens;
    this.searchset = new Searchset(base, !region.read());
  }

  /** Answers what is asked. */
  Reply answer(Asked asked) {
    if (asked.path().equals(List.of("metadata"))) {
      return Reply.ok(capabilities());
    }
    return tokens
        .fault(asked.authorization())
        .map(fault -> Reply.fault(401, "login", fault))
        .orElseGet(() -> route(asked));
  }

  /** The NHS number whose record is asked for, however the question names it. */
  Optional<String> subject(Asked asked) {
    return number(asked)
        .or(() -> byPatient(asked).map(PatientRecord::nhsNumber))
        .or(() -> byAddress(asked).map(PatientRecord::nhsNumber));
  }

  private Reply route(Asked asked) {
    List<String> path = asked.path();
    boolean get = asked.method().equals("GET");
    if (get && path.isEmpty() && asked.first("_page").isPresent()) {
      return page(asked);
    }
    if (path.isEmpty()) {
      return Reply.fault(404, "not-found", "there is nothing at this address");
    }
    if (isSearch(asked)) {
      return search(path.getFirst(), asked);
    }
    if (get && path.size() == 2) {
      return read(path.getFirst(), path.getLast(), asked.accept());
    }
    return Reply.fault(405, "not-supported", "this region is for reading");
  }

  private static boolean isSearch(Asked asked) {
    return switch (asked.method()) {
      case "GET" -> asked.path().size() == 1;
      case "POST" -> asked.path().size() == 2 && asked.path().getLast().equals("_search");
      default -> false;
    };
  }

  private Reply page(Asked asked) {
    return asked
        .first("_page")
        .flatMap(searchset::next)
        .map(Reply::ok)
        .orElseGet(() -> Reply.fault(410, "expired", "this page is no longer there"));
  }

  private Reply search(String type, Asked asked) {
    if (!TYPES.contains(type)) {
      return Reply.fault(404, "not-supported", "this region has no `" + type + "`");
    }
    if (asked.method().equals("POST") && region.search() == Search.GET) {
      return Reply.fault(405, "not-supported", "this region is searched by GET");
    }
    Optional<String> named = patientParameter(type, asked);
    if (named.isEmpty()) {
      return Reply.fault(400, "required", "name the patient in a way this region supports");
    }
    Optional<PatientRecord> record =
        number(asked).flatMap(holdings::byNumber).or(() -> byPatient(asked)).or(() -> byId(asked));
    Filters filters = Filters.of(asked.parameters());
    List<ObjectNode> matches =
        record.stream().flatMap(found -> found.ofType(type)).filter(filters::pass).toList();
    return Reply.ok(
        searchset.first(self(type, named.get(), filters, asked), record, matches, asked));
  }

  /** The parameter that names the patient, among those that the region supports. */
  private Optional<String> patientParameter(String type, Asked asked) {
    Stream<String> supported =
        type.equals("Patient")
            ? Stream.of("identifier", "_id")
            : switch (region.lookup()) {
              case TWO_STEP -> Stream.of("patient", "subject");
              case CHAINED ->
                  Stream.of(
                      "patient", "subject", "patient.identifier", "subject:Patient.identifier");
              case IDENTIFIER -> Stream.of("patient:identifier", "subject:identifier");
            };
    return supported.filter(asked.parameters()::containsKey).findFirst();
  }

  private URI self(String type, String named, Filters filters, Asked asked) {
    var understood = new LinkedHashMap<String, List<String>>();
    understood.put(named, asked.parameters().get(named));
    understood.putAll(filters.applied());
    if (!Searchset.includes(asked).isEmpty()) {
      understood.put("_include", Searchset.includes(asked));
    }
    List<String> pairs =
        understood.entrySet().stream()
            .flatMap(entry -> entry.getValue().stream().map(value -> pair(entry.getKey(), value)))
            .toList();
    return URI.create(base + "/" + type + "?" + String.join("&", pairs));
  }

  private static String pair(String name, String value) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8)
        + "="
        + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static Optional<String> number(Asked asked) {
    return Stream.of(
            "identifier",
            "patient.identifier",
            "subject:Patient.identifier",
            "patient:identifier",
            "subject:identifier")
        .flatMap(name -> asked.first(name).stream())
        .filter(value -> value.startsWith(NHS_NUMBER))
        .map(value -> value.substring(NHS_NUMBER.length()))
        .findFirst();
  }

  private Optional<PatientRecord> byPatient(Asked asked) {
    return asked
        .first("patient")
        .or(() -> asked.first("subject"))
        .map(reference -> reference.substring(reference.lastIndexOf('/') + 1))
        .flatMap(holdings::byPatient);
  }

  private Optional<PatientRecord> byId(Asked asked) {
    return asked.path().getFirst().equals("Patient")
        ? asked.first("_id").flatMap(holdings::byPatient)
        : Optional.empty();
  }

  private Optional<PatientRecord> byAddress(Asked asked) {
    return asked.path().size() == 2
        ? holdings.holding(asked.path().getFirst(), asked.path().getLast())
        : Optional.empty();
  }

  private Reply read(String type, String id, String accept) {
    if (!region.read() && !type.equals("Binary")) {
      return Reply.fault(405, "not-supported", "this region is searched, not read");
    }
    return holdings
        .holding(type, id)
        .flatMap(record -> Holdings.resource(record, type, id))
        .map(resource -> type.equals("Binary") ? document(resource, accept) : Reply.ok(resource))
        .orElseGet(() -> Reply.fault(404, "not-found", "there is no such resource"));
  }

  /**
   * A Binary: as FHIR for those who ask for FHIR first, else its content.
   *
   * @see <a href="https://hl7.org/fhir/R4/binary.html#rest">FHIR R4: serving Binary</a>
   */
  private static Reply document(ObjectNode binary, String accept) {
    if (accept.strip().startsWith("application/fhir+json")) {
      return Reply.ok(binary);
    }
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", binary.path("contentType").asText());
    String context = binary.at("/securityContext/reference").asText();
    if (!context.isEmpty()) {
      headers.put("X-Security-Context", context);
    }
    return new Reply.Raw(200, binary.path("data").asText(), Map.copyOf(headers));
  }

  private ObjectNode capabilities() {
    ObjectNode statement =
        Json.MAPPER.createObjectNode().put("resourceType", "CapabilityStatement");
    statement.put("status", "active").put("date", "2026-11-21").put("kind", "instance");
    statement.putObject("implementation").put("description", "Sandbox: " + region.id());
    statement.put("fhirVersion", "4.0.1");
    statement.putArray("format").add("application/fhir+json");
    ObjectNode rest = statement.putArray("rest").addObject().put("mode", "server");
    ArrayNode resources = rest.putArray("resource");
    TYPES.stream().sorted().forEach(type -> capability(resources.addObject(), type));
    return statement;
  }

  private void capability(ObjectNode resource, String type) {
    resource.put("type", type);
    ArrayNode interactions = resource.putArray("interaction");
    interactions.addObject().put("code", "search-type");
    if (region.read()) {
      interactions.addObject().put("code", "read");
    }
    String patient = type.equals("Patient") ? "identifier" : "patient";
    String kind =
        type.equals("Patient") || region.lookup() == Lookup.IDENTIFIER ? "token" : "reference";
    resource.putArray("searchParam").addObject().put("name", patient).put("type", kind);
  }
}
