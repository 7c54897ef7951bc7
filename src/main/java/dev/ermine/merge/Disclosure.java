package dev.ermine.merge;

import dev.ermine.fhir.BodyScanner;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.PeerBody;
import dev.ermine.fhir.Slice;
import dev.ermine.merge.filter.Filters;
import dev.ermine.policy.EntryDecision;
import dev.ermine.policy.EntryPolicy;
import dev.ermine.region.Region;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one region's answer lets an asker have by read: a resource, or a document by its pointers.
 */
public final class Disclosure {

  private final RegionView view;
  private final Identity identity;
  private final EntryPolicy policy;
  private final List<Entry> all;

  private Disclosure(RegionView view, Identity identity, EntryPolicy policy, List<Entry> all) {
    this.view = view;
    this.identity = identity;
    this.policy = policy;
    this.all = all;
  }

  /** The disclosure; empty when the region's patient is not surely the one asked about. */
  public static Optional<Disclosure> of(
      Sought sought,
      Region region,
      String gateway,
      List<String> asked,
      List<String> permitted,
      PeerAnswer.Answered answered,
      EntryPolicy policy) {
    RegionBase base = new RegionBase(region, gateway);
    Contribution.Asked contribution =
        new Contribution.Asked(
            region,
            asked,
            java.util.Set.copyOf(permitted),
            List.of(),
            List.of(),
            List.of(),
            answered,
            policy,
            List.of(),
            Optional.empty());
    return Identity.establish(sought, base, answered)
        .flatMap(
            identity ->
                RegionView.of(sought, base, contribution, answered, Filters.none())
                    .map(
                        view ->
                            new Disclosure(view, identity, policy, RegionView.entries(answered))));
  }

  /** The resource of that type and id, re-based. */
  public Optional<Gather> resource(String type, String id) {
    return view.kept().stream()
        .filter(placed -> placed.fullUrl().equals(view.base().show(type, id)))
        .findFirst()
        .map(placed -> Placed.resource(view.base(), placed.entry()));
  }

  /** Whether something points to the Binary of that id, and all that does is disclosed. */
  public boolean permitsDocument(String id) {
    return isDisclosed(pointers(view.base().own("Binary/" + id)));
  }

  /**
   * Where to ask for the document of that URL; empty unless the region gave exactly this URL of it
   * for this patient, all that points to it is disclosed, and its entry lists a base of it.
   */
  public Optional<URI> document(String url) {
    List<Entry> pointers = pointers(url);
    return isDisclosed(pointers) && pointers.stream().flatMap(this::documents).anyMatch(url::equals)
        ? view.base().document(url)
        : Optional.empty();
  }

  private List<Entry> pointers(String url) {
    String place = view.base().place(url);
    return all.stream()
        .filter(entry -> documents(entry).map(view.base()::place).anyMatch(place::equals))
        .toList();
  }

  /** The URLs of an entry's documents, absolute. */
  private Stream<String> documents(Entry entry) {
    return entry.urls().stream()
        .filter(url -> url.kind() == Entry.Url.Kind.ATTACHMENT)
        .map(url -> view.base().addresses().absolute(entry, url.value()));
  }

  private boolean isDisclosed(List<Entry> pointers) {
    return !pointers.isEmpty()
        && pointers.stream()
            .allMatch(
                pointer -> view.kept().stream().anyMatch(kept -> kept.entry().equals(pointer)));
  }

  /**
   * Whether a document may be had whose security context is this: none, the patient, or one of the
   * entries disclosed.
   *
   * @see <a href="https://hl7.org/fhir/R4/binary-definitions.html#Binary.securityContext">FHIR R4:
   *     Binary.securityContext</a>
   */
  public boolean permits(Optional<String> securityContext) {
    return securityContext.filter(context -> !mayDecide(context)).isEmpty();
  }

  /** A Binary in FHIR, re-based; empty when what it says of itself does not permit it. */
  public Optional<Gather> binary(Slice resource) {
    byte[] body = java.util.Arrays.copyOfRange(resource.bytes(), resource.from(), resource.to());
    return BodyScanner.scan(body, body.length) instanceof PeerBody.Resource(Entry entry)
            && entry.type().equals("Binary")
            && entry.references().stream()
                .filter(reference -> reference.element().equals("securityContext"))
                .allMatch(this::mayDecide)
            && isBelowItsLabels(entry)
        ? Optional.of(Placed.resource(view.base(), entry))
        : Optional.empty();
  }

  /** What points to it decides of a document; labels of its own may only add to that. */
  private boolean isBelowItsLabels(Entry binary) {
    return binary.facets().labels().isEmpty()
        || policy.decide(binary) instanceof EntryDecision.Disclosed;
  }

  private boolean mayDecide(Entry.Reference context) {
    return context.literal().filter(url -> mayDecide(url.value())).isPresent();
  }

  private boolean mayDecide(String reference) {
    String address = identity.address(reference);
    return identity.isAt(address)
        || view.kept().stream().anyMatch(placed -> placed.fullUrl().equals(address));
  }
}
