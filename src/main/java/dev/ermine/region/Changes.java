package dev.ermine.region;

import dev.ermine.region.Change.Effect;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The changes found between two versions so far. */
final class Changes {

  private final TreeSet<Change> all = new TreeSet<>();

  void add(Effect effect, String path, String message) {
    all.add(new Change(effect, path, message));
  }

  /** Notes a value that is another. */
  void compare(String path, Object before, Object after) {
    compare(Effect.CHANGES, path, before, after);
  }

  void compare(Effect effect, String path, Object before, Object after) {
    if (!before.equals(after)) {
      add(effect, path, "was %s, is %s".formatted(shown(before), shown(after)));
    }
  }

  /** Notes what has come into a list, which widens, and what has gone out of it. */
  void compareAll(String path, Collection<String> before, Collection<String> after) {
    without(after, before).forEach(added -> add(Effect.WIDENS, path, added + " is added"));
    without(before, after).forEach(gone -> add(Effect.NARROWS, path, gone + " is taken out"));
  }

  /** The same of a list of what is withheld: what has come into it narrows. */
  void compareWithheld(String path, Collection<String> before, Collection<String> after) {
    without(after, before).forEach(added -> add(Effect.NARROWS, path, added + " is added"));
    without(before, after).forEach(gone -> add(Effect.WIDENS, path, gone + " is taken out"));
  }

  private static Set<String> without(Collection<String> all, Collection<String> those) {
    Set<String> rest = new LinkedHashSet<>(all);
    rest.removeAll(Set.copyOf(those));
    return rest;
  }

  /** A value as the file would have it. */
  static String shown(Object value) {
    return switch (value) {
      case Optional<?> stated -> stated.map(Changes::shown).orElse("not stated");
      case Collection<?> none when none.isEmpty() -> "not stated";
      case Collection<?> many ->
          many.stream().map(String::valueOf).sorted().collect(Collectors.joining(", ", "[", "]"));
      case Enum<?> word -> "`" + word(word) + "`";
      default -> "`" + value + "`";
    };
  }

  static String word(Enum<?> word) {
    return word.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /** Widenings first. */
  List<Change> sorted() {
    return List.copyOf(all);
  }
}
