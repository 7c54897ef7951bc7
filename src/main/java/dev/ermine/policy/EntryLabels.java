package dev.ermine.policy;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.policy.Label.Level;
import dev.ermine.policy.Label.Other;
import dev.ermine.policy.Label.Sensitive;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The labels that hold for one entry: those it was sent with, and those that rules give it.
 *
 * @param confidentiality the highest of them; empty: none is stated
 * @param sensitivities v3-ActCode sensitivities, and every code that they stand under
 * @param others handling instructions, groups restricted by law, and what else was said
 */
public record EntryLabels(
    Optional<Confidentiality> confidentiality, Set<String> sensitivities, Set<Coding> others) {

  /** None. */
  public static final EntryLabels NONE = new EntryLabels(Optional.empty(), Set.of(), Set.of());

  public EntryLabels {
    sensitivities = Set.copyOf(sensitivities);
    others = Set.copyOf(others);
  }

  /**
   * What these labels come to together. A code of v3 Confidentiality that is no level, such as the
   * deprecated {@code HIV} and {@code S}, asks for more than what is normal.
   */
  public static EntryLabels of(Collection<Coding> labels) {
    if (labels.isEmpty()) {
      return NONE;
    }
    @Nullable Confidentiality highest = null;
    Set<String> sensitivities = new HashSet<>();
    Set<Coding> others = new HashSet<>();
    for (Coding coding : labels) {
      if (isUnclear(coding)) {
        highest = higher(highest, Confidentiality.R);
      }
      switch (Label.of(coding)) {
        case Level(var level) -> highest = higher(highest, level);
        case Sensitive(var sensitivity) -> sensitivities.addAll(sensitivity.ancestry());
        case Other(var other) -> others.add(other);
      }
    }
    return new EntryLabels(Optional.ofNullable(highest), sensitivities, others);
  }

  private static boolean isUnclear(Coding coding) {
    return coding.system().equals(Confidentiality.SYSTEM)
        && Confidentiality.of(coding.code()).isEmpty();
  }

  private static Confidentiality higher(@Nullable Confidentiality one, Confidentiality other) {
    return one == null || other.isAbove(one) ? other : one;
  }

  /** Nothing of it: labels tell of the patient. */
  @Override
  public String toString() {
    return "EntryLabels";
  }
}
