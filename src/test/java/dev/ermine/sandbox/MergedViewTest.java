package dev.ermine.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ermine.sandbox.MergedView.Line;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MergedViewTest {

  private static final String BUNDLE =
      """
      {"resourceType": "Bundle", "entry": [
        {"fullUrl": "https://g/regions/london/fhir/Flag/1",
         "link": [{"relation": "alternate", "url": "urn:uuid:2"}],
         "resource": {"resourceType": "Flag", "id": "1"}},
        {"fullUrl": "urn:uuid:2", "resource": {"resourceType": "Flag", "id": "2"}},
        {"fullUrl": "urn:uuid:3", "resource": {"resourceType": "Flag", "id": "3"}},
        {"resource": {"resourceType": "Provenance", "target": [{"reference": "urn:uuid:2"}],
         "agent": [{"who": {"display": "Thames Valley"}}]}},
        {"resource": {"resourceType": "OperationOutcome", "issue": [
          {"details": {"text": "one sentence"}},
          {"details": {"text": "allergies conflict", "coding": [
            {"system": "https://ermine.dev/fhir/CodeSystem/conflict", "code": "allergy-denied"}]}},
          {"details": {"text": "a remark"}},
          {"details": {"text": "answered", "coding": [
            {"system": "https://ermine.dev/fhir/CodeSystem/account", "code": "answered"},
            {"system": "https://ermine.dev/fhir/CodeSystem/region", "code": "london"}]}}]}}]}
      """;

  @Test
  void tellsSentenceConflictsRemarksAndAccountApart() throws Exception {
    MergedView view = view(BUNDLE);
    assertThat(view.sentence()).isEqualTo("one sentence");
    assertThat(view.conflicts()).containsExactly("allergies conflict");
    assertThat(view.startsWithConflict("allergy-denied")).isTrue();
    assertThat(view.startsWithConflict("allergy-status")).isFalse();
    assertThat(view.remarks()).containsExactly("a remark");
    assertThat(view.account()).containsExactly(new Line("london", "answered", "answered"));
    assertThat(view.outcomes()).hasSize(1);
  }

  @Test
  void knowsASourceByAddressOrProvenance() throws Exception {
    assertThat(view(BUNDLE).resources("Flag").map(MergedView.Sourced::source))
        .containsExactly("london", "Thames Valley", "");
  }

  @Test
  void knowsTheAlternatesOfAnEntry() throws Exception {
    assertThat(view(BUNDLE).resources("Flag").map(MergedView.Sourced::alternates))
        .containsExactly(List.of("urn:uuid:2"), List.of(), List.of());
  }

  @Test
  void readsAnOutcomeWithoutBundle() throws Exception {
    String outcome =
        """
        {"resourceType": "OperationOutcome", "issue": [{"details": {"text": "no token"}}]}
        """;
    assertThat(view(outcome).sentence()).isEqualTo("no token");
    assertThat(view(outcome).outcomes()).hasSize(1);
  }

  private static MergedView view(String json) throws JsonProcessingException {
    return new MergedView(200, Json.MAPPER.readTree(json), Map.of());
  }
}
