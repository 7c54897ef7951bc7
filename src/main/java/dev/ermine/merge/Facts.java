package dev.ermine.merge;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.ContainedMedication;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets.Coded;
import dev.ermine.merge.fact.Fact;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The facts that one region discloses: its entries, each with the codes of the Medication that it
 * refers to, inside it or beside it.
 */
final class Facts {

  private final Merged.Share share;

  /** Codes of the disclosed Medications, by where they stand. */
  private final Map<String, List<Coding>> medications = new HashMap<>();

  private Facts(Merged.Share share) {
    this.share = share;
    for (Placed placed : share.entries()) {
      if (placed.entry().type().equals("Medication")) {
        medications.put(placed.fullUrl(), codes(placed.entry()));
      }
    }
  }

  /** Those of all regions, by region, type and name, whatever the Bundle is sorted by. */
  static List<Fact> of(List<Merged.Share> shares) {
    List<Fact> facts = new ArrayList<>();
    for (Merged.Share share : shares) {
      new Facts(share).addTo(facts);
    }
    return facts;
  }

  private void addTo(List<Fact> facts) {
    for (Placed placed : share.entries()) {
      facts.add(
          new Fact(share.region(), placed.fullUrl(), placed.entry(), medication(placed.entry())));
    }
  }

  private static List<Coding> codes(Entry medication) {
    List<Coding> codes = new ArrayList<>();
    for (Coded coded : medication.facets().codes()) {
      if (coded.element().equals("code")) {
        codes.add(coded.coding());
      }
    }
    return codes;
  }

  private List<Coding> medication(Entry entry) {
    if (!entry.type().startsWith("Medication")) {
      return List.of();
    }
    for (Entry.Reference reference : entry.references()) {
      Optional<Entry.Url> literal = reference.literal();
      if (reference.element().equals("medicationReference") && literal.isPresent()) {
        return medication(entry, literal.get().value());
      }
    }
    return List.of();
  }

  private List<Coding> medication(Entry entry, String reference) {
    if (reference.startsWith("#")) {
      return ContainedMedication.codes(entry, reference.substring(1));
    }
    return medications.getOrDefault(share.base().address(entry, reference), List.of());
  }
}
