package dev.ermine.federation;

import dev.ermine.region.Agreement;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What one version of {@code regions.yaml} opens and closes compared with another: found by
 * deciding, from today on, never by comparing texts.
 *
 * @param gained what only the new version permits
 * @param lost what only the old one did
 */
public record DecisionChanges(List<Sharing> gained, List<Sharing> lost) {

  /** Who asks, and who releases. */
  private record Pair(RegionId releasing, RegionId asking) implements Comparable<Pair> {
    private static final Comparator<Pair> ORDER =
        Comparator.comparing(Pair::releasing).thenComparing(Pair::asking);

    @Override
    public int compareTo(Pair other) {
      return ORDER.compare(this, other);
    }
  }

  public DecisionChanges {
    gained = List.copyOf(gained);
    lost = List.copyOf(lost);
  }

  /** All changes of decisions that can be met from that day on. */
  public static DecisionChanges between(Regions before, Regions after, LocalDate today) {
    Rehearsal old = new Rehearsal(before);
    Rehearsal now = new Rehearsal(after);
    List<Sharing> gained = new ArrayList<>();
    List<Sharing> lost = new ArrayList<>();
    for (Pair pair : pairs(before, after)) {
      if (!isDecidedAlike(pair, old, now)) {
        PairTerms terms = PairTerms.of(pair.asking, pair.releasing, before, after);
        gained.addAll(new Gains(now, old, pair.asking, pair.releasing, terms).from(today));
        lost.addAll(new Gains(old, now, pair.asking, pair.releasing, terms).from(today));
      }
    }
    return new DecisionChanges(gained, lost);
  }

  /** Without an agreement between them neither version permits anything. */
  private static SortedSet<Pair> pairs(Regions before, Regions after) {
    SortedSet<Pair> pairs = new TreeSet<>();
    Stream.of(before, after)
        .flatMap(version -> version.agreements().stream())
        .forEach(agreement -> pairs.addAll(pairs(agreement)));
    return pairs;
  }

  private static List<Pair> pairs(Agreement agreement) {
    return agreement.to().stream().map(asking -> new Pair(agreement.releases(), asking)).toList();
  }

  /** Whether all that the decisions between the two rest on is the same, so that they are, too. */
  private static boolean isDecidedAlike(Pair pair, Rehearsal old, Rehearsal now) {
    return old.reaches(pair.asking, pair.releasing) == now.reaches(pair.asking, pair.releasing)
        && PairTerms.of(pair.asking, pair.releasing, old.regions())
            .equals(PairTerms.of(pair.asking, pair.releasing, now.regions()))
        && old.offers(pair.releasing).equals(now.offers(pair.releasing));
  }

  public boolean isEmpty() {
    return gained.isEmpty() && lost.isEmpty();
  }
}
