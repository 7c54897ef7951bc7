package dev.ermine.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * What a region answers: a status, a body, or in its place a FHIR resource in the region's style.
 */
sealed interface Reply {

  int status();

  /** A FHIR resource. */
  record Fhir(int status, ObjectNode resource) implements Reply {}

  /** The content of a document, in base64. */
  record Raw(int status, String base64, Map<String, String> headers) implements Reply {}

  static Reply ok(ObjectNode resource) {
    return new Fhir(200, resource);
  }

  /** An OperationOutcome with one error. */
  static Reply fault(int status, String code, String diagnostics) {
    ObjectNode outcome = Json.MAPPER.createObjectNode().put("resourceType", "OperationOutcome");
    outcome
        .putArray("issue")
        .addObject()
        .put("severity", "error")
        .put("code", code)
        .put("diagnostics", diagnostics);
    return new Fhir(status, outcome);
  }
}
