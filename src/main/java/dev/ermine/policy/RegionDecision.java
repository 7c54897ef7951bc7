package dev.ermine.policy;

import dev.ermine.policy.Decision.Permit;
import dev.ermine.region.Region;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answers about one region, by type, in the order asked.
 *
 * @param decisions at least one
 */
public record RegionDecision(Region region, Map<String, Decision> decisions) {

  public RegionDecision {
    decisions = Collections.unmodifiableMap(new LinkedHashMap<>(decisions));
  }

  /** The types that may be asked for; empty when the region is not asked at all. */
  public List<String> permitted() {
    return decisions.entrySet().stream()
        .filter(decision -> decision.getValue() instanceof Permit)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The rules that decided about that type; none when it was not asked about. */
  public List<String> rules(String type) {
    Decision decision = decisions.get(type);
    return decision == null ? List.of() : decision.rules();
  }

  /**
   * The rules that decided whether the region is asked, each once: those that permit where a type
   * is permitted, otherwise those that deny.
   */
  public List<String> rules() {
    boolean asked = !permitted().isEmpty();
    return decisions.values().stream()
        .filter(decision -> (decision instanceof Permit) == asked)
        .flatMap(decision -> decision.rules().stream())
        .distinct()
        .toList();
  }
}
