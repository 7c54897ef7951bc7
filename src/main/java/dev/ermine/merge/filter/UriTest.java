package dev.ermine.merge.filter;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Entry;
import java.util.List;

/**
 * Whether an entry names a URI as asked. One with a version or a fragment is also the one without.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#uri">FHIR R4: uri search</a>
 */
final class UriTest implements Filter.Test {

  private final Place place;
  private final List<String> uris;

  UriTest(Place place, List<String> values) {
    this.place = place;
    this.uris = values.stream().map(SearchValue::plain).toList();
  }

  @Override
  public boolean isExact() {
    return true;
  }

  @Override
  public Verdict of(Entry entry) {
    for (Coding found : place.codings(entry)) {
      if (uris.stream().anyMatch(uri -> isOne(uri, found.code()))) {
        return Verdict.PASSES;
      }
    }
    return Verdict.FAILS;
  }

  private static boolean isOne(String asked, String found) {
    boolean begins = found.startsWith(asked);
    return begins
        && (found.length() == asked.length() || "|#".indexOf(found.charAt(asked.length())) >= 0);
  }
}
