package dev.ermine.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.SearchParameters;
import dev.ermine.fhir.Slice;
import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What this gateway says of itself: the types that its regions answer, and how they are searched.
 *
 * @see <a href="https://hl7.org/fhir/R4/capabilitystatement.html">FHIR R4: CapabilityStatement</a>
 */
final class CapabilityStatement {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String SECURITY =
      "Mutual TLS with the client certificate agreed for your region, and with each request a token"
          + " as `Authorization: Bearer`, signed with your region's key and bound to that"
          + " certificate. It says who asks, for whom and why; agreements between the regions say"
          + " what may be had. See the README.";
  private static final String PATIENT =
      "Required: the one patient, by NHS number: `patient.identifier` (or `patient:identifier`,"
          + " `subject.identifier`, `subject:identifier`, `subject:Patient.identifier`) with"
          + " `https://fhir.nhs.uk/Id/nhs-number|` and the number.";
  private static final String PATIENT_ITSELF =
      "Required: the NHS number, as `https://fhir.nhs.uk/Id/nhs-number|` and the number.";
  private static final String TYPES =
      "Required for a search at the base: the types wanted, such as"
          + " `_type=Patient,AllergyIntolerance`.";

  private CapabilityStatement() {}

  static Gather of(PublicFacts facts) {
    Regions regions = facts.live().get();
    ObjectNode statement = JSON.objectNode();
    statement.put("resourceType", "CapabilityStatement");
    statement.put("status", "active");
    statement.put("date", facts.since().truncatedTo(ChronoUnit.SECONDS).toString());
    statement.put("publisher", regions.gateway().organisation().name());
    statement.put("kind", "instance");
    statement.putObject("software").put("name", "Ermine");
    statement
        .putObject("implementation")
        .put("description", "Federated search over the shared care records of England's regions")
        .put("url", facts.base() + "/fhir");
    statement.put("fhirVersion", "4.0.1");
    statement.putArray("format").add("application/fhir+json").add("json");
    statement.putArray("rest").add(rest(regions));
    return new Gather(List.of(Slice.of(statement.toString())));
  }

  private static ObjectNode rest(Regions regions) {
    ObjectNode rest = JSON.objectNode();
    rest.put("mode", "server");
    ObjectNode security = rest.putObject("security");
    security
        .putArray("service")
        .addObject()
        .putArray("coding")
        .addObject()
        .put("system", "http://terminology.hl7.org/CodeSystem/restful-security-service")
        .put("code", "Certificates");
    security.put("description", SECURITY);
    ArrayNode resources = rest.putArray("resource");
    typesOf(regions).forEach(type -> resources.add(resource(type)));
    rest.putArray("interaction").addObject().put("code", "search-system");
    ArrayNode parameters = rest.putArray("searchParam");
    parameter(parameters, "_type", "special").put("documentation", TYPES);
    parameter(parameters, "patient", "reference").put("documentation", PATIENT);
    return rest;
  }

  /** All types that some region answers; a Binary is read, never searched. */
  private static Set<String> typesOf(Regions regions) {
    Set<String> types = new LinkedHashSet<>();
    for (Region region : regions.regions()) {
      region.answers().ifPresent(answers -> types.addAll(answers.types()));
    }
    types.remove("Binary");
    return types;
  }

  private static ObjectNode resource(String type) {
    ObjectNode resource = JSON.objectNode();
    resource.put("type", type);
    resource.putArray("interaction").addObject().put("code", "search-type");
    ArrayNode parameters = resource.putArray("searchParam");
    if (type.equals("Patient")) {
      parameter(parameters, "identifier", "token").put("documentation", PATIENT_ITSELF);
    } else {
      parameter(parameters, "patient", "reference").put("documentation", PATIENT);
    }
    SearchParameters.of(type).forEach((name, kind) -> parameter(parameters, name, kind.fhir()));
    return resource;
  }

  private static ObjectNode parameter(ArrayNode parameters, String name, String kind) {
    return parameters.addObject().put("name", name).put("type", kind);
  }
}
