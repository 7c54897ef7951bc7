package dev.ermine.merge;

import dev.ermine.fhir.Gather;
import dev.ermine.fhir.Slice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The slices of a Bundle as they are put together: text of ours, and entries around any bytes. */
final class EntryWriter {

  private static final Slice FULL_URL = Slice.of("{\"fullUrl\":");
  private static final Slice RESOURCE = Slice.of(",\"resource\":");

  /** Of an entry that has nothing after its resource. */
  static final Slice END = Slice.of("}");

  private final Merged merged;
  private final List<Slice> slices = new ArrayList<>();

  /**
   * What no entry of ours may be called: a peer may guess a UUID that is made of a request's id.
   */
  private final Set<String> taken = new HashSet<>();

  EntryWriter(Merged merged) {
    this.merged = merged;
    merged
        .sequence()
        .entries()
        .map(Placed::fullUrl)
        .filter(it -> it.startsWith("urn:"))
        .forEach(taken::add);
  }

  void text(String text) {
    slices.add(Slice.of(text));
  }

  /** A JSON string. */
  void quoted(String text) {
    slices.add(Slice.quoted(text));
  }

  /**
   * An entry.
   *
   * @param rest its members after the resource, each with a comma ahead, and its end
   */
  void entry(String fullUrl, List<Slice> resource, Slice rest) {
    slices.add(FULL_URL);
    quoted(fullUrl);
    links(alternates(fullUrl));
    slices.add(RESOURCE);
    slices.addAll(resource);
    slices.add(rest);
  }

  /** The other entries that record the same fact. */
  private List<Link> alternates(String fullUrl) {
    return merged.alternates().of(fullUrl).stream().map(url -> new Link("alternate", url)).toList();
  }

  /** The member {@code link}, with a comma ahead; nothing where there are none. */
  void links(List<Link> links) {
    String begin = ",\"link\":[";
    for (Link link : links) {
      text(begin + "{\"relation\":");
      quoted(link.relation());
      text(",\"url\":");
      quoted(link.url());
      text("}");
      begin = ",";
    }
    if (!links.isEmpty()) {
      text("]");
    }
  }

  /** Ids are made of the request's: the same contributions give the same Bundle. */
  String uuid(String name) {
    String uuid = uuid(merged.requestId(), name);
    for (int again = 1; taken.contains("urn:uuid:" + uuid); again++) {
      uuid = uuid(merged.requestId(), name + "/" + again);
    }
    return uuid;
  }

  private static String uuid(String request, String name) {
    return UUID.nameUUIDFromBytes((request + "/" + name).getBytes(StandardCharsets.UTF_8))
        .toString();
  }

  Gather gather() {
    return new Gather(slices);
  }
}
