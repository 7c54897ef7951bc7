package dev.ermine.trust;

import dev.ermine.fhir.ResourceTypes;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The types of resource that a token is good for. It takes from what agreements permit, and never
 * adds to it.
 *
 * @param types empty where all are meant
 * @see <a href="https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html">SMART:
 *     scopes</a>
 */
public record Scope(Optional<Set<String>> types) {

  /** What is not narrowed. */
  public static final Scope ALL = new Scope(Optional.empty());

  private static final Pattern SYSTEM =
      Pattern.compile("system/(?<type>\\*|[A-Za-z]{1,64})\\.(?:rs|read)");

  public Scope {
    types = types.map(some -> Collections.unmodifiableSet(new TreeSet<>(some)));
  }

  /** The scope that says {@code text}; empty when anything in it is not understood. */
  static Optional<Scope> parse(String text) {
    Set<String> types = new TreeSet<>();
    for (String one : text.split(" ", -1)) {
      Matcher system = SYSTEM.matcher(one);
      if (!system.matches() || !isType(system.group("type"))) {
        return Optional.empty();
      }
      types.add(system.group("type"));
    }
    return Optional.of(types.contains("*") ? ALL : new Scope(Optional.of(types)));
  }

  private static boolean isType(String name) {
    return name.equals("*") || ResourceTypes.isKnown(name);
  }

  /** Whether resources of the type are within it. */
  public boolean covers(String type) {
    return types.isEmpty() || types.get().contains(type);
  }

  /** As SMART writes it, each type once and in order. */
  public String text() {
    return types.orElse(Set.of("*")).stream()
        .map(type -> "system/" + type + ".rs")
        .collect(Collectors.joining(" "));
  }
}
