package dev.ermine.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SummaryInputTest {

  private static final String NUMBER =
      "{'name':'identifier','valueIdentifier':{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9000000009'}}";

  @Test
  void namesThePatient() {
    assertThat(read(NUMBER)).isEqualTo(new SummaryInput.Named(new NhsNumber("9000000009")));
  }

  @Test
  void namesThePatientAsATokenToo() {
    assertThat(
            read(
                "{'name':'identifier','valueString':'https://fhir.nhs.uk/Id/nhs-number|9000000009'}"))
        .isEqualTo(new SummaryInput.Named(new NhsNumber("9000000009")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Composition-uv-ips",
        "Composition-uv-ips|2.0.0",
        "Bundle-uv-ips",
        "Bundle-uv-ips|2.0.0"
      })
  void takesTheProfilesOfAnIps(String name) {
    assertThat(read(NUMBER, profile(name))).isInstanceOf(SummaryInput.Named.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Composition-uv-ips|1.1.0", "Composition", ""})
  void takesNoOtherProfile(String name) {
    assertThat(faults(NUMBER, profile(name)))
        .containsExactly(
            "`profile` is not one that is written here; leave it out, or send the"
                + " `valueCanonical` `http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips`");
  }

  private static String profile(String name) {
    return "{'name':'profile','valueCanonical':'http://hl7.org/fhir/uv/ips/StructureDefinition/%s'}"
        .formatted(name);
  }

  @Test
  void wantsAPatientOnceAndNothingElse() {
    assertThat(faults(profile("Composition-uv-ips"))).hasSize(1);
    assertThat(faults(NUMBER, NUMBER)).containsExactly("`identifier` is said twice; say it once");
    assertThat(faults(NUMBER, "{'name':'graph','valueString':'x'}"))
        .containsExactly(
            "the parameter `graph` is not one of `identifier`, `profile`; leave it out");
    assertThat(faults(NUMBER, "{'name':'9000000017'}"))
        .hasSize(1)
        .noneMatch(fault -> fault.contains("9000000017"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'valueString':'https://fhir.nhs.uk/Id/nhs-number|9000000008'",
        "'valueString':'9000000009'",
        "'valueString':'https://fhir.nhs.uk/Id/nhs-number|9000000009,9000000017'",
        "'valueIdentifier':{'value':'9000000009'}",
        "'valueIdentifier':{'system':'urn:other','value':'9000000009'}",
        "'valueIdentifier':{'system':'https://fhir.nhs.uk/Id/nhs-number','value':'9000000008'}",
        "'valueIdentifier':{'system':'https://fhir.nhs.uk/Id/nhs-number'}"
      })
  void takesNothingForANumberThatIsNone(String value) {
    assertThat(faults("{'name':'identifier'," + value + "}"))
        .hasSize(1)
        .allMatch(fault -> fault.contains("valid NHS number") && !fault.contains("900000000"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{'resourceType':'Patient'}",
        "{'parameter':[]}",
        "{'resourceType':'Parameters','parameter':[]}",
        "{'resourceType':'Parameters','parameter':'identifier'}",
        "{'resourceType':'Parameters','implicitRules':'urn:x'}",
        "{'resourceType':'Parameters','resourceType':'Parameters'}",
        "{'resourceType':'Parameters','parameter':[{'name':'identifier','part':[]}]}",
        "{'resourceType':'Parameters'} {}"
      })
  void readsParametersAlone(String body) {
    assertThat(SummaryInput.read(bytes(body))).isInstanceOf(SummaryInput.Malformed.class);
  }

  private static List<String> faults(String... parameters) {
    return read(parameters) instanceof SummaryInput.Malformed(List<Issue> issues)
        ? issues.stream().map(Issue::text).toList()
        : List.of();
  }

  private static SummaryInput read(String... parameters) {
    return SummaryInput.read(
        bytes("{'resourceType':'Parameters','parameter':[" + String.join(",", parameters) + "]}"));
  }

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
