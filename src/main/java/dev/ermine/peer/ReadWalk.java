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
import dev.ermine.region.Region.Lookup;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

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
  private final ConsentSearch consents;

  ReadWalk(PeerQuestion.Read read, Conversation conversation) {
    this.read = read;
    this.conversation = conversation;
    this.consents = new ConsentSearch(read.consulting(), conversation);
  }

  Future<PeerAnswer> answer() {
    if (!ResourceId.isValid(read.id())) {
      return Future.succeededFuture(new PeerAnswer.NotMatched());
    }
    if (!conversation.answers().read() && !OF_NO_PATIENT.contains(read.type())) {
      return SearchWalk.of(read, conversation).answer();
    }
    Future<PatientLookup> lookup = PatientLookup.of(conversation, read.patient());
    Supplier<Future<TypeAnswer>> resource = consents.isAhead() ? this::resource : begun();
    return lookup.compose(
        found ->
            found.then(
                patients ->
                    consents.then(
                        who(patients).flatMap(consents::begin),
                        patients,
                        known -> with(known, resource.get()))));
  }

  /** Asks at once, whoever the patient is there. */
  private Supplier<Future<TypeAnswer>> begun() {
    Future<TypeAnswer> resource = resource();
    return () -> resource;
  }

  /** Whose Consents are searched for; empty when nobody carries the number. */
  private Optional<Parameter> who(PatientLookup.Patients patients) {
    if (conversation.answers().lookup() != Lookup.TWO_STEP) {
      return Optional.of(PatientLookup.byNumber(conversation.answers(), read.patient()));
    }
    List<String> ids = patients.idsOf(read.patient());
    return ids.isEmpty()
        ? Optional.empty()
        : Optional.of(new Parameter("patient", String.join(",", ids)));
  }

  private Future<TypeAnswer> resource() {
    return conversation.answers().read() ? byRead() : bySearch();
  }

  private Future<PeerAnswer> with(PeerAnswer.Answered known, Future<TypeAnswer> resource) {
    return resource.map(
        answer ->
            new PeerAnswer.Answered(
                known.patients(), Map.of(read.type(), answer), known.consents()));
  }

  private Future<TypeAnswer> byRead() {
    PeerRequest request =
        PeerRequest.read(conversation.answers(), read.type(), read.id(), PeerRequest.FHIR_JSON);
    return conversation.read(request, 1).map(this::typeAnswer);
  }

  private TypeAnswer typeAnswer(Reading reading) {
    return switch (reading) {
      case Reading.Absent() -> found(List.of());
      case Reading.Hidden(), Reading.Objected() -> found(List.of());
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
      case SearchResult.Found(List<Entry> entries, List<Gap> gaps, _) ->
          new TypeAnswer.Read(entries, gaps);
      case SearchResult.Absent() -> found(List.of());
      case SearchResult.Hidden(), SearchResult.Objected() -> found(List.of());
      case SearchResult.Missing(Miss miss) -> new TypeAnswer.Unread(miss);
    };
  }
}
