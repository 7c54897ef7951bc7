package dev.ermine.fhir;

import dev.ermine.fhir.Entry.ContainedPatient;
import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.fhir.Entry.Reference;
import dev.ermine.fhir.Entry.Url;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The walk over one resource that gathers its facets. It knows no resource type: what an element is
 * follows from its name and shape, so that a peer's unknown types are looked at as closely as known
 * ones. Where it cannot be sure, it finds a reference too many rather than one too few.
 *
 * @see <a href="https://hl7.org/fhir/R4/json.html">FHIR R4: JSON</a>
 * @see <a href="https://hl7.org/fhir/R4/references.html">FHIR R4: references</a>
 */
final class ResourceScanner {

  /** The longest resource type of R4 has 33 letters. */
  private static final int TYPE = 64;

  private final byte[] body;
  private final JsonCursor json;

  private final List<Reference> references = new ArrayList<>();
  private final List<Url> urls = new ArrayList<>();
  private final List<ContainedPatient> patients = new ArrayList<>();

  /** Where the key of the resource's top element stands that is being read. */
  private int elementPlace;

  /** The text of that key, once a reference under it asked for it. */
  private @Nullable String elementText;

  /** What stands at the root of a resource, the whole one or a contained one. */
  private record Root(
      String type, Optional<String> id, List<Identifier> identifiers, Optional<Slice> issue) {}

  ResourceScanner(byte[] body, JsonCursor json) {
    this.body = body;
    this.json = json;
  }

  /** Reads the resource that comes next. */
  ScannedResource read() throws Refused {
    references.clear();
    urls.clear();
    patients.clear();
    json.next();
    int from = json.at();
    Root root = root(false);
    return new ScannedResource(
        new Slice(body, from, json.at()),
        root.type(),
        root.id(),
        root.identifiers(),
        List.copyOf(references),
        List.copyOf(urls),
        List.copyOf(patients),
        Facets.NONE,
        root.issue());
  }

  private Root root(boolean contained) throws Refused {
    String type = null;
    Optional<String> id = Optional.empty();
    List<Identifier> identifiers = List.of();
    Optional<Slice> issue = Optional.empty();
    json.openObject();
    while (json.nextMember()) {
      if (!contained) {
        elementPlace = json.keyPlace();
        elementText = null;
      }
      switch (json.key()) {
        case RESOURCE_TYPE -> type = type();
        case ID -> id = Optional.of(json.string());
        case IDENTIFIER -> identifiers = identifiers();
        case CONTAINED -> contained();
        case ISSUE -> issue = Optional.of(issue());
        case VALUE_URI, VALUE_URL -> url(Url.Kind.VALUE).ifPresent(urls::add);
        default -> element(json.key());
      }
    }
    if (type == null) {
      throw json.refused("a resource lacks its resourceType");
    }
    return new Root(type, id, identifiers, issue);
  }

  /** A type is spoken of in messages, so it can be nothing but a name. */
  private String type() throws Refused {
    String type = json.string();
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
      return List.of(identifier());
    }
    List<Identifier> identifiers = new ArrayList<>();
    json.openArray();
    while (json.nextItem()) {
      identifiers.add(identifier());
    }
    return identifiers;
  }

  private Identifier identifier() throws Refused {
    Optional<String> system = Optional.empty();
    Optional<String> value = Optional.empty();
    Optional<String> use = Optional.empty();
    json.openObject();
    while (json.nextMember()) {
      switch (json.key()) {
        case SYSTEM -> system = Optional.of(json.string());
        case VALUE -> value = Optional.of(json.string());
        case USE -> use = Optional.of(json.string());
        default -> element(json.key());
      }
    }
    return new Identifier(system, value, use);
  }

  /** FHIR forbids a contained resource to contain others; a peer may not hide a Patient there. */
  private void contained() throws Refused {
    json.openArray();
    while (json.nextItem()) {
      Root root = root(true);
      if (root.type().equals("Patient")) {
        patients.add(new ContainedPatient(root.id(), root.identifiers()));
      }
    }
  }

  /** Whether these are an outcome's issues is known at the end of the resource only. */
  private Slice issue() throws Refused {
    json.next();
    int from = json.at();
    element(Name.ISSUE);
    return new Slice(body, from, json.at());
  }

  /** An element of any shape, at any depth. */
  private void element(Name name) throws Refused {
    switch (json.next()) {
      case '{' -> object(name);
      case '[' -> {
        json.openArray();
        while (json.nextItem()) {
          element(name);
        }
      }
      default -> json.skipScalar();
    }
  }

  /** An object is a Reference when it says what it refers to, whatever else it holds. */
  private void object(Name name) throws Refused {
    Optional<Url> literal = Optional.empty();
    Optional<Identifier> logical = Optional.empty();
    Optional<String> type = Optional.empty();
    json.openObject();
    while (json.nextMember()) {
      switch (json.key()) {
        case REFERENCE -> literal = url(Url.Kind.REFERENCE);
        case IDENTIFIER -> logical = logical();
        case TYPE -> type = text();
        case URL -> attachment(name);
        case VALUE_URI, VALUE_URL -> url(Url.Kind.VALUE).ifPresent(urls::add);
        default -> element(json.key());
      }
    }
    if (literal.isPresent() || logical.isPresent()) {
      references.add(reference(literal, logical, type));
    }
  }

  /** {@code Reference.identifier} is one object; an array is some other element's own. */
  private Optional<Identifier> logical() throws Refused {
    if (json.next() == '{') {
      return Optional.of(identifier());
    }
    element(Name.IDENTIFIER);
    return Optional.empty();
  }

  /** The {@code url} of an Extension names its kind; every other one leads somewhere. */
  private void attachment(Name parent) throws Refused {
    if (parent == Name.EXTENSION || parent == Name.MODIFIER_EXTENSION) {
      element(Name.URL);
    } else {
      url(Url.Kind.ATTACHMENT).ifPresent(urls::add);
    }
  }

  private Optional<Url> url(Url.Kind kind) throws Refused {
    return text().map(text -> new Url(text, json.stringSpan(), kind));
  }

  /** The text of a string; another value under such a name is an element like any other. */
  private Optional<String> text() throws Refused {
    if (json.next() == '"') {
      return Optional.of(json.string());
    }
    element(json.key());
    return Optional.empty();
  }

  private Reference reference(
      Optional<Url> literal, Optional<Identifier> logical, Optional<String> type) {
    if (elementText == null) {
      elementText = json.keyText(elementPlace);
    }
    return new Reference(
        elementText,
        literal,
        type,
        logical.flatMap(Identifier::system),
        logical.flatMap(Identifier::value));
  }
}
