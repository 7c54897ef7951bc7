package dev.ermine.merge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.BodyScanner;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.PeerBody;
import dev.ermine.merge.PeerAnswer.Gap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Lists warn of. */
class ListWarningsTest {

  @ParameterizedTest
  @CsvSource({
    "confidential-items,   the region left out items that it does not share",
    "data-in-transit,      the region has records still on their way between practices",
    "data-awaiting-filing, the region has received data that is not yet filed",
    "something-new,        the region warned that its answer may lack something"
  })
  void tellsWhatAListLacks(String code, String words) {
    assertThat(ListWarnings.of(List.of(warning("List", code))))
        .containsExactly(new Gap(Gap.Kind.PEER_WARNING, words));
  }

  @Test
  void tellsEachOnce() {
    Entry list = warning("List", "data-in-transit");
    assertThat(ListWarnings.of(List.of(list, list))).hasSize(1);
  }

  @Test
  void tellsOfNothingButLists() {
    assertThat(ListWarnings.of(List.of(warning("Basic", "data-in-transit")))).isEmpty();
  }

  @Test
  void tellsNothingOfListsThatDoNotWarn() {
    assertThat(ListWarnings.of(List.of(entry("{'resourceType': 'List', 'id': 'l'}")))).isEmpty();
  }

  private static Entry warning(String type, String code) {
    String url = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ListWarningCode";
    return entry(
        "{'resourceType': '%s', 'extension': [{'url': '%s', 'valueCode': '%s'}]}"
            .formatted(type, url, code));
  }

  private static Entry entry(String json) {
    byte[] body = json.replace('\'', '"').getBytes(UTF_8);
    return ((PeerBody.Resource) BodyScanner.scan(body, body.length)).entry();
  }
}
