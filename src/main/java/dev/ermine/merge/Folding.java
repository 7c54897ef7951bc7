package dev.ermine.merge;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Issue;
import dev.ermine.merge.fact.Conflict;
import dev.ermine.merge.fact.Fact;
import dev.ermine.merge.fact.Fold;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A view in which one entry stands for all that are alike, because the asker wished so.
 *
 * <p>Nothing that can be reached is lost: what is hidden stays in the links of what stands for it,
 * its region's Provenance goes on naming it, and the account goes on counting what its region
 * shared. What another entry refers to is never hidden, nor what is in a conflict, nor what nobody
 * asked for by itself.
 */
final class Folding {

  private final Merged whole;
  private final List<Fold> folds;
  private final Set<String> hidden = new HashSet<>();

  private Folding(Merged whole) {
    this.whole = whole;
    this.folds = Fold.among(matches(), whole.alternates(), fixed());
    folds.forEach(fold -> hidden.addAll(fold.hidden()));
  }

  static Merged of(Merged whole) {
    return new Folding(whole).folded();
  }

  private Merged folded() {
    List<Merged.Share> shares = whole.shares().stream().map(this::share).toList();
    List<Remark> notes = new ArrayList<>(whole.notes());
    if (!whole.query().countOnly()) {
      folds.forEach(fold -> notes.add(remark(fold)));
    }
    return new Merged(
        whole.query(),
        whole.gateway(),
        whole.requestId(),
        whole.at(),
        shares,
        whole.account(),
        whole.closing(),
        whole.alternates(),
        whole.conflicts(),
        whole.told(),
        notes,
        whole.flags(),
        whole.census());
  }

  private List<Fact> matches() {
    Set<String> matches = new HashSet<>();
    for (Merged.Share share : whole.shares()) {
      for (Placed placed : share.entries()) {
        if (placed.mode() == Entry.Mode.MATCH) {
          matches.add(placed.fullUrl());
        }
      }
    }
    return Facts.of(whole.shares()).stream()
        .filter(fact -> matches.contains(fact.fullUrl()))
        .toList();
  }

  /** What others refer to, and what is in a conflict. */
  private Set<String> fixed() {
    Set<String> fixed = new HashSet<>();
    for (Merged.Share share : whole.shares()) {
      for (Placed placed : share.entries()) {
        for (Entry.Reference reference : placed.entry().references()) {
          reference
              .literal()
              .map(literal -> share.base().address(placed.entry(), literal.value()))
              .ifPresent(fixed::add);
        }
      }
    }
    for (Conflict conflict : whole.conflicts()) {
      fixed.addAll(conflict.fullUrls());
    }
    return fixed;
  }

  private Merged.Share share(Merged.Share share) {
    List<Placed> shown = new ArrayList<>();
    List<Placed> folded = new ArrayList<>(share.folded());
    for (Placed placed : share.entries()) {
      (hidden.contains(placed.fullUrl()) ? folded : shown).add(placed);
    }
    return new Merged.Share(
        share.region(), share.base(), shown, folded, share.again(), share.origins());
  }

  private static Remark remark(Fold fold) {
    return new Remark(
        new Issue(
            Issue.Severity.INFORMATION,
            Issue.Code.INFORMATIONAL,
            (fold.hidden().size() + 1)
                + " recorded, shown once; the others are linked as alternates",
            List.of(),
            Optional.of(
                fold.rule() + ": " + fold.shown() + ", " + String.join(", ", fold.hidden())),
            List.of()),
        List.of(fold.shown()));
  }
}
