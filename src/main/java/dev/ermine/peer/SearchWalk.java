package dev.ermine.peer;

import dev.ermine.federation.PeerQuestion;
import dev.ermine.federation.PeerQuestion.Consulting;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.region.Region.Lookup;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a search is asked: who carries the number, and each type of theirs, side by side. Where the
 * region resolves the patient itself both are asked at once, and the first still decides.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#chaining">FHIR R4: chained parameters</a>
 */
final class SearchWalk {

  private static final Miss OTHER_NUMBER =
      new Miss.Failing("it knows the patient by another NHS number; ask by that one");

  private final Conversation conversation;
  private final NhsNumber patient;
  private final List<String> types;
  private final List<Parameter> filters;
  private final ResultParameters results;
  private final ConsentSearch consents;

  private SearchWalk(
      Conversation conversation,
      NhsNumber patient,
      List<String> types,
      List<Parameter> filters,
      ResultParameters results,
      Consulting consulting) {
    this.conversation = conversation;
    this.patient = patient;
    this.types = types;
    this.filters = filters;
    this.results = results;
    this.consents = new ConsentSearch(consulting, conversation);
  }

  static SearchWalk of(PeerQuestion.Search search, Conversation conversation) {
    return new SearchWalk(
        conversation,
        search.patient(),
        search.types(),
        search.filters(),
        search.results(),
        search.consulting());
  }

  /** A read, where the region has none: by {@code _id}, and by the patient. */
  static SearchWalk of(PeerQuestion.Read read, Conversation conversation) {
    List<Parameter> id = List.of(new Parameter("_id", read.id()));
    return new SearchWalk(
        conversation,
        read.patient(),
        List.of(read.type()),
        id,
        ResultParameters.NONE,
        read.consulting());
  }

  Future<PeerAnswer> answer() {
    Future<PatientLookup> lookup = PatientLookup.of(conversation, patient);
    if (conversation.answers().lookup() == Lookup.TWO_STEP) {
      return lookup.compose(found -> found.then(this::askById));
    }
    var begun = begin(PatientLookup.byNumber(conversation.answers(), patient));
    return lookup.compose(found -> found.then(begun));
  }

  private Future<PeerAnswer> askById(PatientLookup.Patients patients) {
    List<String> ids = patients.idsOf(patient);
    if (ids.isEmpty()) {
      return Future.succeededFuture(nothingOf(patients));
    }
    return begin(new Parameter("patient", String.join(",", ids))).apply(patients);
  }

  /** Begins what can be asked before it is known who the patient is there. */
  private Function<PatientLookup.Patients, Future<PeerAnswer>> begin(Parameter who) {
    Optional<Future<SearchResult>> begun = consents.begin(who);
    if (consents.isAhead()) {
      return patients ->
          consents.then(begun, patients, known -> joined(patients, known, search(who)));
    }
    Map<String, Future<SearchResult>> searches = search(who);
    return patients -> consents.then(begun, patients, known -> joined(patients, known, searches));
  }

  /**
   * Patients that do not carry the number: nothing is asked about them. Should it turn out that
   * they are this patient all the same, by a number that has taken the place of that one, it is
   * told that nothing was read.
   */
  private PeerAnswer nothingOf(PatientLookup.Patients patients) {
    Map<String, TypeAnswer> answers = new LinkedHashMap<>();
    types.forEach(type -> answers.put(type, new TypeAnswer.Unread(OTHER_NUMBER)));
    return new PeerAnswer.Answered(patients.matches(), answers);
  }

  /** Starts a search of each type; of Patient only where the lookup does not say it already. */
  private Map<String, Future<SearchResult>> search(Parameter ofPatient) {
    Map<String, Future<SearchResult>> searches = new LinkedHashMap<>();
    for (String type : types) {
      boolean isPatient = type.equals("Patient");
      if (!isPatient || isMoreThanWho()) {
        Parameter who = isPatient ? PatientLookup.byNumber(patient) : ofPatient;
        searches.put(type, PagedSearch.of(conversation, type, parameters(type, who), filters));
      }
    }
    return searches;
  }

  private List<Parameter> parameters(String type, Parameter who) {
    List<Parameter> parameters = new ArrayList<>(List.of(who));
    parameters.addAll(filters);
    parameters.addAll(results.saidOf(type));
    return parameters;
  }

  /**
   * Whether more is asked of the Patient than who it is; that waits for Consents where all does.
   */
  private boolean isMoreThanWho() {
    return !filters.isEmpty()
        || results.inclusions().stream().anyMatch(inclusion -> inclusion.belongsTo("Patient"));
  }

  private Future<PeerAnswer> joined(
      PatientLookup.Patients patients,
      PeerAnswer.Answered known,
      Map<String, Future<SearchResult>> searches) {
    return Future.join(List.copyOf(searches.values()))
        .map(any -> answered(patients, known, searches));
  }

  private PeerAnswer answered(
      PatientLookup.Patients patients,
      PeerAnswer.Answered known,
      Map<String, Future<SearchResult>> searches) {
    Map<String, SearchResult> results = new LinkedHashMap<>();
    for (String type : types) {
      Future<SearchResult> search = searches.get(type);
      results.put(
          type,
          search == null
              ? new SearchResult.Found(patients.entries(), List.of(), List.of())
              : search.result());
    }
    if (results.values().stream().anyMatch(SearchResult.Objected.class::isInstance)) {
      return new PeerAnswer.Objected();
    }
    if (results.values().stream().anyMatch(SearchResult.Hidden.class::isInstance)) {
      return new PeerAnswer.NotMatched();
    }
    Map<String, TypeAnswer> answers = new LinkedHashMap<>();
    results.forEach((type, result) -> answers.put(type, result.typeAnswer(patients.gaps())));
    return new PeerAnswer.Answered(known.patients(), answers, known.consents());
  }
}
