package dev.ermine.merge;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.FhirJson;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.Provenance;
import dev.ermine.fhir.Slice;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The one writer of searchsets: an envelope of ours around the bytes of the regions. */
final class SearchsetWriter {

  /** How an entry ends, by its mode. */
  private static final Map<Entry.Mode, Slice> SEARCH = new EnumMap<>(Entry.Mode.class);

  static {
    for (Entry.Mode mode : Entry.Mode.values()) {
      SEARCH.put(mode, Slice.of(",\"search\":{\"mode\":\"" + mode.fhir() + "\"}}"));
    }
  }

  private final Merged merged;
  private final EntryWriter out;

  SearchsetWriter(Merged merged) {
    this.merged = merged;
    this.out = new EntryWriter(merged);
  }

  Gather write() {
    out.text("{\"resourceType\":\"Bundle\",\"id\":");
    out.quoted(out.uuid("bundle"));
    out.text(",\"meta\":{\"lastUpdated\":");
    out.quoted(merged.at().toString());
    out.text("},\"type\":\"searchset\"");
    merged.total().ifPresent(total -> out.text(",\"total\":" + total));
    out.links(ownLinks());
    out.text(",\"entry\":[");
    if (!merged.query().countOnly()) {
      merged.sequence().entries().forEach(this::entry);
      merged.shares().forEach(this::provenance);
    }
    // Always there, always last: so every entry before it ends with a comma.
    added(out.uuid("outcome"), FhirJson.operationOutcome(merged.issues()), Entry.Mode.OUTCOME);
    out.text("]}");
    return out.gather();
  }

  /** What it answers, and how to go on, come first. */
  private List<Link> ownLinks() {
    List<Link> links = new ArrayList<>(merged.links());
    if (links.stream().noneMatch(Link::isSelf)) {
      links.add(new Link(Link.SELF, merged.query().selfLink(merged.gateway() + "/fhir")));
    }
    links.sort(Link.ORDER);
    return links;
  }

  private void entry(Placed placed) {
    entry(placed.fullUrl(), placed.resource().slices(), placed.mode());
    out.text(",");
  }

  /** With an id, as what a search finds or includes must have; an outcome need not. */
  private void provenance(Merged.Share share) {
    for (Provenance provenance : share.routes().provenances(merged.at(), out::uuid)) {
      added(provenance.id().orElseThrow(), FhirJson.provenance(provenance), Entry.Mode.INCLUDE);
      out.text(",");
    }
  }

  private void added(String uuid, Slice resource, Entry.Mode mode) {
    entry("urn:uuid:" + uuid, List.of(resource), mode);
  }

  private void entry(String fullUrl, List<Slice> resource, Entry.Mode mode) {
    out.entry(fullUrl, resource, Objects.requireNonNull(SEARCH.get(mode)));
  }
}
