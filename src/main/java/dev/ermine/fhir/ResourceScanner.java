package dev.ermine.fhir;

import dev.ermine.fhir.Entry.ContainedPatient;
import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.fhir.Part.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The walk over one resource that gathers its facets: what stands at its root, and at the roots of
 * those that it contains. What stands deeper is {@link ElementScanner}'s.
 *
 * @see <a href="https://hl7.org/fhir/R4/json.html">FHIR R4: JSON</a>
 * @see <a href="https://hl7.org/fhir/R4/resource.html">FHIR R4: resources</a>
 */
final class ResourceScanner {

  /** The longest resource type of R4 has 33 letters. */
  private static final int TYPE = 64;

  /** What an entry takes besides its bytes and texts, and each facet of it, about. */
  private static final int ENTRY_WEIGHT = 512;

  private static final int FACET_WEIGHT = 128;

  private final JsonCursor json;
  private final FacetsFound found = new FacetsFound();
  private final ElementScanner elements;

  /** Those of the root that is being read; none is read within another's identifiers. */
  private final List<Identifier> identifiers = new ArrayList<>();

  /** What stands at the root of a resource, the whole one or a contained one. */
  private record Root(
      String type, Optional<String> id, List<Identifier> identifiers, Optional<Slice> issue) {}

  /**
   * @param names what the body repeats of names
   */
  ResourceScanner(JsonCursor json, Spellings names) {
    this.json = json;
    elements = new ElementScanner(json, names, found);
  }

  /** Reads the resource that comes next. */
  ScannedResource read() throws Refused {
    found.clear();
    json.garbled = false;
    long decoded = elements.decoded();
    elements.enter();
    json.next();
    int from = json.at();
    Root root = root(false);
    return new ScannedResource(
        new Slice(json.bytes, from, json.at()),
        root.type(),
        root.id(),
        root.identifiers(),
        found.references(),
        found.urls(),
        found.patients(),
        found.facets(json.garbled),
        ENTRY_WEIGHT + (long) FACET_WEIGHT * found.count() + elements.decoded() - decoded,
        root.issue());
  }

  private Root root(boolean contained) throws Refused {
    String type = null;
    Optional<String> id = Optional.empty();
    List<Identifier> identifiers = List.of();
    Identifier master = null;
    Optional<Slice> issue = Optional.empty();
    json.openObject();
    while (json.nextMember()) {
      if (!contained) {
        elements.top();
      }
      switch (json.key()) {
        case RESOURCE_TYPE -> type = type();
        case ID -> id = elements.value();
        case IDENTIFIER -> identifiers = identifiers();
        case MASTER_IDENTIFIER -> master = elements.logical();
        case CONTAINED -> contained();
        case ISSUE -> issue = Optional.of(issue());
        case VALUE_URI, VALUE_URL -> elements.valueUrl();
        case CONTENT_TYPE -> elements.contentType();
        case SECURITY_LABEL -> elements.securityLabel();
        default -> elements.member();
      }
    }
    if (type == null) {
      throw json.refused("a resource lacks its resourceType");
    }
    return new Root(type, id, joined(identifiers, master), issue);
  }

  /** A type is spoken of in messages, so it can be nothing but a name. */
  private String type() throws Refused {
    String type = elements.name().orElseThrow();
    boolean name = !type.isEmpty() && type.length() <= TYPE;
    for (int i = 0; name && i < type.length(); i++) {
      char c = type.charAt(i);
      name = (c >= 'A' && c <= 'Z') || (i > 0 && c >= 'a' && c <= 'z');
    }
    if (!name) {
      throw json.refused("a resourceType is not the name of a type");
    }
    return type;
  }

  /** {@code identifier} is an array, but a single object in Bundle, Composition and others. */
  private List<Identifier> identifiers() throws Refused {
    if (json.next() == '{') {
      return List.of(elements.identifier());
    }
    identifiers.clear();
    json.openArray();
    while (json.nextItem()) {
      identifiers.add(elements.identifier());
    }
    return FacetsFound.copy(identifiers);
  }

  /** A document's own identifier, as opposed to those of what points to it, comes last. */
  private static List<Identifier> joined(List<Identifier> first, @Nullable Identifier master) {
    if (master == null) {
      return first;
    }
    List<Identifier> joined = new ArrayList<>(first);
    joined.add(master);
    return joined;
  }

  /** FHIR forbids a contained resource to contain others; a peer may not hide a Patient there. */
  private void contained() throws Refused {
    json.openArray();
    while (json.nextItem()) {
      Root root = root(true);
      if (root.type().equals("Patient")) {
        found.patient(new ContainedPatient(root.id(), root.identifiers()));
      }
    }
  }

  /** Whether these are an outcome's issues is known at the end of the resource only. */
  private Slice issue() throws Refused {
    json.next();
    int from = json.at();
    elements.element(Kind.OTHER);
    return new Slice(json.bytes, from, json.at());
  }
}
