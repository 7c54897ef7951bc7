package dev.ermine.merge;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.Entry;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * A patient whose own record is restricted: where they are, and with whom, must not be found out by
 * asking. One region's word for it holds for all.
 *
 * @see <a
 *     href="https://digital.nhs.uk/services/demographics/restricting-access-to-a-patients-demographic-record">NHS
 *     England: restricting access to a patient's demographic record</a>
 */
public final class RestrictedPatient {

  /** The Personal Demographics Service's own, beyond {@code R} and {@code V}. */
  private static final String REDACTED = "REDACTED";

  private RestrictedPatient() {}

  /** Whether any Patient in these answers says so, surely this one or not. */
  public static boolean isIn(Collection<PeerAnswer> answers) {
    return answers.stream().flatMap(RestrictedPatient::patients).anyMatch(RestrictedPatient::is);
  }

  /** What may be known of the region when it is: as much as of one that knows no such patient. */
  public static PeerAnswer hidden(PeerAnswer answer) {
    return answer instanceof PeerAnswer.Missed ? answer : new PeerAnswer.NotMatched();
  }

  private static Stream<Entry> patients(PeerAnswer answer) {
    return answer instanceof PeerAnswer.Answered answered
        ? Stream.of(
                answered.patients(),
                RegionView.entries(answered),
                answered.consents().map(RestrictedPatient::entries).orElse(List.of()))
            .flatMap(List::stream)
            .filter(entry -> entry.type().equals("Patient"))
        : Stream.empty();
  }

  private static List<Entry> entries(PeerAnswer.TypeAnswer consents) {
    return consents instanceof PeerAnswer.TypeAnswer.Read read ? read.entries() : List.of();
  }

  private static boolean is(Entry patient) {
    return patient.facets().labels().stream()
        .filter(label -> label.system().equals(Confidentiality.SYSTEM))
        .map(Coding::code)
        .anyMatch(RestrictedPatient::isRestricting);
  }

  private static boolean isRestricting(String code) {
    return code.equals(REDACTED)
        || Confidentiality.of(code).filter(level -> level.isAbove(Confidentiality.N)).isPresent();
  }
}
