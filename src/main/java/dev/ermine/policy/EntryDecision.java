package dev.ermine.policy;

/**
 * Whether one entry may be shared, with the rule that said so.
 *
 * <p>The rules that withhold: {@code law}, {@code law:fertility}; {@code label} (confidentiality),
 * {@code label:SEX} (a sensitivity, or a handling label that asks for the patient's consent),
 * {@code label:unlabelled} (a document); {@code patient-access}; {@code opt-out}; {@code
 * default-deny}. Those that withhold or disclose: {@code consent[0].provision} (where it stands in
 * a Consent; {@code asking:consent[0].provision} where the asking region holds it) and {@code
 * implicit:basic-normal}. What is no patient's record is disclosed by the agreement's id. Behind
 * {@code origin:} stands the rule of the region that a relayed entry comes from.
 */
public sealed interface EntryDecision {

  /** Why an entry is withheld, the gravest last. */
  enum Reason {
    /** By the terms of the region that it comes from, where another relays it. */
    ORIGIN,
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
