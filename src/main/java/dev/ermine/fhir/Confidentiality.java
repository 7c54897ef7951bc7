package dev.ermine.fhir;

import java.util.Arrays;
import java.util.Optional;

/**
 * How confidential something is, from unrestricted to very restricted: HL7 v3 Confidentiality. Each
 * level includes those before it.
 *
 * @see <a href="https://terminology.hl7.org/CodeSystem-v3-Confidentiality.html">v3
 *     Confidentiality</a>
 */
public enum Confidentiality {
  /** Unrestricted. */
  U,
  /** Low. */
  L,
  /** Moderate. */
  M,
  /** Normal. */
  N,
  /** Restricted. */
  R,
  /** Very restricted. */
  V;

  /** The code system of these. */
  public static final String SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

  /** The level of that code; empty when it is none of these. */
  public static Optional<Confidentiality> of(String code) {
    return Arrays.stream(values()).filter(level -> level.name().equals(code)).findFirst();
  }

  /** Whether this level lies above {@code ceiling}. */
  public boolean isAbove(Confidentiality ceiling) {
    return compareTo(ceiling) > 0;
  }
}
