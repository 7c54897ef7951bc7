package dev.ermine.policy;

import dev.ermine.policy.Decision.Permit;
import dev.ermine.region.Region;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The answers about one region, by type, in the order asked.
 *
 * @param types at least one
 * @param decisions one for each of the types
 */
public record RegionDecision(Region region, List<String> types, List<Decision> decisions) {

  public RegionDecision {
    types = List.copyOf(types);
    decisions = List.copyOf(decisions);
    if (types.size() != decisions.size()) {
      throw new IllegalArgumentException("each type has its decision");
    }
  }

  /** The types that may be asked for; empty when the region is not asked at all. */
  public List<String> permitted() {
    return types(true);
  }

  /** The types that may not. */
  public List<String> denied() {
    return types(false);
  }

  private List<String> types(boolean permitted) {
    List<String> some = new ArrayList<>(types.size());
    for (int i = 0; i < types.size(); i++) {
      if (isPermitted(i) == permitted) {
        some.add(types.get(i));
      }
    }
    return some;
  }

  private boolean isPermitted(int index) {
    return decisions.get(index) instanceof Permit;
  }

  /** Whether the region is asked for anything. */
  public boolean permitsSome() {
    for (Decision decision : decisions) {
      if (decision instanceof Permit) {
        return true;
      }
    }
    return false;
  }

  /** The rules that decided about that type; none when it was not asked about. */
  public List<String> rules(String type) {
    int index = types.indexOf(type);
    return index < 0 ? List.of() : decisions.get(index).rules();
  }

  /**
   * The rules that decided whether the region is asked, each once: those that permit where a type
   * is permitted, otherwise those that deny.
   */
  public List<String> rules() {
    boolean asked = permitsSome();
    Set<String> rules = new LinkedHashSet<>();
    for (int i = 0; i < types.size(); i++) {
      if (isPermitted(i) == asked) {
        rules.addAll(decisions.get(i).rules());
      }
    }
    return List.copyOf(rules);
  }
}
