package dev.ermine.merge;

import dev.ermine.fhir.Entry;
import dev.ermine.merge.order.Order;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The entries of a view as they stand in the Bundle: matches in order, then what came with them in
 * the same order.
 *
 * @param total how many matches there are, be they on this page or on others
 */
record Sequence(Order order, List<Placed> matches, List<Placed> includes, int total) {

  Sequence {
    matches = List.copyOf(matches);
    includes = List.copyOf(includes);
  }

  /**
   * That of all that the regions disclose.
   *
   * @param shares in the order of the regions, each with its entries by type and name
   */
  static Sequence of(Order order, List<Merged.Share> shares) {
    List<Placed> matches = ordered(order, shares, Entry.Mode.MATCH);
    return new Sequence(order, matches, ordered(order, shares, Entry.Mode.INCLUDE), matches.size());
  }

  private static List<Placed> ordered(Order order, List<Merged.Share> shares, Entry.Mode mode) {
    List<Placed> entries =
        shares.stream()
            .flatMap(share -> share.entries().stream())
            .filter(placed -> placed.mode() == mode)
            .toList();
    return order.isSorted()
        ? order.sorted(entries, placed -> placed.in(order), Placed.COPIES)
        : entries;
  }

  /** All of them, in order. */
  Stream<Placed> entries() {
    return Stream.concat(matches.stream(), includes.stream());
  }

  /** As a view of these alone has it. */
  Sequence only(Predicate<Placed> kept) {
    List<Placed> left = matches.stream().filter(kept).toList();
    return new Sequence(order, left, includes.stream().filter(kept).toList(), left.size());
  }

  /** As one of its pages has it. */
  Sequence page(List<Placed> shown, List<Placed> company) {
    return new Sequence(order, shown, company, total);
  }
}
