package dev.ermine.merge;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.Issue;
import dev.ermine.merge.fact.Alternates;
import dev.ermine.merge.filter.Filters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The contributions of the regions, joined into one searchset with its account.
 *
 * <p>Pure: the same contributions give the same Bundle, in whatever order they arrived. Entries
 * stand by region as {@code regions.yaml} lists them, then as the region sent them.
 */
public final class Merge {

  private final String gateway;

  /**
   * @param gateway the gateway's base URL, without trailing slash
   */
  public Merge(String gateway) {
    this.gateway = gateway;
  }

  /** Joins the contributions of every known region, in the order of {@code regions.yaml}. */
  public Merged merge(
      FhirQuery query,
      Sought sought,
      List<Contribution> contributions,
      String requestId,
      Instant at) {
    List<AccountLine> account = new ArrayList<>();
    Map<String, Placed> places = new LinkedHashMap<>();
    List<Merged.Share> shares = new ArrayList<>();
    Filters filters = new Filters(query.filters(), at);
    Remarks remarks = new Remarks(query, at);
    for (Contribution contribution : contributions) {
      Optional<RegionView> view = view(sought, contribution, filters);
      int doubled = 0;
      List<Placed> disclosed = new ArrayList<>();
      for (Placed placed : view.map(RegionView::kept).orElse(List.of())) {
        switch (seat(places, placed)) {
          case NEW -> disclosed.add(placed);
          case SAME -> {}
          case CLASH -> doubled++;
        }
      }
      account.addAll(Account.lines(contribution, view, disclosed.size(), doubled));
      int first = shares.stream().mapToInt(share -> share.entries().size()).sum();
      remark(remarks, contribution, view, disclosed, first, doubled);
      view.ifPresent(v -> shares.add(share(contribution, v, disclosed, places)));
    }
    return new Merged(
        query,
        gateway,
        requestId,
        at,
        shares,
        account,
        closing(query),
        Alternates.NONE,
        List.of(),
        List.of(),
        remarks.issues(),
        remarks.census());
  }

  private Optional<RegionView> view(Sought sought, Contribution contribution, Filters filters) {
    return contribution instanceof Contribution.Asked asked
            && asked.answer() instanceof PeerAnswer.Answered answered
        ? RegionView.of(sought, new RegionBase(asked.region(), gateway), asked, answered, filters)
        : Optional.empty();
  }

  private static void remark(
      Remarks remarks,
      Contribution contribution,
      Optional<RegionView> view,
      List<Placed> disclosed,
      int first,
      int doubled) {
    if (view.isPresent()) {
      remarks.add(contribution.region(), view.get(), disclosed, first, doubled);
    } else if (contribution instanceof Contribution.Asked asked
        && asked.answer() instanceof PeerAnswer.Answered answered) {
      remarks.add(contribution.region(), answered.patients());
    }
  }

  private enum Seat {
    NEW,
    SAME,
    CLASH
  }

  /**
   * No two entries of a Bundle share a {@code fullUrl} (bdl-7). The same resource fetched twice
   * stands once, as a match if it ever was one; another resource under a taken address has no
   * place.
   */
  private static Seat seat(Map<String, Placed> places, Placed placed) {
    Placed first = places.putIfAbsent(placed.fullUrl(), placed);
    if (first == null) {
      return Seat.NEW;
    }
    if (!first.entry().resource().equals(placed.entry().resource())) {
      return Seat.CLASH;
    }
    if (placed.mode() == Entry.Mode.MATCH) {
      places.put(placed.fullUrl(), first.as(Entry.Mode.MATCH));
    }
    return Seat.SAME;
  }

  private static Merged.Share share(
      Contribution contribution,
      RegionView view,
      List<Placed> disclosed,
      Map<String, Placed> places) {
    return new Merged.Share(
        contribution.region(),
        view.base(),
        disclosed.stream().map(placed -> places.get(placed.fullUrl())).toList());
  }

  private static List<Issue> closing(FhirQuery query) {
    return query.dropped().stream()
        .map(
            name ->
                Issue.information(
                    Issue.Code.NOT_SUPPORTED,
                    "the parameter `" + name + "` is not supported here and was left out"))
        .toList();
  }
}
