package dev.ermine.policy;

import dev.ermine.fhir.Addresses;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Party;
import dev.ermine.fhir.Pointer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where the references in Consents lead, among what came with them. */
final class ConsentReferences {

  /**
   * What a reference stands in.
   *
   * @param contained parties inside it, by id
   */
  record Origin(Entry entry, Map<String, Party> contained) {}

  /** A party, and what its own references stand in. */
  record Found(Party party, Origin origin) {}

  private final Addresses addresses;
  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<String, Optional<Found>> parties = new HashMap<>();

  ConsentReferences(List<Entry> entries, String base) {
    addresses = new Addresses(base);
    Set<String> ambiguous = new HashSet<>();
    for (Entry entry : entries) {
      String address = addresses.of(entry);
      Entry other = this.entries.getOrDefault(address, entry);
      if (!other.resource().equals(entry.resource())) {
        ambiguous.add(address);
      }
      this.entries.put(address, entry);
    }
    this.entries.keySet().removeAll(ambiguous);
  }

  /** Where it leads; nowhere, when it is logical or stays inside its resource. */
  String address(Pointer pointer, Origin origin) {
    return pointer
        .literal()
        .filter(literal -> !literal.startsWith("#"))
        .map(literal -> addresses.of(origin.entry(), literal))
        .orElse(EntrySpace.NOWHERE);
  }

  /** Where a literal reference in {@code entry} leads. */
  String address(String literal, Entry entry) {
    return addresses.of(entry, literal);
  }

  /** The entry there, if it came along. */
  Optional<Entry> entry(String address) {
    return Optional.ofNullable(entries.get(address));
  }

  /** The party that it means, if that is at hand. */
  Optional<Found> party(Pointer pointer, Origin origin) {
    if (pointer.literal().filter(literal -> literal.startsWith("#")).isPresent()) {
      String id = pointer.literal().get().substring(1);
      return Optional.ofNullable(origin.contained().get(id)).map(party -> new Found(party, origin));
    }
    return parties.computeIfAbsent(
        address(pointer, origin),
        address ->
            entry(address)
                .flatMap(entry -> Party.of(entry).map(party -> new Found(party, alone(entry)))));
  }

  private static Origin alone(Entry entry) {
    return new Origin(entry, Map.of());
  }
}
