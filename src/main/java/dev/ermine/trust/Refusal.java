package dev.ermine.trust;

/**
 * The end of a verification: the reason, and nothing of what was shown. It never leaves this
 * package: {@link TrustVerifier} and {@link TokenGrants} answer with {@link Trust.Untrusted}.
 */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  private final Trust.Reason reason;

  Refusal(Trust.Reason reason) {
    // No stack trace: refusing a stranger is ordinary work, and has to be cheap.
    super(reason.name(), null, false, false);
    this.reason = reason;
  }

  /** Refuses what does not meet a rule. */
  static void unless(boolean met, Trust.Reason otherwise) throws Refusal {
    if (!met) {
      throw new Refusal(otherwise);
    }
  }

  Trust.Reason reason() {
    return reason;
  }
}
