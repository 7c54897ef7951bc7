package dev.ermine.merge.origin;

import dev.ermine.fhir.Entry;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The origins of one region's entries. */
public final class Origins {

  /** Every entry is the region's own. */
  public static final Origins OWN = new Origins(new IdentityHashMap<>());

  private final IdentityHashMap<Entry, Origin> relayed;

  /** Those of the entries that are not the region's own; the very entries, not equal ones. */
  private Origins(IdentityHashMap<Entry, Origin> relayed) {
    this.relayed = relayed;
  }

  /**
   * The origins of these entries, as {@code relay} tells them.
   *
   * @param entries all that it answered with, whatever may be disclosed
   */
  public static Origins of(Controllers controllers, Region relay, List<Entry> entries) {
    Sources sources = new Sources(controllers, relay, entries);
    IdentityHashMap<Entry, Origin> relayed = new IdentityHashMap<>();
    for (Entry entry : entries) {
      Origin origin = sources.origin(entry);
      if (!(origin instanceof Origin.Own)) {
        relayed.put(entry, origin);
      }
    }
    return relayed.isEmpty() ? OWN : new Origins(relayed);
  }

  /** That of an entry. */
  public Origin of(Entry entry) {
    return relayed.getOrDefault(entry, Origin.OWN);
  }

  /** Whether every entry is the region's own. */
  public boolean areOwn() {
    return relayed.isEmpty();
  }

  /** The other regions that are named, each once. */
  public Collection<Region> claimed() {
    Map<RegionId, Region> claimed = new TreeMap<>();
    relayed.values().stream()
        .flatMap(origin -> origin.claimed().stream())
        .forEach(region -> claimed.put(region.id(), region));
    return List.copyOf(claimed.values());
  }
}
