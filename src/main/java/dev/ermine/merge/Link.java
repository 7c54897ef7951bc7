package dev.ermine.merge;

import java.util.Comparator;

/**
 * A link of the Bundle.
 *
 * @param relation {@code self}, {@code next} …
 */
public record Link(String relation, String url) {

  static final String SELF = "self";

  /** Which comes first: itself, then how to go on. */
  static final Comparator<Link> ORDER =
      Comparator.comparingInt(
          link ->
              switch (link.relation()) {
                case SELF -> 0;
                case "next" -> 1;
                default -> 2;
              });

  boolean isSelf() {
    return relation.equals(SELF);
  }

  /** Where it leads may name the patient. */
  @Override
  public String toString() {
    return "Link[" + relation + "]";
  }
}
