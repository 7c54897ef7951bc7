package dev.ermine.merge;

import dev.ermine.fhir.Compartment;
import dev.ermine.fhir.Entry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How far a region's disclosed entries lead: an entry that is no patient's record (a Medication, an
 * Organization) says nothing of this patient unless one of theirs refers to it.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#include">FHIR R4: included resources</a>
 */
final class Reach {

  private final Identity identity;
  private final List<String> asked;

  /**
   * @param asked the types asked for, which stand by themselves
   */
  Reach(Identity identity, List<String> asked) {
    this.identity = identity;
    this.asked = asked;
  }

  /**
   * The entries that stand, in order: the patient's, and what these lead to by any number of steps.
   */
  List<Placed> of(List<Placed> entries) {
    Set<String> reached = reached(entries);
    return entries.stream()
        .filter(placed -> standsAlone(placed) || reached.contains(placed.fullUrl()))
        .toList();
  }

  private Set<String> reached(List<Placed> entries) {
    Map<String, Placed> waiting = new HashMap<>();
    Deque<Placed> open = new ArrayDeque<>();
    for (Placed placed : entries) {
      if (standsAlone(placed)) {
        open.add(placed);
      } else {
        waiting.putIfAbsent(placed.fullUrl(), placed);
      }
    }
    Set<String> reached = new HashSet<>();
    while (!open.isEmpty()) {
      for (String address : addresses(open.remove().entry())) {
        Placed next = waiting.remove(address);
        if (next != null) {
          reached.add(address);
          open.add(next);
        }
      }
    }
    return reached;
  }

  private boolean standsAlone(Placed placed) {
    String type = placed.entry().type();
    return Compartment.contains(type) || asked.contains(type);
  }

  private List<String> addresses(Entry entry) {
    return entry.references().stream()
        .flatMap(reference -> reference.literal().stream())
        .map(literal -> identity.address(entry, literal.value()))
        .toList();
  }
}
