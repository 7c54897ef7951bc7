package dev.ermine.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.RuntimeSearchParam;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReferencesTest {

  private static final FhirContext R4 = FhirContext.forR4Cached();

  /** HAPI's R4 model is generated from the registry of the specification. */
  @Test
  void areThoseOfTheRegistryAndLeadWhereItSays() {
    for (String type : References.types()) {
      Map<String, Set<String>> registry = new TreeMap<>();
      for (RuntimeSearchParam parameter : R4.getResourceDefinition(type).getSearchParams()) {
        if (parameter.getParamType().getCode().equals("reference")) {
          registry.put(parameter.getName(), Set.copyOf(parameter.getTargets()));
        }
      }
      assertThat(References.of(type)).as(type).containsExactlyInAnyOrderEntriesOf(registry);
    }
  }

  @Test
  void areThoseOfEveryTypeThatHasFiltersOfItsOwn() {
    for (String type : ResourceTypes.NAMES) {
      if (SearchParameters.of(type).size() > SearchParameters.common().size()) {
        assertThat(References.of(type)).as(type).isNotEmpty();
      }
    }
  }
}
