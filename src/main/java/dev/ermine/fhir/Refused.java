package dev.ermine.fhir;

/**
 * The scanner's way out of a body that it refuses. It is checked and never leaves {@link
 * BodyScanner}, which makes a value of it.
 */
final class Refused extends Exception {

  private static final long serialVersionUID = 1L;

  private final String why;

  /** Without a stack trace: a hostile body shall not cost more than an honest one. */
  Refused(String why, int at) {
    super(null, null, false, false);
    this.why = why + " (byte " + at + ")";
  }

  /** The reason, in words of ours, without a byte of the body. */
  String why() {
    return why;
  }
}
