package dev.ermine.merge.fact;

import java.util.List;

/**
 * A contradiction between entries, for a clinician to resolve: the gateway takes no side.
 *
 * @param rule id of the rule that found it
 * @param text in words, with the regions on each side
 * @param fullUrls the entries that contradict each other; two at least, save where one of them is a
 *     Patient that was not asked for
 */
public record Conflict(String rule, String text, List<String> fullUrls) {
  public Conflict {
    fullUrls = List.copyOf(fullUrls);
  }

  /**
   * Whether it is about the patient as a person: Patients that were not asked for tell of it, too.
   */
  public boolean isOnPersons() {
    return rule.equals(Rule.DEATH.id());
  }

  /** The rule alone: words may tell of the patient. */
  @Override
  public String toString() {
    return "Conflict[" + rule + "]";
  }
}
