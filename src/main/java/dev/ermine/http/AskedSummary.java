package dev.ermine.http;

import dev.ermine.federation.Wishes;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.SummaryInput;
import java.util.List;

/**
 * What became of a request for a summary: a patient, or the reply that says why there is none.
 *
 * @see <a href="https://hl7.org/fhir/R4/operations.html#request">FHIR R4: operation request</a>
 */
sealed interface AskedSummary {

  /** A question. */
  record Question(NhsNumber patient, Wishes wishes) implements AskedSummary {}

  /** Not a question. */
  record NotAsked(Reply reply) implements AskedSummary {}

  /** Reads a request for a summary: all that it says is in its body, and nothing in its address. */
  static AskedSummary read(Admitted admitted) {
    if (!Media.acceptsFhirJson(admitted.headers().getAll("accept"))) {
      return new NotAsked(Refusals.of(Fault.NOT_ACCEPTABLE));
    }
    if (!Media.isFhirJsonBody(admitted.headers().get("content-type"))
        || admitted.headers().contains("content-encoding")) {
      return new NotAsked(Refusals.of(Fault.MEDIA_TYPE_FHIR));
    }
    if (admitted.query().length > 0) {
      return new NotAsked(Refusals.malformed(List.of(IN_ADDRESS)));
    }
    return switch (WishHeaders.read(admitted.headers())) {
      case WishHeaders.Heard.Unclear unclear -> new NotAsked(Refusals.malformed(unclear.faults()));
      case WishHeaders.Heard.Understood understood ->
          switch (SummaryInput.read(admitted.body())) {
            case SummaryInput.Malformed malformed ->
                new NotAsked(Refusals.malformed(malformed.issues()));
            case SummaryInput.Named named -> new Question(named.patient(), understood.wishes());
          };
    };
  }

  Issue IN_ADDRESS =
      Issue.error(
          Issue.Code.INVALID, "send the parameters in the body, as Parameters, not in the address");
}
