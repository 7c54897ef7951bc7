package dev.ermine.fhir;

import java.util.List;
import java.util.Optional;

/**
 * One issue of an OperationOutcome.
 *
 * @param text for people: what is wrong or missing, and what to do next
 * @param codings {@code details.coding}, for machines
 * @param diagnostics for technicians: rule ids, never a patient's data
 * @param expression FHIRPath of the elements concerned
 * @see <a href="https://hl7.org/fhir/R4/operationoutcome.html">FHIR R4: OperationOutcome</a>
 */
public record Issue(
    Severity severity,
    Code code,
    String text,
    List<Coding> codings,
    Optional<String> diagnostics,
    List<String> expression) {

  /** How bad it is: <a href="https://hl7.org/fhir/R4/valueset-issue-severity.html">severity</a>. */
  public enum Severity {
    FATAL,
    ERROR,
    WARNING,
    INFORMATION;

    /** The code as FHIR writes it. */
    public String fhir() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * What kind of thing it is: <a href="https://hl7.org/fhir/R4/valueset-issue-type.html">type</a>.
   */
  public enum Code {
    INVALID,
    STRUCTURE,
    REQUIRED,
    VALUE,
    SECURITY,
    LOGIN,
    UNKNOWN,
    EXPIRED,
    FORBIDDEN,
    SUPPRESSED,
    PROCESSING,
    NOT_SUPPORTED,
    NOT_FOUND,
    TOO_LONG,
    TOO_COSTLY,
    BUSINESS_RULE,
    CONFLICT,
    TRANSIENT,
    EXCEPTION,
    TIMEOUT,
    INCOMPLETE,
    THROTTLED,
    INFORMATIONAL;

    /** The code as FHIR writes it. */
    public String fhir() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  public Issue {
    codings = List.copyOf(codings);
    expression = List.copyOf(expression);
  }

  /** An error with a sentence for the caller. */
  public static Issue error(Code code, String text) {
    return new Issue(Severity.ERROR, code, text, List.of(), Optional.empty(), List.of());
  }

  /** Something the caller should know, with nothing wrong. */
  public static Issue information(Code code, String text) {
    return new Issue(Severity.INFORMATION, code, text, List.of(), Optional.empty(), List.of());
  }
}
