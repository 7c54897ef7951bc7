package dev.ermine.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Demographics.PersonName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemographicsTest {

  private static final String STATUS =
      "\"extension\":[{\"url\":\"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus\","
          + "\"valueCodeableConcept\":{\"coding\":[{\"system\":\"%s\",\"code\":\"%s\"}]}}],";

  @Test
  void readsNamesBirthDateAndGender() {
    assertThat(
            read(
                """
                "name":[{"use":"official","family":"Okafor","given":["Ada","Ngọzi"]},
                        {"use":"maiden","family":"Nwosu","given":[null," "]},
                        {"text":"Ada"}],
                "birthDate":"1961-04","gender":"Female"\
                """))
        .contains(
            new Demographics(
                List.of(
                    name("official", "Okafor", "Ada", "Ngọzi"),
                    name("maiden", "Nwosu"),
                    new PersonName(Optional.empty(), Optional.empty(), List.of())),
                Optional.of("1961-04"),
                Optional.of("female"),
                Optional.empty(),
                Set.of()));
  }

  @Test
  void aDateOfDeathSaysThatTheyHaveDied() {
    assertThat(deceased("\"deceasedDateTime\":\"2026-01\"")).contains(true);
    assertThat(deceased("\"deceasedBoolean\":true")).contains(true);
    assertThat(deceased("\"deceasedBoolean\":false")).contains(false);
    assertThat(deceased("\"active\":true")).isEmpty();
  }

  @Test
  void readsTheVerificationStatusUnderBothNamesOfItsCodes() {
    String england = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland";
    String older = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus";
    assertThat(status(STATUS.formatted(england, "02"))).containsExactly("02");
    assertThat(status(STATUS.formatted(older, "01"))).containsExactly("01");
    assertThat(status(STATUS.formatted("https://example.org/", "01"))).containsExactly("");
    assertThat(status("")).isEmpty();
    assertThat(status("\"use\":\"old\"," + STATUS.formatted(england, "05"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"birthDate\":19610402",
        "\"name\":{\"family\":\"Okafor\"}",
        "\"name\":[{\"family\":7}]",
        "\"name\":[{\"given\":[{\"x\":1}]}]",
        "\"name\":[\"Ada\"]",
        "\"gender\":[]",
        "\"deceasedBoolean\":\"false\"",
        "\"identifier\":\"9000000009\"",
        "\"birthDate\":\"1961\",\"birthDate\":\"1962\"",
        "\"modifierExtension\":[{\"url\":\"https://example.org/not\",\"valueBoolean\":true}]"
      })
  void whatIsNotAsFhirHasItTellsNothingForSure(String spoilt) {
    assertThat(read(spoilt)).isEmpty();
  }

  @Test
  void noPersonHasSeventeenNamesOrOneThatNeverEnds() {
    String name = "{\"family\":\"Okafor\"}";
    assertThat(read("\"name\":[" + name + (", " + name).repeat(15) + "]")).isPresent();
    assertThat(read("\"name\":[" + name + (", " + name).repeat(16) + "]")).isEmpty();
    assertThat(read("\"name\":[{\"family\":\"" + "x".repeat(100) + "\"}]")).isPresent();
    assertThat(read("\"name\":[{\"family\":\"" + "x".repeat(101) + "\"}]")).isEmpty();
  }

  private static PersonName name(String use, String family, String... given) {
    return new PersonName(Optional.of(use), Optional.of(family), List.of(given));
  }

  private static Optional<Boolean> deceased(String said) {
    return read(said).orElseThrow().deceased();
  }

  private static Set<String> status(String before) {
    return read("\"identifier\":[{"
            + before
            + "\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"9000000009\"}]")
        .orElseThrow()
        .verification();
  }

  private static Optional<Demographics> read(String said) {
    byte[] body = ("{\"resourceType\":\"Patient\"," + said + "}").getBytes(StandardCharsets.UTF_8);
    return Demographics.of(
        new Entry(
            new Slice(body, 0, body.length),
            "Patient",
            Optional.empty(),
            Optional.empty(),
            Entry.Mode.MATCH,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Facets.NONE));
  }
}
