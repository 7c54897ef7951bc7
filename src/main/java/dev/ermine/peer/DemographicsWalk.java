package dev.ermine.peer;

import dev.ermine.federation.PeerQuestion;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.PeerBody;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.Sought;
import io.vertx.core.Future;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * How the Personal Demographics Service is asked who carries an NHS number: by a read, for the
 * number is the Patient's id there.
 *
 * @see <a
 *     href="https://digital.nhs.uk/developer/api-catalogue/personal-demographics-service-fhir">PDS
 *     FHIR API: get patient details</a>
 */
final class DemographicsWalk {

  private DemographicsWalk() {}

  static Future<PeerAnswer> answer(Conversation conversation, NhsNumber number) {
    PeerRequest request =
        PeerRequest.read(conversation.answers(), "Patient", number.value(), PeerRequest.FHIR_JSON);
    return conversation.read(request, 1).map(DemographicsWalk::answer);
  }

  /** A number that is not known, or was made invalid, is nobody's. */
  private static PeerAnswer answer(Reading reading) {
    return switch (reading) {
      case Reading.Absent(), Reading.Hidden() -> new PeerAnswer.NotMatched();
      case Reading.Missing(Miss miss) -> new PeerAnswer.Missed(miss);
      case Reading.Body(PeerBody.Resource(Entry patient))
          when Sought.filedUnder(patient).isPresent() ->
          new PeerAnswer.Answered(List.of(patient), Map.of());
      case Reading.Body(PeerBody.Unreadable(String why)) ->
          new PeerAnswer.Missed(new Miss.Failing(why));
      case Reading.Body _, Reading.Objected() ->
          new PeerAnswer.Missed(new Miss.Failing("something other than a Patient filed by number"));
    };
  }

  /**
   * The headers by which the service knows a request: an id of the exchange's own, a UUID, for two
   * requests of one id are one to it; the id by which we know it; and for whom it is.
   */
  static RequestOptions identified(RequestOptions request, PeerQuestion.Demographics asked) {
    return request
        .putHeader("X-Request-ID", UUID.randomUUID().toString())
        .putHeader("X-Correlation-ID", asked.call().id())
        .putHeader("NHSD-End-User-Organisation-ODS", asked.requester().organisation().ods());
  }
}
