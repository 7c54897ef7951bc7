package dev.ermine.merge.summary;

import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.NhsNumber;
import java.util.List;
import java.util.stream.Stream;

/**
 * The question that a summary asks of every region: always the same, whoever the patient is.
 *
 * <p>Not asked for: documents and letters, appointments, encounters, referrals, which have their
 * own search and would bury what a summary is for; and Consents, which decide what is shared and
 * are not shared themselves.
 */
public final class SummaryQuery {

  /** The types that some section is for, who the patient is first. */
  public static final List<String> TYPES =
      Stream.concat(
              Stream.of("Patient"),
              Stream.of(Heading.values()).flatMap(heading -> heading.types().stream()))
          .distinct()
          .toList();

  private SummaryQuery() {}

  /** The question about that patient. */
  public static FhirQuery of(NhsNumber patient) {
    return new FhirQuery(TYPES, true, patient, List.of(), false, List.of());
  }
}
