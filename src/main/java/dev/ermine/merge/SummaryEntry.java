package dev.ermine.merge;

import static java.util.Objects.requireNonNull;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Slice;
import dev.ermine.region.RegionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An entry of a region as it stands in a summary. */
record SummaryEntry(Merged.Share share, Placed placed) {

  /** Those of a view, in its order. */
  static List<SummaryEntry> of(Merged merged) {
    Map<RegionId, Merged.Share> shares = new HashMap<>();
    merged.shares().forEach(share -> shares.put(share.region().id(), share));
    return merged
        .sequence()
        .entries()
        .map(placed -> new SummaryEntry(requireNonNull(shares.get(placed.base().region())), placed))
        .toList();
  }

  String fullUrl() {
    return placed.fullUrl();
  }

  Entry entry() {
    return placed.entry();
  }

  boolean isPatient() {
    return entry().type().equals("Patient");
  }

  /** The resource's bytes. */
  List<Slice> resource() {
    return placed.resource().slices();
  }
}
