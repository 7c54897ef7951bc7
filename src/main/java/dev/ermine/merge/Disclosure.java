package dev.ermine.merge;

import dev.ermine.fhir.BodyScanner;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.PeerBody;
import dev.ermine.merge.filter.Filters;
import dev.ermine.policy.EntryDecision;
import dev.ermine.policy.EntryPolicy;
import dev.ermine.region.Region;
import java.util.List;
import java.util.Optional;

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
    String address = view.base().show("Binary", id);
    List<Entry> pointers = all.stream().filter(entry -> pointsTo(entry, address)).toList();
    return !pointers.isEmpty()
        && pointers.stream()
            .allMatch(
                pointer -> view.kept().stream().anyMatch(kept -> kept.entry().equals(pointer)));
  }

  private boolean pointsTo(Entry entry, String address) {
    return entry.urls().stream()
        .filter(url -> url.kind() == Entry.Url.Kind.ATTACHMENT)
        .anyMatch(url -> identity.address(entry, url.value()).equals(address));
  }

  /**
   * The document's bytes; empty when its security context is neither the patient nor one of the
   * entries disclosed.
   *
   * @see <a href="https://hl7.org/fhir/R4/binary-definitions.html#Binary.securityContext">FHIR R4:
   *     Binary.securityContext</a>
   */
  public Optional<Gather> document(PeerAnswer.Document document) {
    if (document.securityContext().filter(context -> !mayDecide(context)).isPresent()) {
      return Optional.empty();
    }
    return document.contentType().startsWith("application/fhir+json")
        ? binary(document)
        : Optional.of(new Gather(List.of(document.content())));
  }

  private Optional<Gather> binary(PeerAnswer.Document document) {
    byte[] body =
        java.util.Arrays.copyOfRange(
            document.content().bytes(), document.content().from(), document.content().to());
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
