package dev.ermine.merge.origin;

import dev.ermine.region.Region;
import java.util.List;
import java.util.Optional;

/** Who controls the record that an entry comes from, as the region says that sent it. */
public sealed interface Origin {

  /** The region that sent it: it says nothing else. */
  Origin OWN = new Own();

  /** The regions whose terms hold besides those of the region that sent it. */
  List<Region> claimed();

  /** The region that sent it. */
  record Own() implements Origin {
    @Override
    public List<Region> claimed() {
      return List.of();
    }
  }

  /** Another region. */
  record Elsewhere(Region region) implements Origin {
    @Override
    public List<Region> claimed() {
      return List.of(region);
    }
  }

  /**
   * It cannot be told who: no region is known to control what is named, or what is said does not
   * agree.
   *
   * @param code the ODS code that is named, where it is one and looks like one
   * @param claimed regions that are named besides others: each of them may be the one
   */
  record Unknown(Optional<String> code, List<Region> claimed) implements Origin {
    public Unknown {
      claimed = List.copyOf(claimed);
    }
  }
}
