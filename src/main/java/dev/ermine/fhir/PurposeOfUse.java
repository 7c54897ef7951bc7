package dev.ermine.fhir;

import java.util.Optional;

/**
 * Why a record is asked for: a code of HL7 v3 ActReason.
 *
 * @see <a href="https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html">v3 PurposeOfUse</a>
 */
public record PurposeOfUse(String code) {

  /** The code system of purposes of use. */
  public static final String SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

  private static final String OID = "urn:oid:2.16.840.1.113883.5.8#";

  public PurposeOfUse {
    if (!code.matches("[A-Z]{2,16}")) {
      throw new IllegalArgumentException("not a purpose of use");
    }
  }

  /** The purpose that {@code text} names, bare ({@code TREAT}) or as UDAP writes it. */
  public static Optional<PurposeOfUse> parse(String text) {
    String code = text.startsWith(OID) ? text.substring(OID.length()) : text;
    return code.matches("[A-Z]{2,16}") ? Optional.of(new PurposeOfUse(code)) : Optional.empty();
  }

  @Override
  public String toString() {
    return code;
  }
}
