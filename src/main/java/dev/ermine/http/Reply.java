package dev.ermine.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.federation.FederatedAnswer;
import dev.ermine.fhir.BinaryContent;
import dev.ermine.fhir.FhirJson;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.Slice;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A response before it is written. The headers that every response has are the {@link Door}'s.
 *
 * @param headers none of them copied from an asker or a peer
 */
record Reply(int status, Map<String, String> headers, String contentType, Gather body) {

  static final String FHIR_JSON = "application/fhir+json;charset=UTF-8";

  Reply {
    headers = Map.copyOf(headers);
  }

  /** A FHIR resource. */
  static Reply fhir(int status, Map<String, String> headers, Gather resource) {
    return new Reply(status, headers, FHIR_JSON, resource);
  }

  /** Plain JSON. */
  static Reply json(int status, Map<String, String> headers, ObjectNode json) {
    return new Reply(
        status, headers, "application/json", new Gather(List.of(Slice.of(json.toString()))));
  }

  /** An OperationOutcome. */
  static Reply outcome(int status, Map<String, String> headers, List<Issue> issues) {
    return fhir(status, headers, new Gather(List.of(FhirJson.operationOutcome(issues))));
  }

  /**
   * A region's resource, or its document: a Binary in FHIR for those who ask for FHIR, otherwise
   * what it holds.
   *
   * @param accept the lines of {@code Accept}
   */
  static Reply found(FederatedAnswer.Found found, List<String> accept) {
    if (!Media.isFhirJson(found.contentType())) {
      return document(found.contentType(), found.content());
    }
    Optional<BinaryContent> held =
        Media.namesFhirJson(accept) ? Optional.empty() : BinaryContent.of(found.content());
    return held.map(
            content -> document(content.contentType(), new Gather(List.of(content.bytes()))))
        .orElseGet(() -> fhir(200, Map.of(), found.content()));
  }

  /** To be saved, never run. A browser that shows it anyway lets it do nothing. */
  private static Reply document(String contentType, Gather content) {
    return new Reply(
        200,
        Map.of(
            "Content-Disposition", "attachment",
            "Content-Security-Policy", "default-src 'none'; sandbox"),
        Media.ofDocument(contentType),
        content);
  }

  Response toResponse() {
    Response.ResponseBuilder response =
        Response.status(status)
            .header("Content-Type", contentType)
            .header("Content-Length", body.length())
            .entity(body);
    headers.forEach(response::header);
    return response.build();
  }
}
