package dev.ermine.peer;

import dev.ermine.federation.PeerQuestion;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.Parameter;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Gap;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.region.Region.Lookup;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a search is asked: who carries the number, and each type of theirs, side by side. Where the
 * region resolves the patient itself both are asked at once, and the first still decides.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#chaining">FHIR R4: chained parameters</a>
 */
final class SearchWalk {

  private final Conversation conversation;
  private final NhsNumber patient;
  private final List<String> types;
  private final List<Parameter> filters;
  private final List<String> includes;

  private SearchWalk(
      Conversation conversation,
      NhsNumber patient,
      List<String> types,
      List<Parameter> filters,
      List<String> includes) {
    this.conversation = conversation;
    this.patient = patient;
    this.types = types;
    this.filters = filters;
    this.includes = includes;
  }

  static SearchWalk of(PeerQuestion.Search search, Conversation conversation) {
    return new SearchWalk(
        conversation, search.patient(), search.types(), search.filters(), search.includes());
  }

  /** A read, where the region has none: by {@code _id}, and by the patient. */
  static SearchWalk of(PeerQuestion.Read read, Conversation conversation) {
    List<Parameter> id = List.of(new Parameter("_id", read.id()));
    return new SearchWalk(conversation, read.patient(), List.of(read.type()), id, List.of());
  }

  Future<PeerAnswer> answer() {
    List<Parameter> ofPatient = patientIsAsked() ? includesOf("Patient") : List.of();
    Future<PatientLookup> lookup = PatientLookup.of(conversation, patient, ofPatient);
    if (conversation.answers().lookup() == Lookup.TWO_STEP) {
      return lookup.compose(found -> found.then(this::askById));
    }
    Map<String, Future<SearchResult>> searches = search(byNumber());
    return lookup.compose(found -> found.then(patients -> joined(patients, searches)));
  }

  private Future<PeerAnswer> askById(PatientLookup.Patients patients) {
    List<String> ids = patients.idsOf(patient);
    if (ids.isEmpty()) {
      return Future.succeededFuture(nothingOf(patients));
    }
    return joined(patients, search(new Parameter("patient", String.join(",", ids))));
  }

  /** Patients that do not carry the number: nothing is asked about them. */
  private PeerAnswer nothingOf(PatientLookup.Patients patients) {
    Map<String, TypeAnswer> answers = new LinkedHashMap<>();
    types.forEach(type -> answers.put(type, new TypeAnswer.Read(List.of(), patients.gaps())));
    return new PeerAnswer.Answered(patients.matches(), answers);
  }

  private Parameter byNumber() {
    String name =
        conversation.answers().lookup() == Lookup.CHAINED
            ? "patient.identifier"
            : "patient:identifier";
    return new Parameter(name, PatientLookup.token(patient));
  }

  /** Starts a search of each type; of Patient only where the lookup does not say it already. */
  private Map<String, Future<SearchResult>> search(Parameter ofPatient) {
    Map<String, Future<SearchResult>> searches = new LinkedHashMap<>();
    for (String type : types) {
      boolean isPatient = type.equals("Patient");
      if (!isPatient || !filters.isEmpty()) {
        Parameter who = isPatient ? PatientLookup.byNumber(patient) : ofPatient;
        searches.put(type, PagedSearch.of(conversation, type, parameters(type, who)));
      }
    }
    return searches;
  }

  private List<Parameter> parameters(String type, Parameter who) {
    List<Parameter> parameters = new ArrayList<>(List.of(who));
    parameters.addAll(filters);
    parameters.addAll(includesOf(type));
    return parameters;
  }

  private List<Parameter> includesOf(String type) {
    return includes.stream()
        .filter(include -> include.startsWith(type + ":"))
        .map(include -> new Parameter("_include", include))
        .toList();
  }

  private boolean patientIsAsked() {
    return types.contains("Patient") && filters.isEmpty();
  }

  private Future<PeerAnswer> joined(
      PatientLookup.Patients patients, Map<String, Future<SearchResult>> searches) {
    return Future.join(List.copyOf(searches.values())).map(any -> answered(patients, searches));
  }

  private PeerAnswer answered(
      PatientLookup.Patients patients, Map<String, Future<SearchResult>> searches) {
    Map<String, TypeAnswer> answers = new LinkedHashMap<>();
    for (String type : types) {
      Future<SearchResult> search = searches.get(type);
      SearchResult result =
          search == null ? new SearchResult.Found(patients.entries(), List.of()) : search.result();
      if (result instanceof SearchResult.Hidden) {
        return new PeerAnswer.NotMatched();
      }
      answers.put(type, typeAnswer(result, patients.gaps()));
    }
    return new PeerAnswer.Answered(patients.matches(), answers);
  }

  /** A gap in who the patient is, is a gap in whatever is theirs. */
  private static TypeAnswer typeAnswer(SearchResult result, List<Gap> ofPatients) {
    return switch (result) {
      case SearchResult.Found(List<Entry> entries, List<Gap> gaps) -> {
        Set<Gap> all = new LinkedHashSet<>(ofPatients);
        all.addAll(gaps);
        yield new TypeAnswer.Read(entries, List.copyOf(all));
      }
      case SearchResult.Missing(Miss miss) -> new TypeAnswer.Unread(miss);
      case SearchResult.Absent() ->
          new TypeAnswer.Unread(new Miss.Failing("its search of this type is not there"));
      case SearchResult.Hidden() ->
          throw new IllegalStateException("a hidden patient has no answer by type");
    };
  }
}
