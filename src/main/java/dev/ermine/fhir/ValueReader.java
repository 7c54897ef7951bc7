package dev.ermine.fhir;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.ermine.fhir.Value.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place in the JSON of one resource at which FHIR's datatypes can be read. Each reading passes
 * over exactly one value; one of another shape than FHIR's is passed over and gives nothing.
 *
 * @see <a href="https://hl7.org/fhir/R4/datatypes.html">FHIR R4: datatypes</a>
 */
final class ValueReader {

  private static final String UCUM = "http://unitsofmeasure.org";

  private static final Value OTHER = new Value.Other();

  private final JsonCursor json;

  ValueReader(Slice resource) {
    json = new JsonCursor(resource.bytes(), resource.from(), resource.to());
  }

  /** A reading of what comes next; null where that has another shape. */
  @FunctionalInterface
  interface Reading<T> {
    @Nullable T read() throws Refused;
  }

  /** Whether an object comes, and is entered; anything else is passed over. */
  boolean enters() throws Refused {
    if (json.next() == '{') {
      json.openObject();
      return true;
    }
    json.leap();
    return false;
  }

  /** Moves to the value of the object's next member; at its end leaves it and says false. */
  boolean nextMember() throws Refused {
    return json.nextMember();
  }

  /** The key of that member. */
  String key() {
    return json.keyText();
  }

  void skip() throws Refused {
    json.leap();
  }

  /** Whether a string comes. */
  boolean isText() throws Refused {
    return json.next() == '"';
  }

  /** All of an array's items, or the one value that stands in place of an array. */
  <T> List<T> several(Reading<T> reading) throws Refused {
    List<T> items = new ArrayList<>();
    if (json.next() == '[') {
      json.openArray();
      while (json.nextItem()) {
        add(items, reading.read());
      }
    } else {
      add(items, reading.read());
    }
    return items;
  }

  private static <T> void add(List<T> items, @Nullable T item) {
    if (item != null) {
      items.add(item);
    }
  }

  /** The bytes of the value that {@code reading} reads. */
  Slice span(Reading<?> reading) throws Refused {
    json.next();
    int from = json.at();
    reading.read();
    return new Slice(json.bytes, from, json.at());
  }

  /** A string that says something. */
  @Nullable String text() throws Refused {
    if (json.next() != '"') {
      json.leap();
      return null;
    }
    String text = json.string();
    return text.isBlank() ? null : text;
  }

  /** A number as it is written. */
  @Nullable String number() throws Refused {
    byte first = json.next();
    int from = json.at();
    json.leap();
    return first == '-' || (first >= '0' && first <= '9')
        ? new String(json.bytes, from, json.at() - from, US_ASCII)
        : null;
  }

  @Nullable Boolean flag() throws Refused {
    byte first = json.next();
    json.leap();
    return first == 't' ? Boolean.TRUE : first == 'f' ? Boolean.FALSE : null;
  }

  /** The first code of a CodeableConcept, or the code that stands in its place. */
  @Nullable String code() throws Refused {
    if (isText()) {
      return text();
    }
    Term term = term();
    return term == null ? null : term.code().orElse(null);
  }

  /** A CodeableConcept. */
  @Nullable Term term() throws Refused {
    if (!enters()) {
      return null;
    }
    List<Term> codings = List.of();
    String text = null;
    while (nextMember()) {
      switch (key()) {
        case "coding" -> codings = several(this::coding);
        case "text" -> text = text();
        default -> skip();
      }
    }
    List<Coding> codes = new ArrayList<>();
    for (Term coding : codings) {
      codes.addAll(coding.codings());
      text = text == null ? coding.text().orElse(null) : text;
    }
    return codes.isEmpty() && text == null ? null : new Term(codes, Optional.ofNullable(text));
  }

  /** A Coding, as the only one of its concept. */
  private @Nullable Term coding() throws Refused {
    if (!enters()) {
      return null;
    }
    String system = null;
    String code = null;
    String display = null;
    while (nextMember()) {
      switch (key()) {
        case "system" -> system = text();
        case "code" -> code = text();
        case "display" -> display = text();
        default -> skip();
      }
    }
    List<Coding> codings =
        code == null ? List.of() : List.of(new Coding(system == null ? "" : system, code));
    return new Term(codings, Optional.ofNullable(display));
  }

  /** The value under an element's name, such as {@code valueQuantity}, of the kind it ends with. */
  Value value(String kind) throws Refused {
    return switch (kind) {
      case "Quantity", "SimpleQuantity" -> or(quantity());
      case "Range" -> or(range());
      case "Ratio" -> or(ratio());
      case "Integer" -> whole();
      case "CodeableConcept" -> {
        Term term = term();
        yield term == null ? OTHER : new Value.Coded(term);
      }
      case "Boolean" -> {
        Boolean flag = flag();
        yield flag == null ? OTHER : new Value.Flag(flag);
      }
      case "String" -> {
        String text = text();
        yield text == null ? OTHER : new Value.Words(text);
      }
      case "DateTime", "Time" -> {
        String text = text();
        yield text == null ? OTHER : new Value.Moment(text);
      }
      default -> {
        skip();
        yield OTHER;
      }
    };
  }

  private static Value or(@Nullable Value value) {
    return value == null ? OTHER : value;
  }

  private Value whole() throws Refused {
    String number = number();
    return number == null
        ? OTHER
        : new Quantity(Optional.of(number), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private @Nullable Quantity quantity() throws Refused {
    if (!enters()) {
      return null;
    }
    String number = null;
    String comparator = null;
    String system = null;
    String code = null;
    String unit = null;
    while (nextMember()) {
      switch (key()) {
        case "value" -> number = number();
        case "comparator" -> comparator = text();
        case "system" -> system = text();
        case "code" -> code = text();
        case "unit" -> unit = text();
        default -> skip();
      }
    }
    boolean ucum = UCUM.equals(system);
    return new Quantity(
        Optional.ofNullable(number),
        Optional.ofNullable(comparator),
        Optional.ofNullable(ucum ? code : null),
        Optional.ofNullable(unit == null && !ucum ? code : unit));
  }

  private @Nullable Value range() throws Refused {
    if (!enters()) {
      return null;
    }
    Quantity low = null;
    Quantity high = null;
    while (nextMember()) {
      switch (key()) {
        case "low" -> low = quantity();
        case "high" -> high = quantity();
        default -> skip();
      }
    }
    return new Value.Range(Optional.ofNullable(low), Optional.ofNullable(high));
  }

  private @Nullable Value ratio() throws Refused {
    if (!enters()) {
      return null;
    }
    Quantity numerator = null;
    Quantity denominator = null;
    while (nextMember()) {
      switch (key()) {
        case "numerator" -> numerator = quantity();
        case "denominator" -> denominator = quantity();
        default -> skip();
      }
    }
    return new Value.Ratio(Optional.ofNullable(numerator), Optional.ofNullable(denominator));
  }
}
