package dev.ermine.merge.origin;

import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What is said of one entry's origin, gathered until all has been said.
 *
 * <p>That the relay names itself says who had it last, and does not speak against another that is
 * named. Where others are named that do not agree, it is not known who it is; the terms of each
 * region among them hold all the same, for a false name must not open what the right one keeps.
 */
final class Claims {

  /** What is shown of an organisation that nobody here knows has the shape of an ODS code. */
  private static final Pattern ODS = Pattern.compile("[A-Z0-9]{3,10}");

  private final RegionId relay;
  private final Map<RegionId, Region> named = new TreeMap<>();
  private final Set<String> strangers = new TreeSet<>();

  Claims(RegionId relay) {
    this.relay = relay;
  }

  /** That it is of the organisation or system of those names, by one of which it may be known. */
  void add(List<String> names, Function<String, List<Region>> controllers) {
    List<Region> known = names.stream().flatMap(name -> controllers.apply(name).stream()).toList();
    if (known.isEmpty()) {
      strangers.add(names.getFirst());
    }
    add(known);
  }

  /**
   * That one of those regions controls it; the relay, where it is among them: it says no more of
   * itself than that.
   */
  void add(List<Region> controllers) {
    if (controllers.stream().noneMatch(region -> region.id().equals(relay))) {
      controllers.forEach(region -> named.put(region.id(), region));
    }
  }

  Origin origin() {
    if (strangers.isEmpty() && named.isEmpty()) {
      return Origin.OWN;
    }
    if (strangers.isEmpty() && named.size() == 1) {
      return new Origin.Elsewhere(named.values().iterator().next());
    }
    return new Origin.Unknown(
        named.isEmpty() && strangers.size() == 1
            ? strangers.stream().filter(name -> ODS.matcher(name).matches()).findFirst()
            : Optional.empty(),
        List.copyOf(named.values()));
  }
}
