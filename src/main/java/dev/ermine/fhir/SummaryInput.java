package dev.ermine.fhir;

import java.util.List;

/**
 * What became of the input of {@code Patient/$summary}: the one patient whom it names, or the
 * reasons why it names none.
 *
 * @see <a href="https://hl7.org/fhir/uv/ips/STU2/OperationDefinition-summary.html">IPS 2.0.0:
 *     $summary</a>
 */
public sealed interface SummaryInput {

  /** A patient, and a profile that is adhered to if any. */
  record Named(NhsNumber patient) implements SummaryInput {}

  /**
   * Not that.
   *
   * @param issues every fault found, each saying what to mend; at least one; never a value of the
   *     input that may be a patient's
   */
  record Malformed(List<Issue> issues) implements SummaryInput {
    public Malformed {
      issues = List.copyOf(issues);
    }
  }

  /** Reads the body of the request: Parameters, to the letter. */
  static SummaryInput read(byte[] body) {
    try {
      return new SummaryInputReader().read(Element.root(new Slice(body, 0, body.length)));
    } catch (Element.Unfit unfit) {
      return new Malformed(
          List.of(
              Issue.error(
                  Issue.Code.STRUCTURE,
                  "send one FHIR resource, Parameters with `identifier`: " + unfit.why())));
    }
  }
}
