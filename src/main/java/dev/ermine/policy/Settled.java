package dev.ermine.policy;

import dev.ermine.policy.Decision.Permit;
import dev.ermine.region.Region;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A standing that is known before anyone asks.
 *
 * @param otherwise what is decided of every type that has no decision of its own
 */
record Settled(
    Region releasing, Map<String, Decision> decisions, Decision otherwise, Set<String> permitted)
    implements Standing {

  static Settled of(Region releasing, Map<String, Decision> decisions, Decision otherwise) {
    Set<String> permitted =
        decisions.keySet().stream()
            .filter(type -> decisions.get(type) instanceof Permit)
            .collect(Collectors.toUnmodifiableSet());
    return new Settled(releasing, decisions, otherwise, permitted);
  }

  @Override
  public Decision decide(String type) {
    return decisions.getOrDefault(type, otherwise);
  }
}
