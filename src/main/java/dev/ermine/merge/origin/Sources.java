package dev.ermine.merge.origin;

import dev.ermine.fhir.Addresses;
import dev.ermine.fhir.Attribution;
import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one region's answer says of where its entries come from:
 *
 * <ul>
 *   <li>the tag of the originating organisation, and the one of the system that supplied it, as
 *       Interweave puts them on every resource; a system that no region owns says something only
 *       where no organisation is named;
 *   <li>{@code meta.source}, or the entry's own address, under the base of another region;
 *   <li>the {@code custodian} of a DocumentReference or Composition;
 *   <li>the custodians, or else the authors, of a Provenance that is about it. It is read for this
 *       alone, and counts whatever becomes of it: what it says is part of each entry it is about.
 * </ul>
 *
 * <p>Organisations are known by ODS codes: one that a reference does not lead to, or that has none,
 * is not named.
 *
 * @see <a href="https://fhir.interweavedigital.com/r4/artifacts">Interweave: meta.tag Source and
 *     Provenance</a>
 * @see <a href="https://hl7.org/fhir/R4/resource-definitions.html#Meta.source">FHIR R4:
 *     Meta.source</a>
 * @see <a
 *     href="https://hl7.org/fhir/R4/documentreference-definitions.html#DocumentReference.custodian">FHIR
 *     R4: DocumentReference.custodian</a>
 */
final class Sources {

  private static final String ORGANISATION_TAG = "https://fhir.interweavedigital.nhs.uk/Provenance";
  private static final String SYSTEM_TAG = "https://fhir.interweavedigital.nhs.uk/Source";
  private static final Set<String> ODS =
      Set.of(Organisation.SYSTEM, "https://fhir.nhs.uk/Id/ods-site-code");
  private static final Set<String> KEPT = Set.of("DocumentReference", "Composition");

  /** So many names in one place agree on nothing: who sends more wants to be unclear. */
  private static final int MOST = 8;

  private final Controllers controllers;
  private final Region relay;
  private final String base;
  private final Addresses addresses;

  /** The codes of the organisation that stands at an address. */
  private final Map<String, List<String>> organisations = new HashMap<>();

  /** The organisations, each by its codes, that Provenances name for what stands at an address. */
  private final Map<String, List<List<String>>> attributed = new HashMap<>();

  Sources(Controllers controllers, Region relay, List<Entry> entries) {
    this.controllers = controllers;
    this.relay = relay;
    this.base = Controllers.base(relay);
    this.addresses = new Addresses(base);
    entries.stream().filter(it -> it.type().equals("Organization")).forEach(this::locate);
    entries.stream().filter(it -> it.type().equals("Provenance")).forEach(this::attribute);
  }

  private void locate(Entry organisation) {
    String at = addresses.of(organisation);
    codes(organisation.identifiers()).forEach(code -> put(organisations, at, code));
  }

  private void attribute(Entry provenance) {
    Optional<Attribution> read = Attribution.of(provenance);
    if (read.isPresent()) {
      List<List<String>> named =
          read.get().organisations().stream()
              .limit(MOST)
              .map(organisation -> codes(provenance, organisation))
              .filter(codes -> !codes.isEmpty())
              .toList();
      for (String target : read.get().targets()) {
        String at = addresses.of(provenance, target);
        named.forEach(codes -> put(attributed, at, codes));
      }
    }
  }

  private static <T> void put(Map<String, List<T>> map, String at, T value) {
    List<T> values = map.computeIfAbsent(at, _ -> new ArrayList<>(1));
    if (values.size() < MOST && !values.contains(value)) {
      values.add(value);
    }
  }

  private List<String> codes(Entry entry, Attribution.Named named) {
    List<String> codes = new ArrayList<>(codes(named.identifiers()));
    named.literal().ifPresent(url -> codes.addAll(at(entry, url)));
    return codes;
  }

  private List<String> at(Entry entry, String reference) {
    return organisations.getOrDefault(addresses.of(entry, reference), List.of());
  }

  private static List<String> codes(List<Entry.Identifier> identifiers) {
    return identifiers.stream()
        .filter(identifier -> identifier.system().filter(ODS::contains).isPresent())
        .flatMap(identifier -> identifier.value().stream())
        .filter(code -> !code.isBlank())
        .limit(MOST)
        .toList();
  }

  /** The origin of one of the entries. Most say nothing, and then nothing is made. */
  Origin origin(Entry entry) {
    Facets.Meta meta = entry.facets().meta();
    boolean silent =
        meta.tags().isEmpty()
            && meta.source().isEmpty()
            && attributed.isEmpty()
            && !KEPT.contains(entry.type())
            && !isForeign(entry);
    return silent ? Origin.OWN : claimed(entry, meta);
  }

  private boolean isForeign(Entry entry) {
    return entry.fullUrl().isPresent()
        && entry.fullUrl().get().startsWith("https://")
        && !Controllers.isUnder(base, entry.fullUrl().get());
  }

  private Origin claimed(Entry entry, Facets.Meta meta) {
    Claims claims = new Claims(relay.id());
    List<List<String>> named = named(entry, meta);
    named.forEach(codes -> claims.add(codes, controllers::ofOrganisation));
    for (String system : tagged(meta, SYSTEM_TAG)) {
      if (named.isEmpty() || !controllers.ofSource(system).isEmpty()) {
        claims.add(List.of(system), controllers::ofSource);
      }
    }
    entry.fullUrl().map(controllers::at).ifPresent(claims::add);
    meta.source().map(controllers::at).ifPresent(claims::add);
    meta.source().map(controllers::ofSource).ifPresent(claims::add);
    return claims.origin();
  }

  /** The organisations that are named, each by its codes. */
  private List<List<String>> named(Entry entry, Facets.Meta meta) {
    List<List<String>> named = new ArrayList<>();
    tagged(meta, ORGANISATION_TAG).forEach(code -> named.add(List.of(code)));
    if (KEPT.contains(entry.type())) {
      entry.references().stream()
          .filter(reference -> reference.element().equals("custodian"))
          .limit(MOST)
          .map(reference -> custodian(entry, reference))
          .filter(codes -> !codes.isEmpty())
          .forEach(named::add);
    }
    if (!attributed.isEmpty()) {
      named.addAll(attributed.getOrDefault(addresses.of(entry), List.of()));
    }
    return named;
  }

  private static List<String> tagged(Facets.Meta meta, String system) {
    return meta.tags().isEmpty()
        ? List.of()
        : meta.tags().stream()
            .filter(tag -> tag.system().equals(system) && !tag.code().isBlank())
            .map(Coding::code)
            .toList();
  }

  private List<String> custodian(Entry document, Entry.Reference custodian) {
    List<String> codes = new ArrayList<>();
    if (custodian.identifierSystem().filter(ODS::contains).isPresent()) {
      custodian.identifierValue().filter(code -> !code.isBlank()).ifPresent(codes::add);
    }
    Optional<String> literal = custodian.literal().map(Entry.Url::value);
    if (literal.filter(url -> url.startsWith("#")).isPresent()) {
      Attribution.containedCustodian(document)
          .ifPresent(contained -> codes.addAll(codes(contained.identifiers())));
    } else {
      literal.ifPresent(url -> codes.addAll(at(document, url)));
    }
    return codes;
  }
}
