package dev.ermine.policy;

import dev.ermine.fhir.Entry;
import java.util.List;

/** What one holder has recorded of a patient's decisions. */
public sealed interface Consents {

  /** Nothing is recorded, and nothing could be: the region has no place where it would be. */
  Consents NONE = new Known(List.of(), "");

  /**
   * All that is recorded.
   *
   * @param entries Consents of the patient, and what these refer to, in any order
   * @param base of the record or register that they were found in, without trailing slash
   */
  record Known(List<Entry> entries, String base) implements Consents {
    public Known {
      entries = List.copyOf(entries);
    }

    @Override
    public String toString() {
      return "Known";
    }
  }

  /** The holder could not be asked, or has not answered in full. */
  record Unknown() implements Consents {}
}
