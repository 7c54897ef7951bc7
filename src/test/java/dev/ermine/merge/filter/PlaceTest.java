package dev.ermine.merge.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.SearchParameters;
import dev.ermine.fhir.SearchParameters.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlaceTest {

  @Test
  void looksForParametersThatTypesHaveAndAsTheirKindWants() {
    Place.table()
        .forEach(
            (type, places) ->
                places.forEach(
                    (name, place) -> {
                      assertThat(SearchParameters.of(type))
                          .as(type)
                          .containsEntry(name, place.isDated() ? Kind.DATE : Kind.TOKEN);
                      assertThat(place.elements()).as("%s %s", type, name).isNotEmpty();
                    }));
  }

  @Test
  void looksForWhatAllTypesHave() {
    for (Map.Entry<String, Kind> parameter : SearchParameters.common().entrySet()) {
      assertThat(Place.of("Goal", parameter.getKey())).as(parameter.getKey()).isPresent();
    }
  }
}
