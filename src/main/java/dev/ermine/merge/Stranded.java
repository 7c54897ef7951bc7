package dev.ermine.merge;

import dev.ermine.fhir.Entry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Included entries that nobody asked for by themselves, and that only entries left out lead to. */
final class Stranded {

  private final Identity identity;
  private final Map<String, Placed> includes = new HashMap<>();

  private Stranded(Identity identity, List<Placed> entries) {
    this.identity = identity;
    entries.stream()
        .filter(placed -> placed.mode() == Entry.Mode.INCLUDE)
        .forEach(placed -> includes.putIfAbsent(placed.fullUrl(), placed));
    entries.stream()
        .filter(placed -> placed.mode() == Entry.Mode.MATCH)
        .forEach(placed -> includes.remove(placed.fullUrl()));
  }

  /** The entries that stand without those left out, in order. */
  static List<Placed> without(List<Entry> gone, Identity identity, List<Placed> entries) {
    if (gone.isEmpty()) {
      return entries;
    }
    Stranded includes = new Stranded(identity, entries);
    Set<String> behind = includes.reached(gone.stream());
    behind.removeAll(
        includes.reached(
            entries.stream()
                .filter(placed -> !behind.contains(placed.fullUrl()))
                .map(Placed::entry)));
    return entries.stream().filter(placed -> !behind.contains(placed.fullUrl())).toList();
  }

  /** Where the included entries stand that these lead to by any number of steps. */
  private Set<String> reached(Stream<Entry> from) {
    Set<String> reached = new HashSet<>();
    Deque<Entry> open = new ArrayDeque<>(from.toList());
    while (!open.isEmpty()) {
      Entry entry = open.remove();
      for (Entry.Reference reference : entry.references()) {
        reference
            .literal()
            .map(literal -> identity.address(entry, literal.value()))
            .filter(includes::containsKey)
            .filter(reached::add)
            .map(includes::get)
            .ifPresent(next -> open.add(next.entry()));
      }
    }
    return reached;
  }
}
