package dev.ermine.merge;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.hl7.fhir.r4.model.StructureDefinition.TypeDerivationRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Summaries before the profiles of IPS 2.0.0, wherever {@code ermine.public-data} says they lie.
 *
 * <p>Those of Bundle and Composition are at hand, those that they name are not. So that slices can
 * be told apart all the same, each of these has a stand-in: its base type, with what tells it from
 * its siblings. That makes more entries fall into a slice than in truth, and so each slice's bounds
 * harder to keep; no error is passed over.
 */
@EnabledIfSystemProperty(named = "ermine.public-data", matches = ".+")
class PublicIpsTest {

  private static final String IPS = "http://hl7.org/fhir/uv/ips/StructureDefinition/";
  private static final Pattern NAMED = Pattern.compile(Pattern.quote(IPS) + "([A-Za-z-]+-uv-ips)");
  private static final List<String> AT_HAND = List.of("Bundle-uv-ips", "Composition-uv-ips");

  /** What an Observation is about, of each of their profiles. */
  private static final Map<String, Coding> CODES =
      Map.of(
          "Observation-tobaccouse-uv-ips", loinc("72166-2"),
          "Observation-alcoholuse-uv-ips", loinc("74013-4"),
          "Observation-pregnancy-status-uv-ips", loinc("82810-3"),
          "Observation-pregnancy-edd-uv-ips", loinc("11778-8"),
          "Observation-pregnancy-outcome-uv-ips", loinc("11636-8"));

  private static final Map<String, Coding> CATEGORIES =
      Map.of(
          "Observation-results-laboratory-pathology-uv-ips", category("laboratory"),
          "Observation-results-radiology-uv-ips", category("imaging"));

  private static final FhirContext R4 = FhirContext.forR4();

  private final Path data = Path.of(System.getProperty("ermine.public-data"), "ips-2.0.0");
  private final FhirValidator judge = judge();

  @Test
  void summariesAreValidByTheProfilesThatTheyClaim() {
    SeenSummary full = SeenSummary.of(SoundWorld.contributions(), SeenSummary.ADA);
    assertThat(full.text()).contains(IPS + "Bundle-uv-ips", IPS + "Composition-uv-ips");
    assertThat(errors(full.text())).isEmpty();
    SeenSummary byRegion = SeenSummary.of(SoundWorld.contributions(), Optional.empty());
    assertThat(byRegion.text()).contains(IPS + "Bundle-uv-ips");
    assertThat(errors(byRegion.text())).isEmpty();
    assertThat(errors(SeenSummary.of(List.of(), SeenSummary.ADA).text())).isEmpty();
  }

  @Test
  void theirOwnExamplesAreValidSo() {
    assertThat(errors(read("example/Bundle-bundle-minimal.json"))).isEmpty();
    assertThat(errors(read("example/Bundle-bundle-no-info-required-sections.json"))).isEmpty();
  }

  /** Else the above would say nothing. */
  @Test
  void whatAnIpsMustHaveIsLookedFor() {
    String summary = SeenSummary.of(SoundWorld.contributions(), SeenSummary.ADA).text();
    assertThat(errors(summary.replace("48765-2", "48765-3"))).isNotEmpty();
    String another =
        ",{\"fullUrl\":\"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0\",\"resource\":{\"resourceType\":\"Patient\",\"name\":[{\"text\":\"Ada\"}],\"birthDate\":\"1961-04-02\"}}]}";
    assertThat(errors(summary.substring(0, summary.length() - 2) + another)).isNotEmpty();
    assertThat(errors(summary.replace("\"birthDate\":\"1961-04-02\"", "\"active\":true")))
        .isNotEmpty();
  }

  private List<String> errors(String json) {
    return judge.validateWithResult(json).getMessages().stream()
        .filter(message -> message.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0)
        .map(message -> message.getLocationString() + ": " + message.getMessage())
        .toList();
  }

  private FhirValidator judge() {
    DefaultProfileValidationSupport core = new DefaultProfileValidationSupport(R4);
    PrePopulatedValidationSupport ips = new PrePopulatedValidationSupport(R4);
    TreeSet<String> named = new TreeSet<>();
    for (String profile : AT_HAND) {
      // HAPI looks the base types up by name, without the version that the snapshots have.
      String json = read("StructureDefinition-" + profile + ".json").replace("|4.0.1\"", "\"");
      NAMED.matcher(json).results().forEach(result -> named.add(result.group(1)));
      ips.addStructureDefinition(R4.newJsonParser().parseResource(StructureDefinition.class, json));
    }
    named.removeAll(AT_HAND);
    named.forEach(profile -> ips.addStructureDefinition(standIn(core, profile)));
    return R4.newValidator()
        .registerValidatorModule(
            new FhirInstanceValidator(
                new ValidationSupportChain(
                    ips,
                    core,
                    new CommonCodeSystemsTerminologyService(R4),
                    new InMemoryTerminologyServerValidationSupport(R4))));
  }

  private String read(String name) {
    try {
      return Files.readString(data.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StructureDefinition standIn(DefaultProfileValidationSupport core, String profile) {
    String type = profile.substring(0, profile.indexOf('-'));
    String base = "http://hl7.org/fhir/StructureDefinition/" + type;
    StructureDefinition standIn =
        ((StructureDefinition) core.fetchStructureDefinition(base)).copy();
    standIn.setId(profile);
    standIn.setUrl(IPS + profile).setName("StandIn").setBaseDefinition(base);
    standIn.setDerivation(TypeDerivationRule.CONSTRAINT);
    if (CODES.containsKey(profile)) {
      fix(standIn, "Observation.code", CODES.get(profile));
    }
    if (CATEGORIES.containsKey(profile)) {
      fix(standIn, "Observation.category", CATEGORIES.get(profile));
    }
    if (type.equals("Patient")) {
      require(standIn, "Patient.name");
      require(standIn, "Patient.birthDate");
    }
    return standIn;
  }

  private static void fix(StructureDefinition profile, String path, Coding coding) {
    require(profile, path);
    profile.getSnapshot().getElement().stream()
        .filter(element -> element.getPath().equals(path))
        .forEach(element -> element.setPattern(new CodeableConcept().addCoding(coding)));
  }

  private static void require(StructureDefinition profile, String path) {
    profile.getSnapshot().getElement().stream()
        .filter(element -> element.getPath().equals(path))
        .forEach(element -> element.setMin(1));
  }

  private static Coding loinc(String code) {
    return new Coding().setSystem("http://loinc.org").setCode(code);
  }

  private static Coding category(String code) {
    return new Coding()
        .setSystem("http://terminology.hl7.org/CodeSystem/observation-category")
        .setCode(code);
  }
}
