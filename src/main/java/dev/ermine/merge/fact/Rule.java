package dev.ermine.merge.fact;

/**
 * What counts as a contradiction, in the order in which clinicians are told. The whole table: each
 * rule with its id, the words that its matter begins with, and the reason why it is one.
 */
enum Rule {
  ALLERGY_DENIED(
      "allergy-denied",
      "",
      "Who reads \"no known allergies\" alone prescribes what another region knows to be dangerous."),
  ALLERGY_STATUS(
      "allergy-status",
      "Allergy to ",
      "An allergy that one region has ruled out, withdrawn or seen resolved is a warning in another:"
          + " either the warning is out of date, or it was taken away wrongly."),
  DEATH(
      "death",
      "",
      "Either one region has not heard of the death, or it is recorded of the wrong patient, and so"
          + " may be all else."),
  MEDICINE_STOPPED(
      "medicine-stopped", "Medicine ", "What one region stopped is continued from another's list."),
  MEDICINE_DOSE(
      "medicine-dose", "Medicine ", "Both doses are said to be current; one of them is not taken."),
  CONDITION_STATUS(
      "condition-status",
      "Condition ",
      "What is treated as current in one region is over, or never was, in another."),
  OBSERVATION_VALUE(
      "observation-value",
      "Observation ",
      "One measurement has one value: one of the records is not what was measured.");

  private final String id;
  private final String matter;
  private final String reason;

  Rule(String id, String matter, String reason) {
    this.id = id;
    this.matter = matter;
    this.reason = reason;
  }

  /** As issues, tests and the hazard log quote it. */
  String id() {
    return id;
  }

  /** What its matter begins with. */
  String matter() {
    return matter;
  }

  /** Why it is one. */
  String reason() {
    return reason;
  }
}
