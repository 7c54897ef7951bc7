package dev.ermine.merge;

import dev.ermine.fhir.Demographics;
import dev.ermine.fhir.DocumentJson;
import dev.ermine.fhir.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The one Patient of a summary, and the others.
 *
 * <p>It is one of ours where the asker's token says who the patient is, with what it says and
 * nothing else; else the Patient that comes first in the view; else one of ours again, who is no
 * more than an NHS number. An IPS has exactly one Patient among its entries, so those of other
 * regions stand together in a Bundle of their own inside it, as they were sent; ours links to all
 * of them, and they to each other by {@code entry.link}.
 *
 * @param fullUrl where it stands
 * @param resource ours; empty: it is the region's
 * @param identified whether it is known by name and date of birth
 * @param others the Patients that are not it
 */
record SummarySubject(
    String fullUrl, Optional<Slice> resource, boolean identified, List<SummaryEntry> others) {

  SummarySubject {
    others = List.copyOf(others);
  }

  /** The one of a view; its Patients in the order of the view. */
  static SummarySubject of(
      Merged merged, Optional<Demographics> reference, List<SummaryEntry> patients, String uuid) {
    if (reference.isPresent() || patients.isEmpty()) {
      List<String> links = patients.stream().map(SummaryEntry::fullUrl).toList();
      return new SummarySubject(
          "urn:uuid:" + uuid,
          Optional.of(DocumentJson.patient(uuid, merged.query().patient(), reference, links)),
          reference.filter(DocumentJson::identifies).isPresent(),
          patients);
    }
    List<SummaryEntry> others = new ArrayList<>(patients);
    SummaryEntry first = others.removeFirst();
    return new SummarySubject(
        first.fullUrl(),
        Optional.empty(),
        Demographics.of(first.entry()).filter(DocumentJson::identifies).isPresent(),
        others);
  }

  boolean is(SummaryEntry entry) {
    return entry.fullUrl().equals(fullUrl);
  }
}
