package dev.ermine.policy;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.Sensitivity;

/**
 * A security label, as an entry carries it or a rule names it.
 *
 * @see <a href="https://hl7.org/fhir/R4/security-labels.html">FHIR R4: security labels</a>
 */
public sealed interface Label {

  /** How confidential. */
  record Level(Confidentiality confidentiality) implements Label {}

  /** Why it is sensitive. */
  record Sensitive(Sensitivity sensitivity) implements Label {}

  /** Anything else: how to handle it, or a code that nothing is known of. */
  record Other(Coding coding) implements Label {}

  /** The label that {@code coding} is. */
  static Label of(Coding coding) {
    return switch (coding.system()) {
      case Confidentiality.SYSTEM ->
          Confidentiality.of(coding.code())
              .<Label>map(Level::new)
              .orElseGet(() -> ofSensitivity(coding, replacement(coding.code())));
      case Sensitivity.SYSTEM -> ofSensitivity(coding, coding.code());
      default -> new Other(coding);
    };
  }

  private static Label ofSensitivity(Coding coding, String code) {
    Sensitivity sensitivity = new Sensitivity(code);
    return sensitivity.known() ? new Sensitive(sensitivity) : new Other(coding);
  }

  /**
   * The sensitivity that HL7 has replaced a code of v3 Confidentiality by: deprecated, and still
   * sent. What it has replaced by none stays as it is.
   *
   * @see <a href="https://terminology.hl7.org/CodeSystem-v3-Confidentiality.html">v3
   *     Confidentiality</a>
   */
  private static String replacement(String deprecated) {
    return switch (deprecated) {
      case "C" -> "CEL";
      case "S" -> "PRS";
      case "T" -> "TBOO";
      default -> deprecated;
    };
  }
}
