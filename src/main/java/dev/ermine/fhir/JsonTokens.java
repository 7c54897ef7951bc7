package dev.ermine.fhir;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A place among the tokens of strict JSON. It goes forward only, makes no object of what it passes
 * over, and refuses whatever two parsers could read in two ways: unpaired surrogates, UTF-8 that is
 * none, numbers that are no JSON.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259: JSON</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3629">RFC 3629: UTF-8</a>
 */
abstract sealed class JsonTokens permits JsonCursor {

  /** How many characters a number may have. */
  static final int NUMBER = 64;

  private static final int REPLACEMENT = 0xfffd;

  /** The body, and where it ends. */
  final byte[] bytes;

  private final int end;

  /** Where it stands. */
  int at;

  // The string passed last, without its quotes.
  int from;
  int to;
  boolean escaped;
  private boolean ascii;

  /** How many bytes have been decoded to texts that others do not share. */
  long decoded;

  /** Whether a string has passed that a wrong encoding had spoilt. */
  boolean garbled;

  JsonTokens(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /** The byte that the next token begins with. */
  byte next() throws Refused {
    if (at < end) {
      byte b = bytes[at];
      if (b > ' ') {
        return b;
      }
    }
    return nextBehindSpace();
  }

  private byte nextBehindSpace() throws Refused {
    passSpace();
    if (at == end) {
      throw refused("the body ends too early");
    }
    return bytes[at];
  }

  /** Where it stands: right behind what was read last, or at what {@link #next} saw. */
  int at() {
    return at;
  }

  /** Reads a string, decoded. */
  String string() throws Refused {
    mustPassString();
    return text();
  }

  /** The same; one spelt as another of this body is the same object. */
  Optional<String> string(Spellings spellings) throws Refused {
    mustPassString();
    return text(spellings);
  }

  private void mustPassString() throws Refused {
    if (next() != '"') {
      throw refused("a string is missing where FHIR has one");
    }
    passString();
  }

  /** The string read last, decoded; one spelt as another of this body is the same object. */
  Optional<String> text(Spellings spellings) {
    return escaped ? Optional.of(text()) : spellings.text(from, to, ascii);
  }

  /** Whether the string read last ends so. */
  boolean endsWith(byte[] ending) {
    if (escaped) {
      return text().endsWith(new String(ending, StandardCharsets.UTF_8));
    }
    int begin = to - ending.length;
    return begin >= from
        && bytes[to - 1] == ending[ending.length - 1]
        && Arrays.equals(bytes, begin, to, ending, 0, ending.length);
  }

  /** The string read last as it stands in the body, quotes included. */
  Slice stringSpan() {
    return new Slice(bytes, from - 1, to + 1);
  }

  /** Passes over a string, a number or a literal. */
  void skipScalar() throws Refused {
    switch (next()) {
      case '"' -> passString();
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> passNumber();
      case 't' -> passLiteral("true");
      case 'f' -> passLiteral("false");
      case 'n' -> passLiteral("null");
      default -> throw refused("a value is missing or is not JSON");
    }
  }

  /** Makes sure that nothing but white space follows. */
  void finish() throws Refused {
    passSpace();
    if (at < end) {
      throw refused("something follows the end of the JSON");
    }
  }

  /** A refusal at this place. */
  Refused refused(String why) {
    return new Refused(why, at);
  }

  private void passSpace() {
    int i = at;
    while (i < end && isSpace(bytes[i])) {
      i++;
      while (i + Words.LENGTH <= end && Words.at(bytes, i) == Words.SPACES) {
        i += Words.LENGTH;
      }
    }
    at = i;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  void passString() throws Refused {
    int i = at + 1;
    from = i;
    escaped = false;
    ascii = true;
    while (i + Words.LENGTH <= end) {
      long word = Words.at(bytes, i);
      long odd = Words.odd(word);
      if (odd != 0) {
        i += Words.before(odd);
        if (Words.first(word, odd) == '"') {
          to = i;
          at = i + 1;
          return;
        }
        break;
      }
      i += Words.LENGTH;
    }
    at = i;
    passRest();
  }

  /** The same from the first character on that is no plain one. */
  private void passRest() throws Refused {
    while (true) {
      passPlain();
      if (at >= end) {
        throw refused("the body ends inside a string");
      }
      byte b = bytes[at];
      if (b == '"') {
        to = at++;
        return;
      }
      passOdd(b);
    }
  }

  /** Passes over characters of ASCII that stand for themselves, eight at a time. */
  private void passPlain() {
    int i = at;
    while (i + Words.LENGTH <= end) {
      long odd = Words.odd(Words.at(bytes, i));
      if (odd != 0) {
        at = i + Words.before(odd);
        return;
      }
      i += Words.LENGTH;
    }
    while (i < end && bytes[i] >= ' ' && bytes[i] != '"' && bytes[i] != '\\') {
      i++;
    }
    at = i;
  }

  private void passOdd(byte b) throws Refused {
    if (b == '\\') {
      escaped = true;
      passEscape();
    } else if (b < 0) {
      ascii = false;
      passUtf8();
    } else {
      throw refused("a control character stands in a string");
    }
  }

  private void passEscape() throws Refused {
    int kind = at + 1 < end ? bytes[at + 1] : -1;
    switch (kind) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at += 2;
      case 'u' -> passUnicode();
      default -> throw refused("an escape is not JSON's");
    }
  }

  private void passUnicode() throws Refused {
    char first = unicode();
    if (Character.isLowSurrogate(first)
        || (Character.isHighSurrogate(first) && !Character.isLowSurrogate(unicode()))) {
      throw refused("a surrogate has no partner");
    }
  }

  /** Passes over the escape that must stand here: its UTF-16 unit. */
  private char unicode() throws Refused {
    boolean whole = at + 6 <= end && bytes[at] == '\\' && bytes[at + 1] == 'u';
    int unit = whole ? unit(at) : -1;
    if (unit < 0) {
      throw refused("an escape is not JSON's");
    }
    at += 6;
    garbled |= unit == REPLACEMENT;
    return (char) unit;
  }

  /** One character beyond ASCII, as RFC 3629 §4 allows it: shortest form, no surrogate. */
  private void passUtf8() throws Refused {
    int lead = bytes[at] & 0xff;
    int more = lead < 0xc2 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : 0;
    if (more == 0 || at + more >= end) {
      throw refused("not UTF-8");
    }
    int second = bytes[at + 1] & 0xff;
    int least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    boolean good = least <= second && second <= most;
    for (int i = 2; i <= more; i++) {
      good &= (bytes[at + i] & 0xc0) == 0x80;
    }
    if (!good) {
      throw refused("not UTF-8");
    }
    garbled |= isReplacement(lead, second) || isTakenForLatin(lead, second);
    at += more + 1;
  }

  /** What a decoder puts in place of bytes that it cannot make out. */
  private boolean isReplacement(int lead, int second) {
    return lead == 0xef && second == 0xbf && (bytes[at + 2] & 0xff) == 0xbd;
  }

  /** The two characters that the first two bytes of one make when UTF-8 is read as Latin-1. */
  private boolean isTakenForLatin(int lead, int second) {
    return lead == 0xc3
        && (second == 0x82 || second == 0x83)
        && at + 2 < end
        && (bytes[at + 2] & 0xff) == 0xc2;
  }

  private void passNumber() throws Refused {
    int start = at;
    if (bytes[at] == '-') {
      at++;
    }
    if (at < end && bytes[at] == '0') {
      at++;
    } else {
      passDigits();
    }
    if (at < end && bytes[at] == '.') {
      at++;
      passDigits();
    }
    if (at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
      at++;
      if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
        at++;
      }
      passDigits();
    }
    if (at - start > NUMBER) {
      throw refused("a number is longer than " + NUMBER + " characters");
    }
  }

  private void passDigits() throws Refused {
    int start = at;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    if (at == start) {
      throw refused("a number lacks a digit");
    }
  }

  private void passLiteral(String literal) throws Refused {
    for (int i = 0; i < literal.length(); i++, at++) {
      if (at >= end || bytes[at] != literal.charAt(i)) {
        throw refused("a value is missing or is not JSON");
      }
    }
  }

  /** The string passed last, decoded; it is known to be well formed. */
  String text() {
    decoded += to - from;
    if (!escaped) {
      return new String(
          bytes, from, to - from, ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }
    StringBuilder text = new StringBuilder(to - from);
    int plain = from;
    for (int i = from; i < to; ) {
      if (bytes[i] != '\\') {
        i++;
        continue;
      }
      text.append(new String(bytes, plain, i - plain, StandardCharsets.UTF_8));
      plain = i + (bytes[i + 1] == 'u' ? 6 : 2);
      text.append(unescaped(i));
      i = plain;
    }
    return text.append(new String(bytes, plain, to - plain, StandardCharsets.UTF_8)).toString();
  }

  private char unescaped(int escape) {
    return switch (bytes[escape + 1]) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> (char) unit(escape);
      default -> (char) bytes[escape + 1];
    };
  }

  /** The UTF-16 unit of the escape {@code \\uXXXX}, negative when a digit is none. */
  private int unit(int escape) {
    int unit = 0;
    for (int i = escape + 2; i < escape + 6; i++) {
      unit = unit << 4 | Character.digit(bytes[i] & 0xff, 16);
    }
    return unit;
  }
}
