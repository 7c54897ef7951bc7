package dev.ermine.fhir;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A second look into a resource, for what its facets leave out. It costs another pass over the
 * bytes, so it is taken only where something hangs on it.
 */
public final class SecondLook {

  private static final Set<String> WORDS = Set.of("text", "display");

  private final JsonCursor json;

  private SecondLook(Slice resource) {
    json = new JsonCursor(resource.bytes(), resource.from(), resource.to());
  }

  /** A walk over a resource that has once been found to be strict JSON. */
  private interface Walk<T> {
    T over(SecondLook look) throws Refused;
  }

  private static <T> T look(Entry entry, T nothing, Walk<T> walk) {
    try {
      return walk.over(new SecondLook(entry.resource()));
    } catch (Refused otherwiseThanFhirHasIt) {
      return nothing;
    }
  }

  /**
   * What stands plainly at a top element: codes, truth values and dates each without a system, a
   * Coding with its own, an Identifier as its system and value; of an array all of them.
   */
  public static List<Coding> plain(Entry entry, String element) {
    return look(entry, List.of(), look -> look.plain(element));
  }

  /** Whether a top element says anything in words: in a {@code text} or a {@code display}. */
  public static boolean saysInWords(Entry entry, String element) {
    return look(entry, false, look -> look.saysInWords(element));
  }

  /** The ids of contained resources. */
  public static Set<String> containedIds(Entry entry) {
    return look(entry, Set.of(), SecondLook::containedIds);
  }

  /** Moves to a member of the object that comes next: where it stands afterwards is of no use. */
  private boolean find(String name) throws Refused {
    json.openObject();
    while (json.nextMember()) {
      if (json.keyText().equals(name)) {
        return true;
      }
      json.skip();
    }
    return false;
  }

  private List<Coding> plain(String element) throws Refused {
    List<Coding> found = new ArrayList<>();
    if (find(element)) {
      plain(found);
    }
    return found;
  }

  private void plain(List<Coding> found) throws Refused {
    switch (json.next()) {
      case '[' -> {
        json.openArray();
        while (json.nextItem()) {
          plain(found);
        }
      }
      case '{' -> coding().ifPresent(found::add);
      default -> found.add(new Coding("", scalar()));
    }
  }

  private Optional<Coding> coding() throws Refused {
    String system = "";
    Optional<String> code = Optional.empty();
    json.openObject();
    while (json.nextMember()) {
      switch (json.key()) {
        case SYSTEM -> system = scalar();
        case CODE, VALUE -> code = Optional.of(scalar());
        default -> json.skip();
      }
    }
    String of = system;
    return code.map(said -> new Coding(of, said));
  }

  /** The text of a string, a number or a literal. */
  private String scalar() throws Refused {
    if (json.next() == '"') {
      return json.string();
    }
    int from = json.at();
    json.skipScalar();
    return new String(json.bytes, from, json.at() - from, StandardCharsets.UTF_8);
  }

  private boolean saysInWords(String element) throws Refused {
    return find(element) && hasText();
  }

  private boolean hasText() throws Refused {
    boolean said = false;
    switch (json.next()) {
      case '[' -> {
        json.openArray();
        while (json.nextItem()) {
          said |= hasText();
        }
      }
      case '{' -> {
        json.openObject();
        while (json.nextMember()) {
          said |= WORDS.contains(json.keyText()) ? isText() : hasText();
        }
      }
      default -> json.skipScalar();
    }
    return said;
  }

  private boolean isText() throws Refused {
    return json.next() == '"' ? !json.string().isBlank() : hasText();
  }

  private Set<String> containedIds() throws Refused {
    Set<String> ids = new HashSet<>();
    if (find("contained")) {
      json.openArray();
      while (json.nextItem()) {
        json.openObject();
        while (json.nextMember()) {
          if (json.key() == Name.ID && json.next() == '"') {
            ids.add(json.string());
          } else {
            json.skip();
          }
        }
      }
    }
    return ids;
  }
}
