package dev.ermine.policy;

/** Whether one entry may be shared, with the rule that said so. */
public sealed interface EntryDecision {

  /** Why an entry is withheld. */
  enum Reason {
    /** By the patient's decision. */
    OBJECTION,
    /** By a label. */
    LABEL,
    /** By law. */
    LAW
  }

  /** It may. */
  record Disclosed(String rule) implements EntryDecision {}

  /** It may not. */
  record Withheld(Reason reason, String rule) implements EntryDecision {}
}
