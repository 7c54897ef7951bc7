package dev.ermine.merge;

import dev.ermine.fhir.Addresses;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.ResourceId;
import dev.ermine.fhir.Slice;
import dev.ermine.merge.order.Cursor;
import dev.ermine.merge.order.Order;
import dev.ermine.merge.quality.Flaw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An entry that is disclosed, with its place in the gateway's address space.
 *
 * @param base of the region whose it is
 * @param fullUrl as the gateway shows it
 * @param entry as the peer sent it
 * @param mode match or include
 */
record Placed(RegionBase base, String fullUrl, Entry entry, Entry.Mode mode) {

  /** Of several at one address, which comes first: by what they say, a match before an include. */
  static final Comparator<Placed> COPIES =
      Comparator.<Placed, Slice>comparing(placed -> placed.entry().resource(), Placed::compare)
          .thenComparing(Placed::mode);

  /**
   * Where an entry stands at the gateway; empty when it has no place there: no id, an address that
   * is not its own, or a document outside the bases that the region's entry lists.
   */
  static Optional<Placed> place(RegionBase base, Entry entry) {
    return fullUrl(base, entry)
        .filter(_ -> entry.urls().stream().allMatch(url -> mayLeave(base, url)))
        .map(fullUrl -> new Placed(base, fullUrl, entry, entry.mode()));
  }

  /** Why an entry has no place there. */
  static Flaw flaw(RegionBase base, Entry entry) {
    return fullUrl(base, entry).isPresent() ? Flaw.FOREIGN_DOCUMENT : Flaw.NO_ADDRESS;
  }

  /** {@code Bundle.entry.fullUrl} names no version: invariant bdl-8. */
  private static Optional<String> fullUrl(RegionBase base, Entry entry) {
    Optional<String> own =
        entry.id().filter(ResourceId::isValid).map(id -> base.show(entry.type(), id));
    if (entry.fullUrl().isEmpty()) {
      return own;
    }
    String sent = entry.fullUrl().get();
    if (sent.startsWith("urn:uuid:")) {
      return Optional.of(sent);
    }
    Optional<String> shown = base.rebase(Addresses.withoutVersion(sent));
    if (shown.isPresent()) {
      return shown.equals(own) ? own : Optional.empty();
    }
    boolean foreign = sent.startsWith("https://") || sent.startsWith("http://");
    return foreign && !base.claimsGateway(sent)
        ? Optional.of(Addresses.withoutVersion(sent))
        : Optional.empty();
  }

  private static boolean mayLeave(RegionBase base, Entry.Url url) {
    if (url.kind() != Entry.Url.Kind.ATTACHMENT) {
      return true;
    }
    String value = url.value();
    boolean inside = value.startsWith("urn:uuid:") || value.startsWith("data:");
    boolean relative = !value.contains(":") && !value.startsWith("/") && !value.contains("..");
    return inside || relative || base.rebase(value).isPresent() || base.listsDocument(value);
  }

  /** Where it stands in an order. */
  Cursor in(Order order) {
    return order.place(base.region(), base.name(fullUrl), entry);
  }

  /** Where its literal references lead, as the gateway shows it. */
  List<String> targets() {
    List<String> targets = new ArrayList<>();
    for (Entry.Reference reference : entry.references()) {
      reference.literal().ifPresent(url -> targets.add(base.address(entry, url.value())));
    }
    return targets;
  }

  /** The resource's bytes as they came; only URLs under the region's bases are re-based. */
  Gather resource() {
    return resource(base, entry);
  }

  /** The resource's bytes as they came; only URLs under the region's bases are re-based. */
  static Gather resource(RegionBase base, Entry entry) {
    List<Slice> slices = new ArrayList<>();
    byte[] body = entry.resource().bytes();
    int from = entry.resource().from();
    for (Entry.Url url : inOrder(entry)) {
      Optional<String> shown = shown(base, entry, url);
      if (shown.isPresent()) {
        slices.add(new Slice(body, from, url.span().from()));
        slices.add(Slice.quoted(shown.get()));
        from = url.span().to();
      }
    }
    slices.add(new Slice(body, from, entry.resource().to()));
    return new Gather(slices);
  }

  private static Optional<String> shown(RegionBase base, Entry entry, Entry.Url url) {
    return url.kind() == Entry.Url.Kind.ATTACHMENT
        ? base.showDocument(entry, url.value())
        : base.rebase(url.value());
  }

  private static int compare(Slice one, Slice other) {
    return Arrays.compare(
        one.bytes(), one.from(), one.to(), other.bytes(), other.from(), other.to());
  }

  private static List<Entry.Url> inOrder(Entry entry) {
    List<Entry.Url> urls = new ArrayList<>(entry.urls());
    entry.references().forEach(reference -> reference.literal().ifPresent(urls::add));
    urls.sort(Comparator.comparingInt(url -> url.span().from()));
    return urls;
  }

  /** The entry with another mode. */
  Placed as(Entry.Mode other) {
    return new Placed(base, fullUrl, entry, other);
  }
}
