package dev.ermine.peer;

import dev.ermine.federation.PeerQuestion;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.PeerBody;
import dev.ermine.fhir.ResourceId;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Gap;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a read is asked: who carries the number, and the resource, side by side.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#read">FHIR R4: read</a>
 */
final class ReadWalk {

  /** Types that belong to no patient: no search parameter names one. */
  private static final Set<String> OF_NO_PATIENT =
      Set.of(
          "HealthcareService",
          "Location",
          "Medication",
          "Organization",
          "Practitioner",
          "PractitionerRole");

  private final PeerQuestion.Read read;
  private final Conversation conversation;

  ReadWalk(PeerQuestion.Read read, Conversation conversation) {
    this.read = read;
    this.conversation = conversation;
  }

  Future<PeerAnswer> answer() {
    if (!ResourceId.isValid(read.id())) {
      return Future.succeededFuture(new PeerAnswer.NotMatched());
    }
    if (!conversation.answers().read() && !OF_NO_PATIENT.contains(read.type())) {
      return SearchWalk.of(read, conversation).answer();
    }
    Future<PatientLookup> lookup = PatientLookup.of(conversation, read.patient(), List.of());
    Future<TypeAnswer> resource = conversation.answers().read() ? byRead() : bySearch();
    return lookup.compose(
        found ->
            found.then(
                patients ->
                    resource.map(
                        answer ->
                            new PeerAnswer.Answered(
                                patients.matches(), Map.of(read.type(), answer)))));
  }

  private Future<TypeAnswer> byRead() {
    PeerRequest request =
        PeerRequest.read(conversation.answers(), read.type(), read.id(), PeerRequest.FHIR_JSON);
    return conversation.read(request).map(this::typeAnswer);
  }

  private TypeAnswer typeAnswer(Reading reading) {
    return switch (reading) {
      case Reading.Absent() -> found(List.of());
      case Reading.Hidden() -> found(List.of());
      case Reading.Missing(Miss miss) -> new TypeAnswer.Unread(miss);
      case Reading.Body(PeerBody.Resource(Entry entry)) when isAsked(entry) ->
          found(List.of(entry));
      case Reading.Body(PeerBody.Unreadable(String why)) ->
          new TypeAnswer.Unread(new Miss.Failing(why));
      case Reading.Body any ->
          new TypeAnswer.Unread(new Miss.Failing("something other than the resource read"));
    };
  }

  private boolean isAsked(Entry entry) {
    return entry.type().equals(read.type()) && entry.id().filter(read.id()::equals).isPresent();
  }

  private static TypeAnswer found(List<Entry> entries) {
    return new TypeAnswer.Read(entries, List.of());
  }

  private Future<TypeAnswer> bySearch() {
    List<Parameter> byId = List.of(new Parameter("_id", read.id()));
    return PagedSearch.of(conversation, read.type(), byId).map(ReadWalk::typeAnswer);
  }

  private static TypeAnswer typeAnswer(SearchResult result) {
    return switch (result) {
      case SearchResult.Found(List<Entry> entries, List<Gap> gaps) ->
          new TypeAnswer.Read(entries, gaps);
      case SearchResult.Absent() -> found(List.of());
      case SearchResult.Hidden() -> found(List.of());
      case SearchResult.Missing(Miss miss) -> new TypeAnswer.Unread(miss);
    };
  }
}
