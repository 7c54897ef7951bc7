package dev.ermine.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.fhir.FhirJson;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.Slice;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;

/**
 * A response before it is written. The headers that every response has are the {@link Door}'s.
 *
 * @param headers none of them copied from an asker or a peer
 */
record Reply(int status, Map<String, String> headers, String contentType, Gather body)
    implements Outgoing {

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

  /** No byte of a document is in the range that was asked for. */
  static Reply beyond(long length) {
    return outcome(
        416,
        Map.of("Content-Range", "bytes */" + length, "Accept-Ranges", "bytes"),
        List.of(
            Issue.error(
                Issue.Code.INVALID,
                "the document has %d bytes; ask for a range within them".formatted(length))));
  }

  @Override
  public Response toResponse() {
    Response.ResponseBuilder response =
        Response.status(status)
            .header("Content-Type", contentType)
            .header("Content-Length", body.length())
            .entity(body);
    headers.forEach(response::header);
    return response.build();
  }
}
