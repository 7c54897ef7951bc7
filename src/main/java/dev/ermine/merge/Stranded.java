package dev.ermine.merge;

import dev.ermine.fhir.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Included entries that nobody asked for by themselves, and that came with entries left out alone:
 * these lead to them ({@code _include}), or they refer to these ({@code _revinclude}).
 */
final class Stranded {

  private final Identity identity;
  private final Map<String, Placed> includes = new HashMap<>();
  private final Map<String, List<Placed>> referring = new HashMap<>();

  private Stranded(Identity identity, List<Placed> entries) {
    this.identity = identity;
    entries.stream()
        .filter(placed -> placed.mode() == Entry.Mode.INCLUDE)
        .forEach(placed -> includes.putIfAbsent(placed.fullUrl(), placed));
    entries.stream()
        .filter(placed -> placed.mode() == Entry.Mode.MATCH)
        .forEach(placed -> includes.remove(placed.fullUrl()));
    includes
        .values()
        .forEach(
            placed ->
                addresses(placed.entry())
                    .forEach(
                        at -> referring.computeIfAbsent(at, _ -> new ArrayList<>()).add(placed)));
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

  /**
   * Where the included entries stand that come with these: that they lead to by any number of
   * steps, and that refer to a match among them.
   */
  private Set<String> reached(Stream<Entry> from) {
    Set<String> reached = new HashSet<>();
    Set<String> matches = new HashSet<>();
    Deque<Entry> open = new ArrayDeque<>(from.toList());
    while (!open.isEmpty()) {
      Entry entry = open.remove();
      Stream<Placed> led = addresses(entry).filter(includes::containsKey).map(includes::get);
      Stream<Placed> leading =
          identity.address(entry).stream()
              .filter(_ -> entry.mode() == Entry.Mode.MATCH)
              .filter(matches::add)
              .flatMap(at -> referring.getOrDefault(at, List.of()).stream());
      Stream.concat(led, leading)
          .filter(placed -> reached.add(placed.fullUrl()))
          .forEach(placed -> open.add(placed.entry()));
    }
    return reached;
  }

  private Stream<String> addresses(Entry entry) {
    return entry.references().stream()
        .flatMap(reference -> reference.literal().stream())
        .map(literal -> identity.address(entry, literal.value()));
  }
}
