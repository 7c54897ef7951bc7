package dev.ermine.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ermine.fhir.BodyScanner;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.PeerBody;
import dev.ermine.fhir.SearchParameters;
import dev.ermine.merge.filter.Filter;
import dev.ermine.merge.filter.Filters;
import dev.ermine.merge.filter.Verdict;
import dev.ermine.merge.quality.Inspection;
import dev.ermine.testing.Given;
import java.util.List;

/**
 * Whatever the scanner takes for a resource can be held against every filter and looked at for
 * flaws. An ordinary run replays the inputs kept beside the test resources; with {@code
 * JAZZER_FUZZ=1} it looks for new ones.
 */
class HeldEntryFuzzTest {

  private static final Inspection INSPECTION = new Inspection(Given.NOON);

  @FuzzTest(maxDuration = "60s")
  void holdsAnyResourceThatCanBeRead(byte[] bytes) {
    if (BodyScanner.scan(bytes, bytes.length) instanceof PeerBody.Resource(Entry entry)) {
      assertThat(INSPECTION.of(entry)).noneMatch(flaw -> flaw.isSetAside());
      Filters filters = new Filters(filters(entry.type()), Given.NOON);
      for (Filter filter : filters.of(entry.type())) {
        Verdict verdict = filter.of(entry);
        assertThat(filter.of(entry)).isEqualTo(verdict);
        assertThat(filter.canBeApplied() || verdict == Verdict.UNTOLD).isTrue();
      }
    }
  }

  private static List<Parameter> filters(String type) {
    return SearchParameters.of(type).entrySet().stream()
        .map(
            parameter ->
                new Parameter(
                    parameter.getKey(),
                    parameter.getValue() == SearchParameters.Kind.DATE ? "ge2020-05" : "a|b,c"))
        .toList();
  }
}
