package dev.ermine.fhir;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.ermine.fhir.Entry.ContainedPatient;
import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.fhir.Entry.Reference;
import dev.ermine.fhir.Entry.Url;
import dev.ermine.fhir.Facets.Coded;
import dev.ermine.fhir.Facets.Dated;
import dev.ermine.fhir.Part.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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

  /**
   * Facets of one resource, at most: no record has so many, and what has more is not looked at in
   * part.
   */
  private static final int MOST = 10_000;

  /** What an entry takes besides its bytes and texts, and each facet of it, about. */
  private static final int ENTRY_WEIGHT = 512;

  private static final int FACET_WEIGHT = 128;

  /** How the URL of the extension ends that says what a List lacks: UK Core's, GP Connect's. */
  private static final byte[] WARNING = "ListWarningCode".getBytes(US_ASCII);

  private static final byte[] VERSIONED_WARNING = "ListWarningCode-1".getBytes(US_ASCII);

  private final byte[] body;
  private final JsonCursor json;

  private final List<Reference> references = new ArrayList<>();
  private final List<Url> urls = new ArrayList<>();
  private final List<ContainedPatient> patients = new ArrayList<>();
  private final FacetsFound facets = new FacetsFound();
  private final Spellings spellings;

  /** Of keys, types and what identifiers are of: codes, which are many, would drive them out. */
  private final Spellings names;

  /** How many identifiers it has, at any depth. */
  private int identified;

  /** Where the key of the resource's top element stands that is being read. */
  private int elementPlace;

  /** The text of that key, once a reference under it asked for it. */
  private @Nullable String elementText;

  /** How deep the members of the resource itself stand, as opposed to a contained one's. */
  private int top;

  /** Whether a {@code securityLabel} is being read. */
  private boolean labelling;

  /** What stands at the root of a resource, the whole one or a contained one. */
  private record Root(
      String type, Optional<String> id, List<Identifier> identifiers, Optional<Slice> issue) {}

  ResourceScanner(byte[] body, JsonCursor json) {
    this.body = body;
    this.json = json;
    spellings = new Spellings(body);
    names = new Spellings(body);
  }

  /** Reads the resource that comes next. */
  ScannedResource read() throws Refused {
    references.clear();
    urls.clear();
    patients.clear();
    facets.clear();
    identified = 0;
    long decoded = decoded();
    json.garbled = false;
    top = json.depth() + 1;
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
        facets.facets(json.garbled),
        ENTRY_WEIGHT + (long) FACET_WEIGHT * found() + decoded() - decoded,
        root.issue());
  }

  private long decoded() {
    return json.decoded + spellings.decoded + names.decoded;
  }

  private int found() {
    return references.size() + urls.size() + patients.size() + identified + facets.count();
  }

  /** Called wherever something has been found that there may be many of. */
  private void bounded() throws Refused {
    if (found() > MOST) {
      throw json.refused("a resource has more references and codes than any record");
    }
  }

  private Root root(boolean contained) throws Refused {
    String type = null;
    Optional<String> id = Optional.empty();
    List<Identifier> identifiers = List.of();
    Optional<Identifier> master = Optional.empty();
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
        case MASTER_IDENTIFIER -> master = master();
        case CONTAINED -> contained();
        case ISSUE -> issue = Optional.of(issue());
        case VALUE_URI, VALUE_URL -> keep(url(Url.Kind.VALUE));
        case CONTENT_TYPE -> contentType();
        case SECURITY_LABEL -> securityLabel();
        default -> topElement();
      }
    }
    if (type == null) {
      throw json.refused("a resource lacks its resourceType");
    }
    return new Root(type, id, joined(identifiers, master), issue);
  }

  /** A type is spoken of in messages, so it can be nothing but a name. */
  private String type() throws Refused {
    String type = json.string(names).orElseThrow();
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

  /** A document's own identifier, as opposed to those of what points to it. */
  private Optional<Identifier> master() throws Refused {
    return Optional.ofNullable(logical());
  }

  private static List<Identifier> joined(List<Identifier> first, Optional<Identifier> last) {
    return last.map(identifier -> Stream.concat(first.stream(), Stream.of(identifier)).toList())
        .orElse(first);
  }

  private Identifier identifier() throws Refused {
    Optional<String> system = Optional.empty();
    Optional<String> value = Optional.empty();
    Optional<String> use = Optional.empty();
    json.openObject();
    while (json.nextMember()) {
      switch (json.key()) {
        case SYSTEM -> system = json.string(names);
        case VALUE -> value = Optional.of(json.string());
        case USE -> use = json.string(names);
        default -> element();
      }
    }
    identified++;
    bounded();
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
    element(Kind.OTHER);
    return new Slice(body, from, json.at());
  }

  /** A label on documents: a CodeableConcept, whose codings label the entry. */
  private void securityLabel() throws Refused {
    labelling = true;
    element(Kind.OTHER);
    labelling = false;
  }

  /** The other elements of a resource; what says when is that of the resource itself alone. */
  private void topElement() throws Refused {
    if (json.depth() != top) {
      element();
    } else if (json.key() == Name.CONTEXT) {
      element(Kind.CONTEXT);
    } else if (json.key() == Name.STATUS) {
      facets.status(spelling());
    } else if (json.saysWhen(elementPlace)) {
      dated(elementText());
    } else {
      element();
    }
  }

  private void dated(String element) throws Refused {
    switch (json.next()) {
      case '{' -> facets.dated(object(Kind.PERIOD).dated(element));
      case '[' -> {
        json.openArray();
        while (json.nextItem()) {
          dated(element);
        }
      }
      case '"' -> {
        Optional<String> instant = Optional.of(json.string());
        facets.dated(new Dated(element, instant, instant));
        bounded();
      }
      default -> json.skipScalar();
    }
  }

  /** The element under the key just read, of any shape, at any depth. */
  private void element() throws Refused {
    element(Kind.under(json.key()));
  }

  private void element(Kind kind) throws Refused {
    switch (json.next()) {
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
    Part part = new Part();
    while (json.nextMember()) {
      switch (json.key()) {
        case REFERENCE -> part.literal = url(Url.Kind.REFERENCE);
        case IDENTIFIER -> part.logical = logical();
        case TYPE -> part.type = text();
        case URL -> attachment(kind, part);
        case VALUE_URI, VALUE_URL -> keep(url(Url.Kind.VALUE));
        case CONTENT_TYPE -> contentType();
        case HASH -> facets.hash(text());
        default -> member(kind, part);
      }
    }
    settle(kind, part);
    bounded();
    return part;
  }

  /** A member that means something in objects of one kind alone. */
  private void member(Kind kind, Part part) throws Refused {
    switch (kind) {
      case CODING, LABEL, TAG -> coding(part);
      case EXTENSION -> extension(part);
      case META -> meta();
      case CONTEXT -> context();
      case PERIOD -> period(part);
      case OTHER -> element();
    }
  }

  private void coding(Part coding) throws Refused {
    switch (json.key()) {
      case SYSTEM -> coding.system = spelling();
      case CODE -> coding.code = spelling();
      default -> element();
    }
  }

  private void extension(Part extension) throws Refused {
    if (json.key() == Name.VALUE_CODE) {
      extension.code = spelling();
    } else {
      element();
    }
  }

  /** A nested resource's own labels count wherever it stands, the rest is the resource's alone. */
  private void meta() throws Refused {
    if (json.key() == Name.SECURITY) {
      element(Kind.LABEL);
    } else if (json.depth() > top + 1) {
      element();
    } else {
      own();
    }
  }

  /** What the resource says of itself as a record. */
  private void own() throws Refused {
    switch (json.key()) {
      case VERSION_ID -> facets.version(text());
      case LAST_UPDATED -> facets.lastUpdated(text());
      case SOURCE -> facets.source(text());
      case PROFILE -> profile();
      case TAG -> element(Kind.TAG);
      default -> element();
    }
  }

  /** {@code meta.profile} is an array of canonical URLs. */
  private void profile() throws Refused {
    if (json.next() == '[') {
      json.openArray();
      while (json.nextItem()) {
        facets.profile(spelling());
        bounded();
      }
    } else {
      facets.profile(spelling());
    }
  }

  /** {@code DocumentReference.context.period}: the time that a document tells of. */
  private void context() throws Refused {
    if (json.key() == Name.PERIOD) {
      dated("context.period");
    } else {
      element();
    }
  }

  private void period(Part period) throws Refused {
    switch (json.key()) {
      case START -> period.start = text();
      case END -> period.end = text();
      default -> element();
    }
  }

  /** {@code Reference.identifier} is one object; an array is some other element's own. */
  private @Nullable Identifier logical() throws Refused {
    if (json.next() == '{') {
      return identifier();
    }
    element();
    return null;
  }

  /** The {@code url} of an Extension names its kind; every other one leads somewhere. */
  private void attachment(Kind kind, Part part) throws Refused {
    if (kind == Kind.EXTENSION) {
      part.warning = isWarning();
    } else {
      keep(url(Url.Kind.ATTACHMENT));
    }
  }

  /** Whether the URL that comes names an extension that says what a List lacks. */
  private boolean isWarning() throws Refused {
    if (json.next() != '"') {
      element();
      return false;
    }
    json.passString();
    return json.endsWith(WARNING) || json.endsWith(VERSIONED_WARNING);
  }

  private void contentType() throws Refused {
    facets.contentType(spelling());
  }

  /** What the object turned out to be, at its end. */
  private void settle(Kind kind, Part part) {
    if (part.isReference()) {
      references.add(part.reference(elementText()));
    }
    String code = part.code;
    if (code == null) {
      return;
    }
    if (kind == Kind.EXTENSION && part.warning) {
      facets.warning(code);
    } else if (kind == Kind.LABEL) {
      facets.label(coding(part.system, code));
    } else if (kind == Kind.TAG) {
      facets.tag(coding(part.system, code));
    } else if (kind == Kind.CODING) {
      coded(coding(part.system, code));
    }
  }

  private static Coding coding(@Nullable String system, String code) {
    return new Coding(system == null ? "" : system, code);
  }

  private void coded(Coding code) {
    facets.code(new Coded(elementText(), code));
    if (labelling) {
      facets.label(code);
    }
  }

  private @Nullable Url url(Url.Kind kind) throws Refused {
    String text = text();
    return text == null ? null : new Url(text, json.stringSpan(), kind);
  }

  private void keep(@Nullable Url url) {
    if (url != null) {
      urls.add(url);
    }
  }

  /** The text of a string; another value under such a name is an element like any other. */
  private @Nullable String text() throws Refused {
    if (json.next() == '"') {
      return json.string();
    }
    element();
    return null;
  }

  /** The same of a text that bodies repeat. */
  private @Nullable String spelling() throws Refused {
    if (json.next() == '"') {
      json.passString();
      return json.text(spellings).orElseThrow();
    }
    element();
    return null;
  }

  /** The key of the resource's top element that is being read. */
  private String elementText() {
    if (elementText == null) {
      elementText = json.keyText(elementPlace, names);
    }
    return elementText;
  }
}
