package dev.ermine.merge;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.Issue;
import dev.ermine.merge.fact.Alternates;
import dev.ermine.merge.fact.Conflict;
import dev.ermine.merge.fact.Conflicts;
import dev.ermine.merge.fact.Fact;
import dev.ermine.merge.fact.Person;
import dev.ermine.merge.filter.Dates;
import dev.ermine.merge.filter.Filters;
import dev.ermine.merge.order.Order;
import dev.ermine.merge.origin.Origins;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The contributions of the regions, joined into one searchset with its account.
 *
 * <p>Pure: the same contributions give the same Bundle, in whatever order they arrived, and in
 * whatever order a region sent its entries: these stand in the one {@link Order}.
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
    Order order = order(query, contributions);
    Remarks remarks = new Remarks(at);
    CrossCheck check =
        CrossCheck.of(
            sought,
            contributions.stream()
                .map(c -> view(sought, c, filters).map(view -> view.in(order.unsorted())))
                .toList());
    for (int region = 0; region < contributions.size(); region++) {
      Contribution contribution = contributions.get(region);
      Optional<RegionView> view = check.views().get(region);
      int doubled = 0;
      List<Placed> disclosed = new ArrayList<>();
      Map<String, Placed> again = new LinkedHashMap<>();
      for (Placed placed : view.map(RegionView::kept).orElse(List.of())) {
        switch (seat(places, placed)) {
          case NEW -> disclosed.add(placed);
          case SAME -> again.putIfAbsent(placed.fullUrl(), placed);
          case CLASH -> doubled++;
        }
      }
      disclosed.forEach(placed -> again.remove(placed.fullUrl()));
      Optional<Merged.Share> share =
          view.map(v -> share(contribution, v, disclosed, again, places));
      share.ifPresent(shares::add);
      account.addAll(Account.lines(contribution, view, share, doubled));
      remark(remarks, contribution, view, disclosed, doubled);
    }
    List<Fact> facts = Facts.of(shares);
    List<Person> persons = Persons.of(contributions, shares);
    List<Conflict> conflicts = Conflicts.among(facts, persons);
    return new Merged(
        query,
        gateway,
        requestId,
        at,
        shares,
        Sequence.of(order, shares),
        List.of(),
        account,
        closing(query),
        Alternates.among(facts).and(PatientLinks.among(shares)),
        conflicts,
        conflicts.stream().anyMatch(Conflict::isOnPersons) ? Persons.unasked(persons) : List.of(),
        check.notes(),
        remarks.all(),
        remarks.census());
  }

  private static Order order(FhirQuery query, List<Contribution> contributions) {
    return new Order(
        query.results().sort(),
        query.types(),
        contributions.stream().map(contribution -> contribution.region().id()).toList(),
        Dates::of);
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
      int doubled) {
    if (view.isPresent()) {
      remarks.add(contribution.region(), view.get(), disclosed, doubled);
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
   * stands once, as a match if it ever was one, and counts for each region that sent it; another
   * resource under a taken address has no place.
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
      Map<String, Placed> again,
      Map<String, Placed> places) {
    return new Merged.Share(
        contribution.region(),
        view.base(),
        disclosed.stream().map(placed -> places.get(placed.fullUrl())).toList(),
        List.of(),
        List.copyOf(again.values()),
        List.of(),
        contribution instanceof Contribution.Asked asked ? asked.origins() : Origins.OWN);
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
