package dev.ermine.peer;

import dev.ermine.federation.PeerQuestion.Consulting;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.Parameter;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Gap;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How the Consents of a patient are searched for, in a record or in a register of objections: all
 * that there are, and what they name. No filter of the asker's is on it.
 *
 * @see <a href="https://hl7.org/fhir/R4/consent.html#search">FHIR R4: Consent, search
 *     parameters</a>
 */
final class ConsentSearch {

  private static final List<Parameter> NAMED =
      List.of(
          new Parameter("_include", "Consent:actor"), new Parameter("_include", "Consent:data"));

  private static final Parameter PATIENT = new Parameter("_include", "Consent:patient");

  private final Consulting consulting;
  private final Conversation conversation;

  /** The search that a question about a record asks for, if it does. */
  ConsentSearch(Consulting consulting, Conversation conversation) {
    this.consulting = consulting;
    this.conversation = conversation;
  }

  /** Asks a register, by number: whom it knows as a Patient is its matter. */
  static Future<PeerAnswer> inRegister(Conversation conversation, NhsNumber patient) {
    Parameter who = PatientLookup.byNumber(conversation.answers(), patient);
    List<Parameter> parameters = Stream.concat(Stream.of(who, PATIENT), NAMED.stream()).toList();
    return PagedSearch.of(conversation, "Consent", parameters).map(ConsentSearch::registered);
  }

  private static PeerAnswer registered(SearchResult result) {
    return switch (result) {
      case SearchResult.Found(List<Entry> entries, List<Gap> gaps, _) ->
          new PeerAnswer.Answered(
              entries.stream().filter(entry -> entry.type().equals("Patient")).toList(),
              Map.of(),
              Optional.of(new TypeAnswer.Read(entries, gaps)));
      case SearchResult.Missing(Miss miss) -> new PeerAnswer.Missed(miss);
      case SearchResult.Absent(), SearchResult.Hidden(), SearchResult.Objected() ->
          new PeerAnswer.Missed(new Miss.Failing("its register does not say what it holds"));
    };
  }

  /** Whether entries wait for what it says. */
  boolean isAhead() {
    return ahead().isPresent();
  }

  /** Begins it, of the patient whom {@code who} names, where it is asked for. */
  Optional<Future<SearchResult>> begin(Parameter who) {
    return consulting instanceof Consulting.InRecord
        ? Optional.of(
            PagedSearch.of(
                conversation, "Consent", Stream.concat(Stream.of(who), NAMED.stream()).toList()))
        : Optional.empty();
  }

  /**
   * Goes on with what it says.
   *
   * @param begun the search, where it is asked for
   * @param entries gives the answer with the entries; not called where none are to be asked for
   */
  Future<PeerAnswer> then(
      Optional<Future<SearchResult>> begun,
      PatientLookup.Patients patients,
      Function<PeerAnswer.Answered, Future<PeerAnswer>> entries) {
    return begun
        .map(search -> search.compose(result -> then(result, patients, entries)))
        .orElseGet(() -> entries.apply(known(patients, Optional.empty())));
  }

  private Future<PeerAnswer> then(
      SearchResult result,
      PatientLookup.Patients patients,
      Function<PeerAnswer.Answered, Future<PeerAnswer>> entries) {
    return switch (result) {
      case SearchResult.Hidden() -> Future.succeededFuture(new PeerAnswer.NotMatched());
      case SearchResult.Objected() -> Future.succeededFuture(new PeerAnswer.Objected());
      case SearchResult any -> {
        PeerAnswer.Answered known = known(patients, Optional.of(any.typeAnswer(patients.gaps())));
        boolean over = ahead().filter(open -> !open.test(known)).isPresent();
        yield over ? Future.succeededFuture(known) : entries.apply(known);
      }
    };
  }

  private static PeerAnswer.Answered known(
      PatientLookup.Patients patients, Optional<TypeAnswer> consents) {
    return new PeerAnswer.Answered(patients.matches(), Map.of(), consents);
  }

  private Optional<Predicate<PeerAnswer.Answered>> ahead() {
    return consulting instanceof Consulting.InRecord(var ahead) ? ahead : Optional.empty();
  }
}
