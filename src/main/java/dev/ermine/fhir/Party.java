package dev.ermine.fhir;

import dev.ermine.fhir.Entry.Identifier;
import java.util.List;
import java.util.Optional;

/**
 * A person or an organisation, or a group of them, as far as it tells who they are.
 *
 * @param type the resource type
 * @param identifiers with system and value
 * @param of what it joins: a PractitionerRole is of one practitioner at one organisation
 * @param members those of a Group or CareTeam
 */
public record Party(
    String type, List<Identifier> identifiers, List<Pointer> of, List<Member> members) {

  /**
   * A member of a group.
   *
   * @param inactive whether it is one no more
   * @param period when it is one
   */
  public record Member(Pointer who, boolean inactive, TimeSpan period) {}

  public Party {
    identifiers = List.copyOf(identifiers);
    of = List.copyOf(of);
    members = List.copyOf(members);
  }

  /** The party that {@code entry} is; empty where it cannot be read. */
  public static Optional<Party> of(Entry entry) {
    try {
      return Optional.of(Element.root(entry.resource()).party());
    } catch (Element.Unfit e) {
      return Optional.empty();
    }
  }

  /** Type alone. */
  @Override
  public String toString() {
    return "Party[" + type + "]";
  }
}
