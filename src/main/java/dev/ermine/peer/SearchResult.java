package dev.ermine.peer;

import dev.ermine.fhir.Entry;
import dev.ermine.merge.PeerAnswer.Gap;
import dev.ermine.merge.PeerAnswer.Miss;
import java.util.List;

/** What came of one search, over all its pages. */
sealed interface SearchResult {

  /** Pages were read, with what is known to be missing from them. */
  record Found(List<Entry> entries, List<Gap> gaps) implements SearchResult {
    public Found {
      entries = List.copyOf(entries);
      gaps = List.copyOf(gaps);
    }
  }

  /** 404. */
  record Absent() implements SearchResult {}

  /** Refused for a reason of the patient's. */
  record Hidden() implements SearchResult {}

  /** Nothing to be had. */
  record Missing(Miss miss) implements SearchResult {}
}
