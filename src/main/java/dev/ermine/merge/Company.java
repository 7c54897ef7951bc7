package dev.ermine.merge;

import dev.ermine.fhir.ResultParameters.Inclusion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What came with matches: included entries that they lead to, by any number of steps, and those
 * that were asked for because they refer to them, with what these lead to.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#revinclude">FHIR R4: _include, _revinclude</a>
 */
final class Company {

  private final Map<String, Placed> byAddress = new HashMap<>();

  /** By what they refer to. */
  private final Map<String, List<Placed>> referring = new HashMap<>();

  /**
   * @param includes each at an address of its own
   * @param inclusions what was asked to come with the matches
   */
  Company(List<Placed> includes, List<Inclusion> inclusions) {
    Set<String> sources =
        inclusions.stream()
            .filter(Inclusion::reverse)
            .map(Inclusion::source)
            .collect(Collectors.toSet());
    for (Placed include : includes) {
      byAddress.put(include.fullUrl(), include);
      if (sources.contains(include.entry().type())) {
        for (String target : include.targets()) {
          referring.computeIfAbsent(target, _ -> new ArrayList<>()).add(include);
        }
      }
    }
  }

  /** The addresses of what comes with these. */
  Set<String> of(Collection<Placed> matches) {
    Set<String> found = new HashSet<>();
    if (byAddress.isEmpty()) {
      return found;
    }
    Deque<Placed> leading = new ArrayDeque<>(matches);
    Deque<Placed> referredTo = new ArrayDeque<>(matches);
    while (!referredTo.isEmpty()) {
      for (Placed include : referring.getOrDefault(referredTo.remove().fullUrl(), List.of())) {
        if (found.add(include.fullUrl())) {
          leading.add(include);
          referredTo.add(include);
        }
      }
    }
    while (!leading.isEmpty()) {
      for (String target : leading.remove().targets()) {
        Placed include = byAddress.get(target);
        if (include != null && found.add(target)) {
          leading.add(include);
        }
      }
    }
    return found;
  }
}
