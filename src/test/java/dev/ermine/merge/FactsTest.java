package dev.ermine.merge;

import static dev.ermine.testing.Given.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Coding;
import dev.ermine.merge.fact.Fact;
import dev.ermine.merge.origin.Origins;
import dev.ermine.region.Region;
import dev.ermine.testing.Given;
import java.util.List;
import org.junit.jupiter.api.Test;

class FactsTest {

  private static final Coding LEVETIRACETAM = new Coding("http://snomed.info/sct", "322236009");
  private static final String CODE =
      "{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"322236009\"}]}";
  private static final String FORM =
      "{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"385055001\"}]}";

  private final Region london = Given.region("london");
  private final Region wessex = Given.region("wessex");

  @Test
  void aMedicineIsTheOneThatIsReferredTo() {
    List<Fact> facts =
        Facts.of(
            List.of(
                share(
                    london,
                    statement("Medication/m1"),
                    medicine("london", "m1"),
                    medicine("london", "m2"))));
    assertThat(facts.getFirst().medication()).containsExactly(LEVETIRACETAM);
    assertThat(facts.get(1).medication()).isEmpty();
  }

  @Test
  void anAbsoluteReferenceAndAVersionLeadToItAsWell() {
    for (String reference :
        List.of("https://london.example/fhir/Medication/m1", "Medication/m1/_history/2")) {
      List<Fact> facts =
          Facts.of(List.of(share(london, statement(reference), medicine("london", "m1"))));
      assertThat(facts.getFirst().medication()).containsExactly(LEVETIRACETAM);
    }
  }

  @Test
  void aMedicationOfAnotherRegionIsNotMeant() {
    List<Fact> facts =
        Facts.of(
            List.of(
                share(london, statement("Medication/m1")),
                share(wessex, medicine("wessex", "m1"))));
    assertThat(facts.getFirst().medication()).isEmpty();
  }

  @Test
  void aContainedMedicationIsWhatItIsNotItsForm() {
    List<Fact> facts = Facts.of(List.of(share(london, containing("#m2", "Medication", CODE))));
    assertThat(facts.getFirst().medication()).containsExactly(LEVETIRACETAM);
  }

  @Test
  void whatIsContainedBesidesIsNotMeant() {
    assertThat(
            Facts.of(
                List.of(
                    share(
                        london,
                        containing("#m3", "Medication", CODE),
                        containing("#m2", "Substance", CODE),
                        containing("#m2", "Medication", "\"levetiracetam\"")))))
        .allSatisfy(fact -> assertThat(fact.medication()).isEmpty());
  }

  @Test
  void standsInTheOrderOfTheBundle() {
    assertThat(
            Facts.of(
                List.of(
                    share(london, medicine("london", "b"), medicine("london", "a")),
                    share(wessex, medicine("wessex", "c")))))
        .extracting(Fact::fullUrl)
        .containsExactly(
            "https://gateway.example/regions/london/fhir/Medication/b",
            "https://gateway.example/regions/london/fhir/Medication/a",
            "https://gateway.example/regions/wessex/fhir/Medication/c");
  }

  private static Merged.Share share(Region region, String... entries) {
    RegionBase base = new RegionBase(region, "https://gateway.example");
    return new Merged.Share(
        region,
        base,
        Given.entries(entries).stream()
            .map(entry -> Placed.place(base, entry).orElseThrow())
            .toList(),
        List.of(),
        List.of(),
        List.of(),
        Origins.OWN);
  }

  private static String statement(String reference) {
    return entry(
        "london",
        "{\"resourceType\":\"MedicationStatement\",\"id\":\"s1\",\"medicationReference\":{\"reference\":\"%s\"}}"
            .formatted(reference),
        "MedicationStatement/s1");
  }

  private static String containing(String reference, String type, String code) {
    return entry(
        "london",
        """
        {"resourceType":"MedicationRequest","id":"r1",
         "contained":[{"resourceType":"Medication","id":"m1","code":%1$s},
                      {"resourceType":"%2$s","id":"m2","form":%1$s,"code":%3$s}],
         "medicationReference":{"reference":"%4$s"}}"""
            .formatted(FORM, type, code, reference),
        "MedicationRequest/r1");
  }

  private static String medicine(String region, String id) {
    return entry(
        region,
        "{\"resourceType\":\"Medication\",\"id\":\"%s\",\"code\":%s,\"form\":%s}"
            .formatted(id, CODE, FORM),
        "Medication/" + id);
  }
}
