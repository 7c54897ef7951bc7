package dev.ermine.peer;

import dev.ermine.fhir.BodyScanner;
import dev.ermine.fhir.PeerBody;
import dev.ermine.fhir.PeerBody.PeerIssue;
import dev.ermine.fhir.Slice;
import dev.ermine.merge.PeerAnswer.Miss;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a response means. */
sealed interface Reading {

  /** 200, with a body that has been scanned. */
  record Body(PeerBody body) implements Reading {}

  /** The thing asked for is not there. */
  record Absent() implements Reading {}

  /** Refused for a reason of the patient's, which looks like a patient who is not known. */
  record Hidden() implements Reading {}

  /** Refused since the patient objects to sharing. */
  record Objected() implements Reading {}

  /** Nothing to be had. */
  record Missing(Miss miss) implements Reading {}

  /**
   * Codes that tell of the patient and not of the caller. Each must look like a patient who is not
   * known: that somebody is restricted is not ours to tell.
   *
   * @see <a
   *     href="https://digital.nhs.uk/developer/api-catalogue/gp-connect-access-record-structured-fhir">GP
   *     Connect: Access Record Structured, error handling</a>
   */
  Set<String> PATIENT_REASONS =
      Set.of("PATIENT_NOT_FOUND", "NO_RECORD_FOUND", "INVALIDATED_RESOURCE", "RESOURCE_NOT_FOUND");

  /** The code by which a region says that the patient objects. */
  String DISSENT = "NO_PATIENT_CONSENT";

  /** What a refusing response is longer than is not looked into. */
  int REFUSAL_BYTES = 64 * 1024;

  /** What a response's status says; empty for 200, whose body says it. */
  static Optional<Reading> ofStatus(Reply.Response response, Instant now) {
    int status = response.status();
    return switch (status) {
      case 200 -> Optional.empty();
      case 401 -> missing(new Miss.Refused());
      case 403 -> Optional.of(hiddenOr(response, new Missing(new Miss.Refused())));
      case 404, 410 -> Optional.of(hiddenOr(response, new Absent()));
      case 508 -> missing(new Miss.Failing("the question has come through it already, or too far"));
      default -> response.throttles() ? throttled(response, now) : missing(Faults.ofStatus(status));
    };
  }

  private static Optional<Reading> throttled(Reply.Response response, Instant now) {
    return missing(new Miss.Throttled(RetryAfter.parse(response.retryAfter(), now)));
  }

  private static Optional<Reading> missing(Miss miss) {
    return Optional.of(new Missing(miss));
  }

  private static Reading hiddenOr(Reply.Response response, Reading otherwise) {
    Slice body = response.body();
    if (body.length() > REFUSAL_BYTES || !MediaType.isFhirJson(response.contentType())) {
      return otherwise;
    }
    if (!(BodyScanner.scan(body.bytes(), body.length()) instanceof PeerBody.Outcome(var issues))) {
      return otherwise;
    }
    if (says(issues, Set.of(DISSENT))) {
      return new Objected();
    }
    return says(issues, PATIENT_REASONS) ? new Hidden() : otherwise;
  }

  private static boolean says(List<PeerIssue> issues, Set<String> codes) {
    return issues.stream().flatMap(issue -> issue.details().stream()).anyMatch(codes::contains);
  }
}
