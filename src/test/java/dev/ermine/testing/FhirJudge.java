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

/** HAPI FHIR's R4 validator as the judge of what the gateway writes. */
public final class FhirJudge {

  private FhirJudge() {}

  /** The errors in a resource, each with where it stands; none when it is valid. */
  public static List<String> errors(String json) {
    return Holder.VALIDATOR.validateWithResult(json).getMessages().stream()
        .filter(message -> message.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0)
        .map(FhirJudge::sentence)
        .toList();
  }

  private static String sentence(SingleValidationMessage message) {
    return message.getLocationString() + ": " + message.getMessage();
  }

  /** Built when first asked: it takes seconds and a good deal of memory. */
  private static final class Holder {
    static final FhirValidator VALIDATOR = validator();

    private static FhirValidator validator() {
      FhirContext r4 = FhirContext.forR4();
      ValidationSupportChain support =
          new ValidationSupportChain(
              new DefaultProfileValidationSupport(r4),
              new CommonCodeSystemsTerminologyService(r4),
              new InMemoryTerminologyServerValidationSupport(r4));
      return r4.newValidator().registerValidatorModule(new FhirInstanceValidator(support));
    }
  }
}
