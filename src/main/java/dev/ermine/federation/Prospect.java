package dev.ermine.federation;

import dev.ermine.region.RegionId;
import java.util.List;

/**
 * What a query would get of one region for one type.
 *
 * @param type a resource type; {@code *} of a region that has none
 * @param rules the ids of the rules that say so, as the account of such a query has them; for a
 *     region that no query reaches {@code itself}, {@code retired}, or its id and {@code #answers};
 *     for an asker who proves nothing the asking region's id and {@code #asks}, {@code #suspended}
 *     or {@code #retired}
 */
public record Prospect(RegionId region, String type, boolean permitted, List<String> rules) {
  public Prospect {
    rules = List.copyOf(rules);
  }
}
