package dev.ermine.merge;

import dev.ermine.merge.order.Cursor;
import dev.ermine.region.RegionId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What of a view is shown on one page.
 *
 * @param after where the page before ended; empty for the first page
 * @param count the most matches on it; empty: all that is left
 * @param only regions of which alone entries are shown, each with the types of them, or none for
 *     all types; empty: all regions
 */
public record Cut(
    Optional<Cursor> after, OptionalInt count, Optional<Map<RegionId, Set<String>>> only) {

  /** All of it. */
  public static final Cut NONE = new Cut(Optional.empty(), OptionalInt.empty(), Optional.empty());

  public Cut {
    only = only.map(Cut::copy);
    if (count.isPresent() && count.getAsInt() < 1) {
      throw new IllegalArgumentException("a page has room for one match at least");
    }
  }

  private static Map<RegionId, Set<String>> copy(Map<RegionId, Set<String>> only) {
    Map<RegionId, Set<String>> copy = new LinkedHashMap<>();
    only.forEach((region, types) -> copy.put(region, Set.copyOf(types)));
    return Collections.unmodifiableMap(copy);
  }

  /** Whether an entry is one of those that alone are shown. */
  boolean shows(Placed placed) {
    if (only.isEmpty()) {
      return true;
    }
    Set<String> types = only.get().get(placed.base().region());
    return types != null && (types.isEmpty() || types.contains(placed.entry().type()));
  }
}
