package dev.ermine.merge;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.FhirJson;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.Provenance;
import dev.ermine.fhir.Slice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The one writer of searchsets: an envelope of ours around the bytes of the regions. */
final class SearchsetWriter {

  private final Merged merged;
  private final List<Slice> slices = new ArrayList<>();

  SearchsetWriter(Merged merged) {
    this.merged = merged;
  }

  Gather write() {
    text("{\"resourceType\":\"Bundle\",\"id\":");
    slices.add(Slice.quoted(uuid("bundle")));
    text(",\"meta\":{\"lastUpdated\":");
    slices.add(Slice.quoted(merged.at().toString()));
    text("},\"type\":\"searchset\"");
    merged.total().ifPresent(total -> text(",\"total\":" + total));
    text(",\"link\":[{\"relation\":\"self\",\"url\":");
    slices.add(Slice.quoted(merged.query().selfLink(merged.gateway() + "/fhir")));
    text("}],\"entry\":[");
    if (!merged.query().countOnly()) {
      merged.shares().forEach(this::entries);
      merged.shares().forEach(this::provenance);
    }
    // Always there, always last: so every entry before it ends with a comma.
    added(uuid("outcome"), FhirJson.operationOutcome(merged.issues()), Entry.Mode.OUTCOME);
    text("]}");
    return new Gather(slices);
  }

  private void entries(Merged.Share share) {
    for (Placed placed : share.entries()) {
      entry(
          placed.fullUrl(), Placed.resource(share.base(), placed.entry()).slices(), placed.mode());
      text(",");
    }
  }

  /** With an id, as what a search finds or includes must have; an outcome need not. */
  private void provenance(Merged.Share share) {
    for (Provenance provenance : share.routes().provenances(merged.at(), this::uuid)) {
      added(provenance.id().orElseThrow(), FhirJson.provenance(provenance), Entry.Mode.INCLUDE);
      text(",");
    }
  }

  private void added(String uuid, Slice resource, Entry.Mode mode) {
    entry("urn:uuid:" + uuid, List.of(resource), mode);
  }

  private void entry(String fullUrl, List<Slice> resource, Entry.Mode mode) {
    text("{\"fullUrl\":");
    slices.add(Slice.quoted(fullUrl));
    links(merged.alternates().of(fullUrl));
    text(",\"resource\":");
    slices.addAll(resource);
    text(",\"search\":{\"mode\":\"" + mode.fhir() + "\"}}");
  }

  /** The other entries that record the same fact. */
  private void links(List<String> alternates) {
    String begin = ",\"link\":[";
    for (String alternate : alternates) {
      text(begin + "{\"relation\":\"alternate\",\"url\":");
      slices.add(Slice.quoted(alternate));
      text("}");
      begin = ",";
    }
    if (!alternates.isEmpty()) {
      text("]");
    }
  }

  /** Ids are made of the request's: the same contributions give the same Bundle. */
  private String uuid(String name) {
    return UUID.nameUUIDFromBytes(
            (merged.requestId() + "/" + name).getBytes(StandardCharsets.UTF_8))
        .toString();
  }

  private void text(String text) {
    slices.add(Slice.of(text));
  }
}
