package dev.ermine.merge.order;

import dev.ermine.fhir.DateText;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets.Dated;
import dev.ermine.fhir.ResultParameters.Sort;
import dev.ermine.region.RegionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * The one order of an answer's entries, on however many pages: by the sort keys, then region, then
 * type, then name. No two entries are at one place, so it hangs on nothing else.
 *
 * <p>A date begins where it would by London's clock. Of several the earliest counts, or the latest
 * where the key descends; of a period its start, or its end where the start is open. What has no
 * date comes last either way.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#sort">FHIR R4: sorting</a>
 */
public final class Order implements Comparator<Cursor> {

  private final List<Sort> keys;
  private final Map<String, Integer> types;
  private final Map<RegionId, Integer> regions;
  private final Dates dates;

  /** What a date parameter looks at in an entry. */
  @FunctionalInterface
  public interface Dates {
    List<Dated> of(String parameter, Entry entry);
  }

  /**
   * @param types those asked for; others come after them, by name
   * @param regions all that there are
   */
  public Order(List<Sort> keys, List<String> types, List<RegionId> regions, Dates dates) {
    this(List.copyOf(keys), ranks(types), ranks(regions), dates);
  }

  private Order(
      List<Sort> keys, Map<String, Integer> types, Map<RegionId, Integer> regions, Dates dates) {
    this.keys = keys;
    this.types = types;
    this.regions = regions;
    this.dates = dates;
  }

  private static <T> Map<T, Integer> ranks(List<T> all) {
    Map<T, Integer> ranks = new HashMap<>();
    for (T one : all) {
      ranks.putIfAbsent(one, ranks.size());
    }
    return ranks;
  }

  /** The same without keys: region, type, name. */
  public Order unsorted() {
    return isSorted() ? new Order(List.of(), types, regions, dates) : this;
  }

  /** Whether there are keys. */
  public boolean isSorted() {
    return !keys.isEmpty();
  }

  /**
   * Where an entry stands.
   *
   * @param name what tells it from all others of its region and type; a long one is shortened
   */
  public Cursor place(RegionId region, String name, Entry entry) {
    List<OptionalLong> values =
        isSorted() ? keys.stream().map(key -> value(key, entry)).toList() : List.of();
    return new Cursor(values, region, entry.type(), EntryName.of(name));
  }

  private OptionalLong value(Sort key, Entry entry) {
    LongStream moments =
        dates.of(key.parameter(), entry).stream()
            .flatMap(dated -> dated.start().or(dated::end).stream())
            .flatMap(text -> DateText.parse(text).stream())
            .mapToLong(date -> date.inLondon().from());
    return key.descending() ? moments.max() : moments.min();
  }

  /**
   * The items in order: where each stands is asked once. Runs that are in order already, as those
   * of regions are, cost next to nothing.
   *
   * @param ties the order of those that stand at one place
   */
  public <T> List<T> sorted(List<T> items, Function<T, Cursor> place, Comparator<T> ties) {
    record Seat<S>(Cursor place, S item) {}
    List<Seat<T>> seats = new ArrayList<>(items.size());
    items.forEach(item -> seats.add(new Seat<>(place.apply(item), item)));
    seats.sort(
        Comparator.<Seat<T>, Cursor>comparing(Seat::place, this).thenComparing(Seat::item, ties));
    return seats.stream().map(Seat::item).toList();
  }

  /** Whether a cursor can be one of this order. */
  public boolean fits(Cursor cursor) {
    return cursor.values().size() == keys.size();
  }

  @Override
  public int compare(Cursor one, Cursor other) {
    for (int key = 0; key < keys.size(); key++) {
      int order = compare(keys.get(key), one.values().get(key), other.values().get(key));
      if (order != 0) {
        return order;
      }
    }
    int region = compare(regions, one.region(), other.region());
    int type = region != 0 ? region : compare(types, one.type(), other.type());
    return type != 0 ? type : one.name().compareTo(other.name());
  }

  private static int compare(Sort key, OptionalLong one, OptionalLong other) {
    if (one.isEmpty() || other.isEmpty()) {
      return Boolean.compare(one.isEmpty(), other.isEmpty());
    }
    int ascending = Long.compare(one.getAsLong(), other.getAsLong());
    return key.descending() ? -ascending : ascending;
  }

  /** Those that have no rank come after those that have one. */
  private static <T extends Comparable<T>> int compare(Map<T, Integer> ranks, T one, T other) {
    if (one.equals(other)) {
      return 0;
    }
    int last = ranks.size();
    int order = Integer.compare(ranks.getOrDefault(one, last), ranks.getOrDefault(other, last));
    return order != 0 ? order : one.compareTo(other);
  }
}
