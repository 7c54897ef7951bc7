package dev.ermine.region;

import dev.ermine.region.Agreement.BreakGlass;
import dev.ermine.region.Agreement.StepUp;
import dev.ermine.region.Change.Effect;
import dev.ermine.region.ReleaseTerms.Ceiling;
import dev.ermine.region.ReleaseTerms.ImplicitConsent;
import dev.ermine.region.ReleaseTerms.LegalGroup;
import dev.ermine.region.ReleaseTerms.Telling;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What an agreement discloses of the types that it releases, in two versions. */
final class ReleaseComparison {

  /** Each permits what the one before it does. */
  private static final List<ImplicitConsent> WIDER =
      List.of(
          ImplicitConsent.DENY,
          ImplicitConsent.BREAK_GLASS_ONLY,
          ImplicitConsent.BASIC_NORMAL,
          ImplicitConsent.ALL_NORMAL);

  private final String path;
  private final Changes changes;

  ReleaseComparison(String path, Changes changes) {
    this.path = path;
    this.changes = changes;
  }

  void compare(Agreement before, Agreement after) {
    compare(before.terms(), after.terms());
    compareStepUp(
        before.breakGlass().map(BreakGlass::stepUp), after.breakGlass().map(BreakGlass::stepUp));
    Optional<Ceiling> old = before.breakGlass().flatMap(BreakGlass::ceiling);
    Optional<Ceiling> now = after.breakGlass().flatMap(BreakGlass::ceiling);
    if (!old.equals(now)) {
      compareCeiling(
          path + ".break-glass.ceiling.",
          old.orElse(before.terms().ceiling()),
          now.orElse(after.terms().ceiling()));
    }
  }

  /** What a new agreement discloses beyond what one that says nothing of it does. */
  void tell(Agreement agreement) {
    compare(ReleaseTerms.DEFAULT, agreement.terms());
    agreement
        .breakGlass()
        .flatMap(BreakGlass::ceiling)
        .ifPresent(
            it -> compareCeiling(path + ".break-glass.ceiling.", agreement.terms().ceiling(), it));
  }

  private void compare(ReleaseTerms before, ReleaseTerms after) {
    changes.compare(
        effect(WIDER.indexOf(after.implicit()) - WIDER.indexOf(before.implicit())),
        path + ".implicit-consent",
        before.implicit(),
        after.implicit());
    compareCeiling(path + ".ceiling.", before.ceiling(), after.ceiling());
    changes.compareAll(path + ".law", shown(before.law()), shown(after.law()));
    compareDisclosed(
        path + ".restricted-patients", before.restrictedPatients(), after.restrictedPatients());
    changes.compareAll(path + ".release-ready", before.releaseReady(), after.releaseReady());
    compareTelling(before.telling(), after.telling());
    changes.compare(
        path + ".notice", before.notice().stream().toList(), after.notice().stream().toList());
  }

  private void compareCeiling(String at, Ceiling before, Ceiling after) {
    changes.compare(
        effect(after.confidentiality().compareTo(before.confidentiality())),
        at + "confidentiality",
        before.confidentiality().name(),
        after.confidentiality().name());
    changes.compareWithheld(at + "without", before.without(), after.without());
    compareDisclosed(
        at + "unlabelled-documents", before.unlabelledDocuments(), after.unlabelledDocuments());
  }

  private void compareDisclosed(String at, boolean before, boolean after) {
    changes.compare(
        after ? Effect.WIDENS : Effect.NARROWS, at, permission(before), permission(after));
  }

  private static String permission(boolean permitted) {
    return permitted ? "permit" : "withhold";
  }

  /** What is told of entries that are withheld discloses none of them. */
  private void compareTelling(Telling before, Telling after) {
    String at = path + ".withheld.";
    changes.compare(at + "objections", telling(before.objections()), telling(after.objections()));
    changes.compare(at + "labels", telling(before.labels()), telling(after.labels()));
    changes.compare(at + "law", telling(before.law()), telling(after.law()));
  }

  private static String telling(boolean told) {
    return told ? "say" : "silent";
  }

  private void compareStepUp(Optional<StepUp> before, Optional<StepUp> after) {
    String at = path + ".break-glass.step-up.";
    changes.compareAll(
        at + "acr",
        before.map(StepUp::contexts).orElse(Set.of()),
        after.map(StepUp::contexts).orElse(Set.of()));
    if (before.isPresent() && after.isPresent()) {
      changes.compare(
          effect(after.get().age().compareTo(before.get().age())),
          at + "max-age",
          before.get().age(),
          after.get().age());
    }
  }

  private static Effect effect(int wider) {
    return wider > 0 ? Effect.WIDENS : Effect.NARROWS;
  }

  private static Set<String> shown(Set<LegalGroup> groups) {
    return groups.stream().map(LegalGroup::code).collect(Collectors.toSet());
  }
}
