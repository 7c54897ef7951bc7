package dev.ermine.http;

import java.util.Locale;

/**
 * What a request is about, as far as its address tells.
 *
 * @see <a href="https://hl7.org/fhir/R4/valueset-restful-interaction.html">FHIR R4: restful
 *     interactions</a>
 */
public enum Interaction {
  /** One type of one patient. */
  SEARCH_TYPE,
  /** Several types of one patient. */
  SEARCH_SYSTEM,
  /** A summary of one patient. */
  SUMMARY,
  /** One resource or document. */
  READ,
  /** What anyone may know of the gateway. */
  DISCOVERY,
  /** An access token. */
  TOKEN,
  /** What officers ask about trust. */
  TRUST,
  /** Nothing that can be asked here, or not by a stranger. */
  NONE;

  /** Whether it asks for a patient's record. */
  public boolean isQuery() {
    return this == SEARCH_TYPE || this == SEARCH_SYSTEM || this == SUMMARY || this == READ;
  }

  /** As metrics write it. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
