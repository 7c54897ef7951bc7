package dev.ermine.peer;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.ResourceId;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Gap;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerWarnings;
import dev.ermine.region.Region;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a region says of who carries an NHS number: its Patients, or the answer that takes the place
 * of all others.
 */
sealed interface PatientLookup {

  /**
   * Patients were found.
   *
   * @param entries all entries of the search, in order
   * @param gaps what is known to be missing from them
   */
  record Patients(List<Entry> entries, List<Gap> gaps) implements PatientLookup {

    /** The Patients that matched. */
    List<Entry> matches() {
      return entries.stream().filter(PatientLookup::isPatient).toList();
    }

    /** The ids of those that carry {@code number}, as they say. */
    List<String> idsOf(NhsNumber number) {
      return matches().stream()
          .filter(patient -> carries(patient, number))
          .flatMap(patient -> patient.id().stream())
          .filter(ResourceId::isValid)
          .distinct()
          .toList();
    }
  }

  /** Nobody to ask about. */
  record Over(PeerAnswer answer) implements PatientLookup {}

  /** Asks who carries {@code number}. */
  static Future<PatientLookup> of(Conversation conversation, NhsNumber number) {
    return PagedSearch.of(conversation, "Patient", List.of(byNumber(number)))
        .map(PatientLookup::of);
  }

  /** The parameter that names a patient on Patient itself. */
  static Parameter byNumber(NhsNumber number) {
    return new Parameter("identifier", token(number));
  }

  /** The parameter by which a server finds what is a patient's, from the number alone. */
  static Parameter byNumber(Region.Answers answers, NhsNumber number) {
    String name =
        answers.lookup() == Region.Lookup.IDENTIFIER ? "patient:identifier" : "patient.identifier";
    return new Parameter(name, token(number));
  }

  /** The search token of {@code number}. */
  static String token(NhsNumber number) {
    return NhsNumber.SYSTEM + "|" + number.value();
  }

  /** Goes on with the Patients, when there are any. */
  default Future<PeerAnswer> then(Function<Patients, Future<PeerAnswer>> next) {
    return switch (this) {
      case Over(PeerAnswer answer) -> Future.succeededFuture(answer);
      case Patients patients -> next.apply(patients);
    };
  }

  private static PatientLookup of(SearchResult result) {
    return switch (result) {
      case SearchResult.Missing(Miss miss) -> new Over(new PeerAnswer.Missed(miss));
      case SearchResult.Absent() -> new Over(new PeerAnswer.NotMatched());
      case SearchResult.Hidden() -> new Over(new PeerAnswer.NotMatched());
      case SearchResult.Objected() -> new Over(new PeerAnswer.Objected());
      case SearchResult.Found(List<Entry> entries, List<Gap> gaps, _) ->
          entries.stream().anyMatch(PatientLookup::isPatient)
              ? new Patients(entries, gaps)
              : new Over(nobody(gaps));
    };
  }

  /** Nobody found in a search that was not read whole is not nobody. */
  private static PeerAnswer nobody(List<Gap> gaps) {
    Optional<Gap> open = gaps.stream().filter(gap -> !PeerWarnings.isOfSharing(gap)).findFirst();
    if (open.isEmpty()) {
      return new PeerAnswer.NotMatched();
    }
    return new PeerAnswer.Missed(
        open.get().kind() == Gap.Kind.TIMED_OUT
            ? Faults.TIMED_OUT
            : new Miss.Failing("its search for the patient was incomplete"));
  }

  private static boolean isPatient(Entry entry) {
    return entry.type().equals("Patient") && entry.mode() == Entry.Mode.MATCH;
  }

  private static boolean carries(Entry patient, NhsNumber number) {
    return patient.identifiers().stream()
        .anyMatch(
            identifier ->
                identifier.system().filter(NhsNumber.SYSTEM::equals).isPresent()
                    && identifier.value().filter(number.value()::equals).isPresent());
  }
}
