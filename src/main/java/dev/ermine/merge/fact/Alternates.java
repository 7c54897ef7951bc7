package dev.ermine.merge.fact;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which entries record the same fact. Whether two do depends on these two alone, so that another
 * region's answer never changes it; everything does with itself, and if one does with another, that
 * does with it.
 *
 * @param links for each entry that has any, by its {@code fullUrl}, those of the others, in the
 *     order of the facts
 * @see <a href="https://www.iana.org/assignments/link-relations/link-relations.xhtml">IANA: link
 *     relation {@code alternate}</a>
 */
public record Alternates(Map<String, List<String>> links) {

  /** No entry is another's. */
  public static final Alternates NONE = new Alternates(Map.of());

  public Alternates {
    // Peers make up the keys: a HashMap stays quick when their hashes meet.
    links = Collections.unmodifiableMap(new HashMap<>(links));
  }

  /** Those among the facts, which stand in the order of their Bundle. */
  public static Alternates among(List<Fact> facts) {
    return new Grouping(facts).alternates();
  }

  /** These and those. */
  public Alternates and(Alternates others) {
    Map<String, List<String>> both = new HashMap<>(links);
    others.links.forEach((entry, more) -> both.merge(entry, more, Alternates::joined));
    return new Alternates(both);
  }

  private static List<String> joined(List<String> one, List<String> other) {
    return Stream.concat(one.stream(), other.stream()).distinct().toList();
  }

  /** The other entries that record the same fact as that one. */
  public List<String> of(String fullUrl) {
    return links.getOrDefault(fullUrl, List.of());
  }
}
