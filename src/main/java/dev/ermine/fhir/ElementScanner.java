package dev.ermine.fhir;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.fhir.Entry.Url;
import dev.ermine.fhir.Facets.Coded;
import dev.ermine.fhir.Facets.Dated;
import dev.ermine.fhir.Part.Kind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The walk over the elements of a resource, at any depth. It knows no resource type: what an
 * element is follows from its name and shape, so that a peer's unknown types are looked at as
 * closely as known ones. Where it cannot be sure, it finds a reference too many rather than one too
 * few.
 *
 * @see <a href="https://hl7.org/fhir/R4/json.html">FHIR R4: JSON</a>
 * @see <a href="https://hl7.org/fhir/R4/references.html">FHIR R4: references</a>
 */
final class ElementScanner {

  /**
   * Facets of one resource, at most: no record has so many, and what has more is not looked at in
   * part.
   */
  private static final int MOST = 10_000;

  /** How the URL of the extension ends that says what a List lacks: UK Core's, GP Connect's. */
  private static final byte[] WARNING = "ListWarningCode".getBytes(US_ASCII);

  private static final byte[] VERSIONED_WARNING = "ListWarningCode-1".getBytes(US_ASCII);

  /** The time that a document tells of. */
  private static final String DOCUMENT_PERIOD = "context.period";

  private final JsonCursor json;
  private final FacetsFound found;

  /** Of keys, types and systems: values, which are many, would drive them out. */
  private final Spellings names;

  private final Spellings values;

  /** What the objects that stand open say, by their depths. */
  private final Part[] parts = new Part[JsonCursor.DEPTH + 1];

  /** How deep the members of the resource itself stand, as opposed to a contained one's. */
  private int top;

  /** The key of the resource's top element that is being read. */
  private String element = "";

  /** Whether a {@code securityLabel} is being read. */
  private boolean labelling;

  ElementScanner(JsonCursor json, Spellings names, FacetsFound found) {
    this.json = json;
    this.names = names;
    this.found = found;
    values = new Spellings(json.bytes);
  }

  /** How many bytes have been decoded to texts, shared ones once. */
  long decoded() {
    return json.decoded + names.decoded + values.decoded;
  }

  /** A resource comes next. */
  void enter() {
    top = json.depth() + 1;
  }

  /** A top element of the resource comes next. */
  void top() {
    element = json.keyText(names);
  }

  /** Any member of a root; what says when is that of the resource itself alone. */
  void member() throws Refused {
    if (json.depth() != top) {
      under(Kind.OTHER, json.key());
    } else if (json.key() == Name.CONTEXT) {
      element(Kind.CONTEXT);
    } else if (json.key() == Name.META) {
      element(json.next() == '{' ? Kind.OWN_META : Kind.META);
    } else if (json.key() == Name.STATUS) {
      found.status(nameIfAny());
    } else if (json.saysWhen()) {
      dated(element);
    } else {
      under(Kind.OTHER, json.key());
    }
  }

  private void dated(String element) throws Refused {
    switch (json.next()) {
      case '{' -> found.dated(object(Kind.PERIOD).dated(element));
      case '[' -> {
        json.openArray();
        while (json.nextItem()) {
          dated(element);
        }
      }
      case '"' -> {
        Optional<String> instant = value();
        found.dated(new Dated(element, instant, instant));
        bounded();
      }
      default -> json.skipScalar();
    }
  }

  /** A label on documents: a CodeableConcept, whose codings label the entry. */
  void securityLabel() throws Refused {
    labelling = true;
    element(Kind.OTHER);
    labelling = false;
  }

  void contentType() throws Refused {
    found.contentType(nameIfAny());
  }

  void valueUrl() throws Refused {
    Optional<String> text = valueIfAny();
    if (text.isPresent()) {
      found.url(url(text.get(), Url.Kind.VALUE));
    }
  }

  private void under(Kind kind, Name key) throws Refused {
    element(kind.under(key));
  }

  /** The element that comes next, of any shape. */
  void element(Kind kind) throws Refused {
    switch (json.next()) {
      case '"' -> json.passString();
      case '{' -> object(kind);
      case '[' -> {
        json.openArray();
        while (json.nextItem()) {
          element(kind);
        }
      }
      default -> json.skipScalar();
    }
  }

  private Part object(Kind kind) throws Refused {
    json.openObject();
    Part part = part();
    while (json.nextMember()) {
      Name key = json.key();
      if (json.next() == '"') {
        json.passString();
        if (kind.reads(key)) {
          text(kind, part, key);
        }
      } else {
        element(kind, part, key);
      }
    }
    settle(kind, part);
    bounded();
    return part;
  }

  private Part part() {
    int depth = json.depth();
    Part part = parts[depth];
    if (part == null) {
      part = new Part();
      parts[depth] = part;
      return part;
    }
    return part.anew();
  }

  /** A text that means something. */
  private void text(Kind kind, Part part, Name key) {
    if (kind == Kind.EXTENSION && key == Name.URL) {
      // It names a kind; every other url leads somewhere.
      part.warning = json.endsWith(WARNING) || json.endsWith(VERSIONED_WARNING);
      return;
    }
    Optional<String> text = json.text(key.isRepeated() ? names : values);
    switch (key) {
      case SYSTEM -> part.system = text;
      case CODE, VALUE_CODE -> part.code = text;
      case REFERENCE -> part.literal = url(text.get(), Url.Kind.REFERENCE);
      case TYPE -> part.type = text;
      case START -> part.start = text;
      case END -> part.end = text;
      case URL -> found.url(url(text.get(), Url.Kind.ATTACHMENT));
      case VALUE_URI, VALUE_URL -> found.url(url(text.get(), Url.Kind.VALUE));
      case CONTENT_TYPE -> found.contentType(text);
      case HASH -> found.hash(text);
      case PERIOD -> found.dated(new Dated(DOCUMENT_PERIOD, text, text));
      default -> own(key, text);
    }
  }

  /** What the resource says of itself as a record. */
  private void own(Name key, Optional<String> text) {
    switch (key) {
      case VERSION_ID -> found.version(text);
      case LAST_UPDATED -> found.lastUpdated(text);
      case SOURCE -> found.source(text);
      case PROFILE -> found.profile(text);
      default -> throw new IllegalStateException(key.text());
    }
  }

  /** What is no text. */
  private void element(Kind kind, Part part, Name key) throws Refused {
    if (key == Name.IDENTIFIER) {
      part.logical = logical();
    } else if (kind == Kind.OWN_META && key == Name.PROFILE) {
      profile();
    } else if (kind == Kind.CONTEXT && key == Name.PERIOD) {
      dated(DOCUMENT_PERIOD);
    } else {
      under(kind, key);
    }
  }

  /** {@code meta.profile} is an array of canonical URLs. */
  private void profile() throws Refused {
    if (json.next() != '[') {
      element(Kind.OTHER);
      return;
    }
    json.openArray();
    while (json.nextItem()) {
      found.profile(nameIfAny());
      bounded();
    }
  }

  /** {@code Reference.identifier} is one object; an array is some other element's own. */
  @Nullable Identifier logical() throws Refused {
    if (json.next() == '{') {
      return identifier();
    }
    element(Kind.OTHER);
    return null;
  }

  Identifier identifier() throws Refused {
    Optional<String> system = Optional.empty();
    Optional<String> value = Optional.empty();
    Optional<String> use = Optional.empty();
    json.openObject();
    while (json.nextMember()) {
      switch (json.key()) {
        case SYSTEM -> system = name();
        case VALUE -> value = value();
        case USE -> use = name();
        default -> under(Kind.OTHER, json.key());
      }
    }
    Identifier identifier = new Identifier(system, value, use);
    found.identifier(identifier);
    bounded();
    return identifier;
  }

  /** What the object turned out to be, at its end. */
  private void settle(Kind kind, Part part) {
    if (part.isReference()) {
      found.reference(part.reference(element));
    }
    if (part.code.isPresent()) {
      coded(kind, part, part.code.get());
    }
  }

  private void coded(Kind kind, Part part, String code) {
    if (kind == Kind.EXTENSION) {
      if (part.warning) {
        found.warning(code);
      }
      return;
    }
    Coding coding = new Coding(part.system.orElse(""), code);
    switch (kind) {
      case LABEL -> found.label(coding);
      case TAG -> found.tag(coding);
      default -> {
        found.code(new Coded(element, coding));
        if (labelling) {
          found.label(coding);
        }
      }
    }
  }

  private Url url(String text, Url.Kind kind) {
    return new Url(text, json.stringSpan(), kind);
  }

  /** The text of a string; another value under such a name is an element like any other. */
  private Optional<String> valueIfAny() throws Refused {
    return isText() ? json.text(values) : Optional.empty();
  }

  /** The same of a text that bodies repeat. */
  private Optional<String> nameIfAny() throws Refused {
    return isText() ? json.text(names) : Optional.empty();
  }

  private boolean isText() throws Refused {
    if (json.next() == '"') {
      json.passString();
      return true;
    }
    element(Kind.OTHER);
    return false;
  }

  /** The text of the string that must be there. */
  Optional<String> value() throws Refused {
    return json.string(values);
  }

  /** The same of a text that bodies repeat. */
  Optional<String> name() throws Refused {
    return json.string(names);
  }

  /** Called wherever something has been found that there may be many of. */
  private void bounded() throws Refused {
    if (found.count() > MOST) {
      throw json.refused("a resource has more references and codes than any record");
    }
  }
}
