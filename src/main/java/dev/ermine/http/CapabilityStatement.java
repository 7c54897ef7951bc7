package dev.ermine.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.fhir.DateParameters;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.References;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.fhir.ResultParameters.Inclusion;
import dev.ermine.fhir.SearchParameters;
import dev.ermine.fhir.Slice;
import dev.ermine.region.Regions;
import java.time.temporal.ChronoUnit;
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
      "Mutual TLS with the client certificate agreed for your region, and as `Authorization: Bearer` a"
          + " token bound to that certificate: one signed with your region's key for each request, or an"
          + " access token from the token endpoint (SMART Backend Services). It says who asks, for whom"
          + " and why; agreements between the regions say what may be had. See the README.";
  private static final String SECURITY_SERVICES =
      "http://terminology.hl7.org/CodeSystem/restful-security-service";

  private static final String DUPLICATES =
      "Entries that record the same fact are linked as alternates. With the header"
          + " `Ermine-Duplicates: fold` one is shown of those that are alike in all that bears on"
          + " safety; `show`, the default, shows all.";
  private static final String PATIENT =
      "Required: the one patient, by NHS number: `patient.identifier` (or `patient:identifier`,"
          + " `subject.identifier`, `subject:identifier`, `subject:Patient.identifier`) with"
          + " `https://fhir.nhs.uk/Id/nhs-number|` and the number.";

  private static final String PATIENT_ITSELF =
      "Required: the NHS number, as `https://fhir.nhs.uk/Id/nhs-number|` and the number.";
  private static final String SUMMARY =
      "At the type only, by POST, with Parameters of an `identifier`: the NHS number. An International"
          + " Patient Summary of what all regions that may be asked share.";
  private static final String TYPES =
      "Required for a search at the base: the types wanted, such as"
          + " `_type=Patient,AllergyIntolerance`.";

  private static final String SORT =
      "Up to four of the keys that every type asked for has (a Patient beside others needs none),"
          + " separated by commas, `-` before those that descend. Values that are missing stand last.";
  private static final String COUNT =
      "The most matches on a page, over all regions; more than %d is taken as that. `_count=0` asks"
              .formatted(ResultParameters.MOST_ON_A_PAGE)
          + " for the number alone.";
  private static final String INCLUDE =
      "What the matches refer to, in their own region, as far as that region includes it and its"
          + " agreements cover it; without `:iterate` and `*`.";
  private static final String REVINCLUDE =
      "What refers to the matches, in their own region, as far as that region includes it and its"
          + " agreements cover it; without `:iterate` and `*`.";

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
        .put("url", facts.fhir());
    statement.put("fhirVersion", "4.0.1");
    statement.putArray("format").add("application/fhir+json").add("json");
    statement.putArray("rest").add(rest(facts));
    return new Gather(List.of(Slice.of(statement.toString())));
  }

  private static ObjectNode rest(PublicFacts facts) {
    ObjectNode rest = JSON.objectNode();
    rest.put("mode", "server");
    rest.put("documentation", DUPLICATES);
    rest.set("security", security(facts));
    ArrayNode resources = rest.putArray("resource");
    facts.types().stream()
        .filter(type -> !type.equals("Binary")) // it is read, never searched
        .forEach(type -> resources.add(resource(type, facts.types())));
    rest.putArray("interaction").addObject().put("code", "search-system");
    ArrayNode parameters = rest.putArray("searchParam");
    parameter(parameters, "_type", "special").put("documentation", TYPES);
    parameter(parameters, "patient", "reference").put("documentation", PATIENT);
    parameter(parameters, "_sort", "string").put("documentation", SORT);
    parameter(parameters, "_count", "number").put("documentation", COUNT);
    parameter(parameters, "_include", "special").put("documentation", INCLUDE);
    parameter(parameters, "_revinclude", "special").put("documentation", REVINCLUDE);
    return rest;
  }

  /** Without the extension {@code oauth-uris}, for it demands an address to authorize at. */
  private static ObjectNode security(PublicFacts facts) {
    ObjectNode security = JSON.objectNode();
    ArrayNode services = security.putArray("service");
    services.addObject().putArray("coding").add(service("Certificates"));
    services.addObject().putArray("coding").add(service("SMART-on-FHIR"));
    return security.put(
        "description", SECURITY + " Access tokens are to be had at " + facts.tokenEndpoint() + ".");
  }

  private static ObjectNode service(String code) {
    return JSON.objectNode().put("system", SECURITY_SERVICES).put("code", code);
  }

  private static ObjectNode resource(String type, Set<String> types) {
    ObjectNode resource = JSON.objectNode();
    resource.put("type", type);
    resource.putArray("interaction").addObject().put("code", "search-type");
    inclusions(resource, "searchInclude", References.from(type), types);
    inclusions(resource, "searchRevInclude", References.to(type), types);
    ArrayNode parameters = resource.putArray("searchParam");
    if (type.equals("Patient")) {
      resource
          .putArray("operation")
          .addObject()
          .put("name", "summary")
          .put("definition", "http://hl7.org/fhir/uv/ips/OperationDefinition/summary")
          .put("documentation", SUMMARY);
      parameter(parameters, "identifier", "token").put("documentation", PATIENT_ITSELF);
    } else {
      parameter(parameters, "patient", "reference").put("documentation", PATIENT);
    }
    SearchParameters.of(type).forEach((name, kind) -> parameter(parameters, name, kind.fhir()));
    parameter(parameters, "_sort", "string")
        .put(
            "documentation",
            "By `%s`.".formatted(String.join("`, `", DateParameters.sorting(List.of(type)))));
    return resource;
  }

  /** Those that bring anything that some region has; an empty array is no FHIR. */
  private static void inclusions(
      ObjectNode resource, String name, List<Inclusion> inclusions, Set<String> types) {
    List<String> some =
        inclusions.stream()
            .filter(inclusion -> inclusion.mayBring(types))
            .map(inclusion -> inclusion.said().value())
            .toList();
    if (!some.isEmpty()) {
      ArrayNode array = resource.putArray(name);
      some.forEach(array::add);
    }
  }

  private static ObjectNode parameter(ArrayNode parameters, String name, String kind) {
    return parameters.addObject().put("name", name).put("type", kind);
  }
}
