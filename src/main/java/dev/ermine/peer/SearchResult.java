package dev.ermine.peer;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Parameter;
import dev.ermine.merge.PeerAnswer.Gap;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What came of one search, over all its pages. */
sealed interface SearchResult {

  /**
   * Pages were read, with what is known to be missing from them.
   *
   * @param unsaid the asker's filters that the region does not say it applied
   */
  record Found(List<Entry> entries, List<Gap> gaps, List<Parameter> unsaid)
      implements SearchResult {
    public Found {
      entries = List.copyOf(entries);
      gaps = List.copyOf(gaps);
      unsaid = List.copyOf(unsaid);
    }
  }

  /** 404. */
  record Absent() implements SearchResult {}

  /** Refused for a reason of the patient's. */
  record Hidden() implements SearchResult {}

  /** Refused since the patient objects to sharing. */
  record Objected() implements SearchResult {}

  /** Nothing to be had. */
  record Missing(Miss miss) implements SearchResult {}

  /**
   * What it says of its type. A gap in who the patient is, is a gap in whatever is theirs.
   *
   * @param ofPatients the gaps in who the patient is
   */
  default TypeAnswer typeAnswer(List<Gap> ofPatients) {
    return switch (this) {
      case Found(var entries, var gaps, var unsaid) -> {
        Set<Gap> all = new LinkedHashSet<>(ofPatients);
        all.addAll(gaps);
        yield new TypeAnswer.Read(entries, List.copyOf(all), unsaid);
      }
      case Missing(Miss miss) -> new TypeAnswer.Unread(miss);
      case Absent() ->
          new TypeAnswer.Unread(new Miss.Failing("its search of this type is not there"));
      case Hidden(), Objected() ->
          throw new IllegalStateException("a hidden patient has no answer by type");
    };
  }
}
