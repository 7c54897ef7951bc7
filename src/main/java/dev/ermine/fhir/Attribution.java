package dev.ermine.fhir;

import dev.ermine.fhir.Element.Unfit;
import dev.ermine.fhir.Entry.Identifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A Provenance's statement of whose record some resources come from. Where it names custodians,
 * these are meant; where it names none, its authors.
 *
 * @param targets the resources, as literal references
 * @param organisations whom it names
 * @see <a href="https://hl7.org/fhir/R4/provenance.html">FHIR R4: Provenance</a>
 */
public record Attribution(List<String> targets, List<Named> organisations) {

  /** A statement about all that a region may send stays well below; a tree takes much more. */
  private static final int BYTES = 1_000_000;

  private static final Set<Coding> CUSTODIAN =
      Set.of(
          new Coding(Provenance.ROLES, "custodian"),
          new Coding("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "CST"));

  private static final Set<Coding> AUTHOR =
      Set.of(
          new Coding(Provenance.ROLES, "author"),
          new Coding("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "AUT"));

  /**
   * An organisation as a resource names it.
   *
   * @param literal where it is, unless it is contained
   * @param identifiers those that stand beside that, or in what is contained
   */
  public record Named(Optional<String> literal, List<Identifier> identifiers) {
    public Named {
      identifiers = List.copyOf(identifiers);
    }

    /** Nothing of it: it is the peer's text. */
    @Override
    public String toString() {
      return "Named";
    }
  }

  public Attribution {
    targets = List.copyOf(targets);
    organisations = List.copyOf(organisations);
  }

  /** What that Provenance states; empty where it cannot be read. */
  public static Optional<Attribution> of(Entry provenance) {
    if (provenance.resource().length() > BYTES) {
      return Optional.empty();
    }
    try {
      Element root = Element.root(provenance.resource());
      return Optional.of(new Attribution(targets(root), organisations(root)));
    } catch (Unfit _) {
      return Optional.empty();
    }
  }

  private static List<String> targets(Element root) throws Unfit {
    List<String> targets = new ArrayList<>();
    for (Element target : root.objects("target")) {
      target.pointer().literal().ifPresent(targets::add);
    }
    return targets;
  }

  private static List<Named> organisations(Element root) throws Unfit {
    Map<String, List<Identifier>> contained = contained(root);
    List<Named> custodians = new ArrayList<>();
    List<Named> authors = new ArrayList<>();
    for (Element agent : root.objects("agent")) {
      List<Coding> roles = roles(agent);
      if (roles.stream().anyMatch(CUSTODIAN::contains)) {
        custodians.add(named(who(agent), contained));
      } else if (roles.stream().anyMatch(AUTHOR::contains)) {
        authors.add(named(who(agent), contained));
      }
    }
    return custodians.isEmpty() ? authors : custodians;
  }

  private static List<Coding> roles(Element agent) throws Unfit {
    List<Coding> roles = new ArrayList<>();
    if (agent.has("type")) {
      roles.addAll(agent.one("type").concept().codings());
    }
    for (Element role : agent.objects("role")) {
      roles.addAll(role.concept().codings());
    }
    return roles;
  }

  /** A person writes on behalf of an organisation. */
  private static Pointer who(Element agent) throws Unfit {
    return agent.one(agent.has("onBehalfOf") ? "onBehalfOf" : "who").pointer();
  }

  private static Named named(Pointer who, Map<String, List<Identifier>> contained) {
    List<Identifier> identifiers = new ArrayList<>();
    who.logical().ifPresent(identifiers::add);
    who.literal().map(contained::get).ifPresent(identifiers::addAll);
    return new Named(who.literal().filter(url -> !url.startsWith("#")), identifiers);
  }

  /** The identifiers of contained organisations, by their references. */
  private static Map<String, List<Identifier>> contained(Element root) throws Unfit {
    Map<String, List<Identifier>> contained = new HashMap<>();
    for (Element each : root.objects("contained")) {
      if (each.text("resourceType").equals(Optional.of("Organization")) && each.has("id")) {
        contained.put("#" + each.text("id").orElseThrow(), each.identifiers());
      }
    }
    return contained;
  }

  /** The organisation that is the custodian of that document, where it contains it. */
  public static Optional<Named> containedCustodian(Entry document) {
    if (document.resource().length() > BYTES) {
      return Optional.empty();
    }
    try {
      Element root = Element.root(document.resource());
      return Optional.of(named(root.one("custodian").pointer(), contained(root)));
    } catch (Unfit _) {
      return Optional.empty();
    }
  }

  /** Nothing of it: it is the peer's text. */
  @Override
  public String toString() {
    return "Attribution";
  }
}
