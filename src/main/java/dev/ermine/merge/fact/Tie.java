package dev.ermine.merge.fact;

/** What can tie two entries of one type together, so that they are held against each other. */
enum Tie {
  /** A business identifier. */
  IDENTIFIER(
      "fact.identifier",
      "an identifier names one record wherever it is shown, where it says its system and is neither"
          + " temporary nor old; if codes of one system say that the two are about different things,"
          + " it was given twice"),
  /** The hash of an attachment. */
  HASH(
      "fact.hash",
      "attachments with one hash are one document, whoever points to it and whatever they call it;"
          + " an empty one is nobody's"),
  /** A code of what both are about, and the time where the type's rule asks for it. */
  SUBJECT("fact.subject", "see the rule of the type");

  private final String id;
  private final String reason;

  Tie(String id, String reason) {
    this.id = id;
    this.reason = reason;
  }

  String id() {
    return id;
  }

  /** Why it ties, for a clinician. */
  String reason() {
    return reason;
  }
}
