package dev.ermine.policy;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets;
import dev.ermine.fhir.Sensitivity;
import dev.ermine.fhir.Slice;
import dev.ermine.region.ReleaseTerms.LegalGroup;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Entries for the tests of this floor, of which labels and codes are all that is known. */
final class Entries {

  private Entries() {}

  static Entry entry(String type, Coding... labels) {
    return entry(type, List.of(labels), List.of());
  }

  static Entry entry(String type, Collection<Coding> labels, Collection<Coding> codes) {
    return entry(type, labels, codes, List.of());
  }

  /** One to which a text of that content type is attached. */
  static Entry attaching(String type, String contentType, Coding... labels) {
    return entry(type, List.of(labels), List.of(), List.of(contentType));
  }

  private static Entry entry(
      String type, Collection<Coding> labels, Collection<Coding> codes, List<String> contentTypes) {
    Facets facets =
        new Facets(
            List.copyOf(labels),
            codes.stream().map(code -> new Facets.Coded("code", code)).toList(),
            List.of(),
            Facets.Meta.NONE,
            Optional.empty(),
            contentTypes,
            List.of(),
            List.of(),
            false);
    return new Entry(
        Slice.of("{}"),
        type,
        Optional.of("1"),
        Optional.empty(),
        Entry.Mode.MATCH,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        facets);
  }

  static Coding level(String code) {
    return new Coding(Confidentiality.SYSTEM, code);
  }

  static Coding sensitive(String code) {
    return new Coding(Sensitivity.SYSTEM, code);
  }

  static Coding restricted(LegalGroup group) {
    return new Coding(LegalGroup.SYSTEM, group.code());
  }

  static Coding snomed(String code) {
    return new Coding("http://snomed.info/sct", code);
  }
}
