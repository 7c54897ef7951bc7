package dev.ermine.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import dev.ermine.fhir.NhsNumber;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordsTest {

  private static FhirValidator validator;

  @BeforeAll
  static void makeValidator() {
    FhirContext r4 = FhirContext.forR4();
    var instance =
        new FhirInstanceValidator(
            new ValidationSupportChain(
                new DefaultProfileValidationSupport(r4),
                new CommonCodeSystemsTerminologyService(r4),
                new InMemoryTerminologyServerValidationSupport(r4)));
    instance.setErrorForUnknownProfiles(false);
    validator = r4.newValidator().registerValidatorModule(instance);
  }

  @ParameterizedTest
  @EnumSource
  void areFhirR4(PeerRegion region) {
    Holdings.of(region, PeerRegion.base(region.usualPort())).records().stream()
        .flatMap(record -> record.resources().stream().limit(40))
        .forEach(
            resource ->
                assertThat(
                        validator
                            .validateWithResult(Json.write(resource, region.style()))
                            .getMessages()
                            .stream()
                            .filter(m -> m.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0)
                            .map(m -> m.getLocationString() + ": " + m.getMessage()))
                    .as(region.id() + " " + resource.path("resourceType") + resource.path("id"))
                    .isEmpty());
  }

  @Test
  void areFoundByNhsNumbersThatAreNeverIssued() {
    assertThat(Stream.concat(Stories.ALL.stream(), Stream.of(Stories.STRANGER)))
        .allMatch(number -> NhsNumber.parse(number).isPresent())
        .allMatch(number -> number.startsWith("9"));
  }
}
