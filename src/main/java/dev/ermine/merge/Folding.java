package dev.ermine.merge;

import dev.ermine.fhir.Issue;
import dev.ermine.merge.fact.Conflict;
import dev.ermine.merge.fact.Fact;
import dev.ermine.merge.fact.Fold;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

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
    List<Merged.Share> shares =
        whole.shares().stream().map(share -> share.folding(hidden)).toList();
    List<Remark> notes = new ArrayList<>(whole.notes());
    if (!whole.query().countOnly()) {
      folds.forEach(fold -> notes.add(remark(fold)));
    }
    return whole.with(
        shares,
        whole.sequence().only(placed -> !hidden.contains(placed.fullUrl())),
        whole.conflicts(),
        whole.told(),
        notes,
        whole.flags());
  }

  private List<Fact> matches() {
    Set<String> matches = new HashSet<>();
    whole.sequence().matches().forEach(placed -> matches.add(placed.fullUrl()));
    return Facts.of(whole.shares()).stream()
        .filter(fact -> matches.contains(fact.fullUrl()))
        .toList();
  }

  /** What others refer to, and what is in a conflict. */
  private Set<String> fixed() {
    Set<String> fixed = new HashSet<>();
    for (Merged.Share share : whole.shares()) {
      for (Placed placed : share.entries()) {
        fixed.addAll(placed.targets());
      }
    }
    for (Conflict conflict : whole.conflicts()) {
      fixed.addAll(conflict.fullUrls());
    }
    return fixed;
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
        Stream.concat(Stream.of(fold.shown()), fold.hidden().stream()).toList());
  }
}
