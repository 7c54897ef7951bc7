package dev.ermine.policy;

import dev.ermine.fhir.Entry;
import java.util.Set;
import java.util.stream.Collectors;

/** What counts as a document: text that no rule can look into, so that its label alone speaks. */
final class Documents {

  private static final Set<String> TYPES = Set.of("DocumentReference", "Media", "Binary");

  private Documents() {}

  /** Whether the entry is one, or has one attached. */
  static boolean is(Entry entry) {
    return TYPES.contains(entry.type())
        || !entry.facets().contentTypes().isEmpty()
        || entry.urls().stream().anyMatch(url -> url.kind() == Entry.Url.Kind.ATTACHMENT);
  }

  /** The types that are none. */
  static Set<String> without(Set<String> types) {
    return types.stream()
        .filter(type -> !TYPES.contains(type))
        .collect(Collectors.toUnmodifiableSet());
  }
}
