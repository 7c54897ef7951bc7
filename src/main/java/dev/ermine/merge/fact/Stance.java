package dev.ermine.merge.fact;

import dev.ermine.fhir.Clinical;
import java.util.Optional;

/**
 * Where an entry stands on whether something is so at present.
 *
 * @param asserts that it is, or that it is not
 * @param words as a region is quoted with
 */
record Stance(boolean asserts, String words) {

  /**
   * On an allergy. Without a {@code clinicalStatus} it is taken for active: a warning that nobody
   * took back. An allergy that is refuted, withdrawn, resolved or no longer a risk is no warning.
   */
  static Optional<Stance> onAllergy(Witness witness) {
    Clinical says = witness.says();
    String verified = says.verificationStatus().orElse("");
    String clinical = says.clinicalStatus().orElse("active");
    return switch (verified) {
      case "refuted", "entered-in-error" -> Optional.of(denies(verified));
      default ->
          switch (clinical) {
            case "active" -> Optional.of(asserts(clinical));
            case "inactive", "resolved" -> Optional.of(denies(clinical));
            default -> Optional.empty();
          };
    };
  }

  /**
   * On a Condition. One that was entered in error says nothing of another region's; one without a
   * {@code clinicalStatus} says nothing unless it says that it has ended.
   */
  static Optional<Stance> onCondition(Witness witness) {
    Clinical says = witness.says();
    String verified = says.verificationStatus().orElse("");
    String clinical = says.clinicalStatus().orElse(says.abated() ? "ended" : "");
    return switch (verified) {
      case "entered-in-error" -> Optional.empty();
      case "refuted" -> Optional.of(denies(verified));
      default ->
          switch (clinical) {
            case "active", "recurrence", "relapse" -> Optional.of(asserts(clinical));
            case "inactive", "resolved", "remission", "ended" -> Optional.of(denies(clinical));
            default -> Optional.empty();
          };
    };
  }

  /**
   * On whether a medicine is taken. What is completed was not taken back: a prescription that was
   * dispensed is completed while the medicine goes on, so it counts only of a statement that says
   * when it ended.
   */
  static Optional<Stance> onMedicine(Witness witness) {
    Clinical says = witness.says();
    String status = says.status().orElse("");
    return switch (status) {
      case "active" ->
          Optional.of(says.negated() ? new Stance(false, "not to be given") : asserts(status));
      case "stopped", "cancelled", "not-taken", "entered-in-error" -> Optional.of(denies(status));
      case "completed" ->
          witness.fact().entry().type().equals("MedicationStatement")
                  && Times.ended(witness.fact().entry()).isPresent()
              ? Optional.of(denies(status))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Stance asserts(String code) {
    return new Stance(true, code);
  }

  private static Stance denies(String code) {
    return new Stance(false, code.replace('-', ' '));
  }
}
