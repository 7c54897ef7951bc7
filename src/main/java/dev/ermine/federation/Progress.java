package dev.ermine.federation;

import dev.ermine.fhir.FhirQuery;
import dev.ermine.merge.AccountLine;
import dev.ermine.merge.Cut;
import dev.ermine.merge.Merged;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.Status;
import dev.ermine.merge.order.Cursor;
import dev.ermine.region.RegionId;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * A question, and what has been settled of it by the pages that have been answered so far.
 *
 * <p>Each page asks the regions anew and shows what comes after the last entry of the one before. A
 * region that could not be heard on one page is left out of the rest: its entries might belong on
 * pages that are gone by.
 *
 * @param token by which the next page was asked for; empty for the first
 * @param after where the last page ended; empty for the first
 * @param only the regions of which alone entries are shown, where the question is what came late;
 *     each with its types, or none for all
 * @param missing the regions that could not be heard, and how
 * @param digests of what each region disclosed on the first page; empty before it
 */
record Progress(
    FhirQuery query,
    Wishes wishes,
    Optional<String> token,
    Optional<Cursor> after,
    Optional<Map<RegionId, Set<String>>> only,
    Map<RegionId, Status> missing,
    Optional<Map<RegionId, Long>> digests) {

  Progress {
    only = only.map(it -> Collections.unmodifiableMap(new LinkedHashMap<>(it)));
    missing = Collections.unmodifiableMap(new LinkedHashMap<>(missing));
    digests = digests.map(it -> Collections.unmodifiableMap(new LinkedHashMap<>(it)));
  }

  /** A question that nothing has been answered of. */
  static Progress first(FhirQuery query, Wishes wishes) {
    return new Progress(
        query,
        wishes,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty());
  }

  /** The same, with the token by which it goes on, and the time that it is allowed. */
  Progress by(String token, Optional<Duration> deadline) {
    return new Progress(
        query, wishes.within(deadline), Optional.of(token), after, only, missing, digests);
  }

  /** Whether its answer may come on several pages. */
  boolean isPaged() {
    return !query.countOnly() && query.results().count().isPresent();
  }

  /** What the next page shows of the whole. */
  Cut cut() {
    return query.countOnly()
        ? new Cut(Optional.empty(), OptionalInt.empty(), only)
        : new Cut(after, query.results().count(), only);
  }

  /** What is said of a region that is not, though it was before. */
  Optional<Miss> missed(RegionId region) {
    return Optional.ofNullable(missing.get(region)).map(Progress::miss);
  }

  private static Miss miss(Status status) {
    return switch (status) {
      case TIMED_OUT -> new Miss.TimedOut();
      case UNREACHABLE -> new Miss.Unreachable("it could not be reached");
      case FAILING -> new Miss.Failing("it failed to answer");
      case THROTTLED -> new Miss.Throttled(Optional.empty());
      default -> throw new IllegalStateException("a region is not missing when it is " + status);
    };
  }

  /** The same view, with its account saying of which regions the record has changed meanwhile. */
  Merged compared(Merged whole) {
    return digests.map(first -> whole.changed(changed(first, whole))).orElse(whole);
  }

  private static Set<RegionId> changed(Map<RegionId, Long> first, Merged whole) {
    Map<RegionId, Long> now = whole.digests();
    Set<RegionId> changed = new TreeSet<>();
    whole
        .statuses()
        .forEach(
            (region, status) -> {
              if (!status.missing() && !Objects.equals(first.get(region), now.get(region))) {
                changed.add(region);
              }
            });
    return changed;
  }

  /** What is left after a page that ended there. */
  Progress after(Cursor last, Merged whole) {
    Map<RegionId, Status> lost = new HashMap<>(missing);
    whole
        .statuses()
        .forEach(
            (region, status) -> {
              if (status.missing()) {
                lost.putIfAbsent(region, status);
              }
            });
    return new Progress(
        query,
        wishes,
        Optional.empty(),
        Optional.of(last),
        only,
        lost,
        Optional.of(digests.orElseGet(whole::digests)));
  }

  /** The question what has come late of those that the account says are missing; empty: none is. */
  Optional<Progress> late(Merged whole) {
    if (query.countOnly()) {
      return Optional.empty(); // who counts counts anew
    }
    Map<RegionId, Set<String>> late = new LinkedHashMap<>();
    for (AccountLine line : whole.account()) {
      RegionId region = line.region().id();
      if (line.status().missing() && only.map(it -> it.containsKey(region)).orElse(true)) {
        late.merge(region, new TreeSet<>(line.types()), Progress::both);
      }
    }
    return late.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Progress(
                query,
                wishes,
                Optional.empty(),
                Optional.empty(),
                Optional.of(late),
                Map.of(),
                Optional.empty()));
  }

  /** No types named means all. */
  private static Set<String> both(Set<String> one, Set<String> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return Set.of();
    }
    Set<String> both = new TreeSet<>(one);
    both.addAll(other);
    return both;
  }
}
