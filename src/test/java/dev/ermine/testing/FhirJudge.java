package dev.ermine.testing;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.util.List;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;

/**
 * HAPI's validator of FHIR R4, as the judge of what the gateway emits.
 *
 * @see <a href="https://hapifhir.io/hapi-fhir/docs/validation/instance_validator.html">HAPI FHIR:
 *     Instance validator</a>
 */
public final class FhirJudge {

  private FhirJudge() {}

  /** The errors in the resource, none when it is valid. Profiles that it does not know are not. */
  public static List<String> errors(String json) {
    return Holder.VALIDATOR.validateWithResult(json).getMessages().stream()
        .filter(message -> message.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0)
        .filter(message -> !unknownProfile(message))
        .map(message -> message.getLocationString() + ": " + message.getMessage())
        .toList();
  }

  private static boolean unknownProfile(SingleValidationMessage message) {
    return "Validation_VAL_Profile_Unknown".equals(message.getMessageId());
  }

  /** Built when first asked: it takes seconds. */
  private static final class Holder {
    static final FhirValidator VALIDATOR = validator();

    private static FhirValidator validator() {
      FhirContext r4 = FhirContext.forR4();
      FhirInstanceValidator module =
          new FhirInstanceValidator(
              new ValidationSupportChain(
                  new DefaultProfileValidationSupport(r4),
                  new CommonCodeSystemsTerminologyService(r4),
                  new InMemoryTerminologyServerValidationSupport(r4)));
      return r4.newValidator().registerValidatorModule(module);
    }
  }
}
