package dev.ermine.merge.origin;

import dev.ermine.fhir.Entry;
import dev.ermine.policy.EntryDecision.Withheld;
import dev.ermine.policy.EntryPolicy;
import java.util.Optional;
import java.util.Set;

/**
 * What a region lets the asker have of its records where others relay them.
 *
 * @param types those that an agreement of its own permits
 * @param policy what decides over the entries
 */
public record OriginTerms(Set<String> types, EntryPolicy policy) {

  public OriginTerms {
    types = Set.copyOf(types);
  }

  /** The rule that withholds that entry; empty: none does. */
  Optional<String> withholding(Entry entry) {
    if (!types.contains(entry.type())) {
      return Optional.of("default-deny");
    } else if (policy.undecided()) {
      return Optional.of("consent-unknown");
    } else if (policy.withholdAll().isPresent()) {
      return Optional.of("withheld");
    }
    return policy.decide(entry) instanceof Withheld(_, String rule)
        ? Optional.of(rule)
        : Optional.empty();
  }
}
