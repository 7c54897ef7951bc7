package dev.ermine.fhir;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A place among the objects and arrays of strict JSON, where no key is said twice. An object is
 * read as {@code openObject(); while (nextMember()) {…}}, an array as {@code openArray(); while
 * (nextItem()) {…}}, where each turn reads or skips exactly one value.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7493">RFC 7493: I-JSON</a>
 */
final class JsonCursor extends JsonTokens {

  /** How deep objects and arrays may nest. */
  static final int DEPTH = 64;

  /** How many bytes a key may have, as it stands in the body. */
  static final int KEY = 256;

  /** Keys that stand open at once: more than any record has, and few enough to be held. */
  static final int KEYS = 200_000;

  private final int begin;
  private final OpenKeys keys;

  private int depth;

  /** Whether an object or array was opened, and nothing of it is read yet. */
  private boolean fresh;

  private Name key = Name.OTHER;

  /** Where it stands, decoded. */
  private byte[] home;

  private int keyFrom;
  private int keyTo;

  JsonCursor(byte[] bytes, int from, int to) {
    super(bytes, from, to);
    begin = from;
    home = bytes;
    keys = new OpenKeys(bytes, DEPTH);
  }

  /** Goes back to where it began. */
  void rewind() {
    at = begin;
    depth = 0;
    keys.clear();
  }

  /** Enters the object that comes next. */
  void openObject() throws Refused {
    if (next() != '{') {
      throw refused("an object is missing where FHIR has one");
    }
    open();
    keys.open();
  }

  /** Moves to the value of the object's next member; at its end leaves it and says false. */
  boolean nextMember() throws Refused {
    if (ends('}')) {
      keys.close();
      return false;
    }
    readKey();
    if (next() != ':') {
      throw refused("a key is not followed by a colon");
    }
    at++;
    return true;
  }

  /** The key of the member that {@link #nextMember} moved to. */
  Name key() {
    return key;
  }

  /** The text of that key. */
  String keyText() {
    return key == Name.OTHER ? new String(home, keyFrom, keyTo - keyFrom, UTF_8) : key.text();
  }

  /** The same; one spelt as another of this body is the same object. */
  @SuppressWarnings("ReferenceEquality") // whether it stands in that array, not in one like it
  String keyText(Spellings spellings) {
    return key == Name.OTHER && home == bytes
        ? spellings.text(keyFrom, keyTo, false).orElseThrow()
        : keyText();
  }

  /** Whether that key says when something was: see {@link Dating}. */
  boolean saysWhen() {
    return key == Name.OTHER ? Dating.isSaidBy(home, keyFrom, keyTo) : key.saysWhen();
  }

  /** How many objects and arrays stand open. */
  int depth() {
    return depth;
  }

  /** Enters the array that comes next. */
  void openArray() throws Refused {
    if (next() != '[') {
      throw refused("an array is missing where FHIR has one");
    }
    open();
  }

  /** Moves to the array's next item; at its end leaves it and says false. */
  boolean nextItem() throws Refused {
    return !ends(']');
  }

  /** Passes over any value. */
  void skip() throws Refused {
    switch (next()) {
      case '{' -> {
        openObject();
        while (nextMember()) {
          skip();
        }
      }
      case '[' -> {
        openArray();
        while (nextItem()) {
          skip();
        }
      }
      default -> skipScalar();
    }
  }

  /** Passes over any value of a body that has been read before: that it is JSON is known. */
  void leap() throws Refused {
    int open = 0;
    do {
      switch (next()) {
        case '{', '[' -> {
          open++;
          at++;
        }
        case '}', ']' -> {
          open--;
          at++;
        }
        case ',', ':' -> at++;
        default -> skipScalar();
      }
    } while (open > 0);
  }

  private void open() throws Refused {
    if (++depth > DEPTH) {
      throw refused("nested deeper than " + DEPTH);
    }
    at++;
    fresh = true;
  }

  /** Whether the object or array ends here; if not, the comma before its next part is passed. */
  private boolean ends(char close) throws Refused {
    boolean first = fresh;
    fresh = false;
    byte b = next();
    if (b == close) {
      at++;
      depth--;
      return true;
    }
    if (!first) {
      if (b != ',') {
        throw refused("neither a comma nor an end where one must be");
      }
      at++;
    }
    return false;
  }

  private void readKey() throws Refused {
    if (next() != '"') {
      throw refused("a key is missing");
    }
    passString();
    if (to - from > KEY) {
      throw refused("a key is longer than " + KEY + " bytes");
    }
    if (escaped) {
      byte[] decoded = text().getBytes(UTF_8);
      know(decoded, 0, decoded.length);
    } else {
      know(bytes, from, to);
    }
  }

  private void know(byte[] decoded, int from, int to) throws Refused {
    home = decoded;
    keyFrom = from;
    keyTo = to;
    key = Name.of(home, from, to);
    if (!(key == Name.OTHER ? keys.add(home, from, to) : keys.add(key))) {
      throw refused("a key stands twice in one object");
    }
    if (keys.count() > KEYS) {
      throw refused("more keys than any record has");
    }
  }
}
