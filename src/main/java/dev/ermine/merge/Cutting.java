package dev.ermine.merge;

import dev.ermine.merge.fact.Conflict;
import dev.ermine.merge.order.Cursor;
import dev.ermine.merge.order.Order;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The cut of one page out of a view over all that there is.
 *
 * <p>The first page says all that the view has to say, a later one what concerns an entry on it.
 * What is said of entries that stand on another page is told of here all the same, and so it counts
 * as disclosed by this one.
 */
final class Cutting {

  private final Merged whole;
  private final Cut cut;
  private final Sequence sequence;
  private final Company company;

  private Cutting(Merged whole, Cut cut) {
    this.whole = whole;
    this.cut = cut;
    this.sequence = whole.sequence();
    this.company = new Company(sequence.includes(), whole.query().results().inclusions());
  }

  static Page page(Merged whole, Cut cut) {
    return whole.query().countOnly() || isAll(whole, cut)
        ? new Page(whole, Optional.empty())
        : new Cutting(whole, cut).page();
  }

  private static boolean isAll(Merged whole, Cut cut) {
    return cut.after().isEmpty()
        && cut.only().isEmpty()
        && whole.sequence().matches().size() <= cut.count().orElse(Integer.MAX_VALUE);
  }

  private Page page() {
    List<Placed> wanted = wanted();
    int from = cut.after().map(after -> following(wanted, after)).orElse(0);
    int until = (int) Math.min((long) from + cut.count().orElse(wanted.size()), wanted.size());
    List<Placed> shown = wanted.subList(from, until);
    return new Page(
        said(sequence.page(shown, company(shown))),
        until < wanted.size() ? Optional.of(place(wanted.get(until - 1))) : Optional.empty());
  }

  private boolean isFirst() {
    return cut.after().isEmpty();
  }

  /** How many of these stand at the cursor or before it, whether or not one stands at it still. */
  private int following(List<Placed> wanted, Cursor after) {
    Order order = sequence.order();
    if (!order.fits(after)) {
      throw new IllegalArgumentException("the cursor is one of another order");
    }
    int low = 0;
    int high = wanted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (order.compare(place(wanted.get(middle)), after) > 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private Cursor place(Placed placed) {
    return placed.in(sequence.order());
  }

  /**
   * The matches that this page and those before and after it show. What is folded into one that is
   * on none of these stands by itself.
   */
  private List<Placed> wanted() {
    List<Placed> standing = sequence.matches().stream().filter(cut::shows).toList();
    if (cut.only().isEmpty()) {
      return standing;
    }
    Set<String> there = addresses(standing);
    List<Placed> wanted = new ArrayList<>(standing);
    for (Merged.Share share : whole.shares()) {
      for (Placed folded : share.folded()) {
        if (cut.shows(folded)
            && Collections.disjoint(whole.alternates().of(folded.fullUrl()), there)) {
          wanted.add(folded);
        }
      }
    }
    return sequence.order().sorted(wanted, this::place, Placed.COPIES);
  }

  /** What comes with the matches of this page; with the first, also what came with none at all. */
  private List<Placed> company(List<Placed> shown) {
    List<Placed> leading = new ArrayList<>(shown);
    leading.addAll(isFirst() ? alone() : List.of());
    Set<String> together = company.of(leading);
    together.addAll(addresses(leading));
    return sequence.includes().stream()
        .filter(include -> together.contains(include.fullUrl()))
        .toList();
  }

  /** What of the regions wanted came with no match. */
  private List<Placed> alone() {
    List<Placed> includes =
        sequence.includes().stream()
            .filter(it -> cut.only().map(only -> only.containsKey(it.base().region())).orElse(true))
            .toList();
    Set<String> together = includes.isEmpty() ? Set.of() : company.of(sequence.matches());
    return includes.stream().filter(it -> !together.contains(it.fullUrl())).toList();
  }

  /** The page, with what it has to say. */
  private Merged said(Sequence page) {
    Set<String> here = addresses(page.entries().toList());
    Predicate<List<String>> concerned = concerned(here);
    List<Conflict> conflicts =
        whole.conflicts().stream()
            .filter(it -> it.fullUrls().isEmpty() ? isFirst() : concerned.test(it.fullUrls()))
            .toList();
    List<Remark> notes = concerning(concerned, whole.notes());
    Set<String> told = new HashSet<>();
    here.forEach(address -> told.addAll(whole.alternates().of(address)));
    Set<String> standing = standing(here, told);
    conflicts.forEach(conflict -> told.addAll(conflict.fullUrls()));
    notes.forEach(note -> told.addAll(note.fullUrls()));
    return whole.with(
        whole.shares().stream().map(share -> share.on(here, standing, told)).toList(),
        page,
        conflicts,
        conflicts.stream().anyMatch(Conflict::isOnPersons) ? whole.told() : List.of(),
        notes,
        concerning(concerned, whole.flags()));
  }

  /** What is here, itself or folded into what it is linked to. */
  private Set<String> standing(Set<String> here, Set<String> linked) {
    Set<String> standing = new HashSet<>(here);
    whole.shares().stream()
        .flatMap(share -> share.folded().stream())
        .map(Placed::fullUrl)
        .filter(linked::contains)
        .forEach(standing::add);
    return standing;
  }

  /** Whether what is said of entries at these addresses is said on this page. */
  private Predicate<List<String>> concerned(Set<String> here) {
    if (isFirst() && cut.only().isEmpty()) {
      return _ -> true;
    }
    Set<String> spokenOf = new HashSet<>(here);
    if (isFirst()) {
      whole.shares().stream()
          .flatMap(share -> share.disclosed().stream())
          .filter(cut::shows)
          .map(Placed::fullUrl)
          .forEach(spokenOf::add);
    }
    return addresses -> addresses.stream().anyMatch(spokenOf::contains);
  }

  /** What concerns no entry is said on every page. */
  private static List<Remark> concerning(Predicate<List<String>> concerned, List<Remark> remarks) {
    return remarks.stream()
        .filter(remark -> remark.fullUrls().isEmpty() || concerned.test(remark.fullUrls()))
        .toList();
  }

  private static Set<String> addresses(Collection<Placed> entries) {
    Set<String> addresses = new HashSet<>();
    entries.forEach(placed -> addresses.add(placed.fullUrl()));
    return addresses;
  }
}
