package dev.ermine.policy;

import dev.ermine.region.Region;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the rules between two regions stand to one requester at one moment: all but the type. */
public sealed interface Standing permits Settled, Weighed, Overridden, Narrowed {

  /** The region that would release. */
  Region releasing();

  /** May that type be shared? */
  Decision decide(String type);

  /** All types that may be. */
  Set<String> permitted();

  /** Which of these types may be shared? */
  default RegionDecision decide(List<String> types) {
    Decision[] each = new Decision[types.size()];
    for (int i = 0; i < each.length; i++) {
      each[i] = decide(types.get(i));
    }
    return new RegionDecision(releasing(), types, List.of(each));
  }

  /** What the region itself is short of, however willing the agreement; null: nothing. */
  static @Nullable String lacks(Region releasing, String type) {
    if (releasing.answers().isEmpty()) {
      return "#answers";
    }
    return releasing.answers().get().types().contains(type) ? null : "#type";
  }
}
