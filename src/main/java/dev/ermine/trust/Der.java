package dev.ermine.trust;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An element of ASN.1 in DER, with definite length and a tag of one byte.
 *
 * @see <a href="https://www.itu.int/rec/T-REC-X.690">X.690: Distinguished Encoding Rules</a>
 */
@SuppressWarnings("ArrayRecordComponent") // read and written within one method, compared by nobody
record Der(int tag, byte[] content) {

  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int NULL = 0x05;
  static final int OBJECT_ID = 0x06;
  static final int TIME = 0x18;
  static final int SEQUENCE = 0x30;

  /** An element that holds others. */
  static Der of(int tag, Der... elements) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (Der element : elements) {
      content.writeBytes(element.encoded());
    }
    return new Der(tag, content.toByteArray());
  }

  /** The tag of what is tagged {@code [number]} explicitly. */
  static int tagged(int number) {
    return 0xA0 | number;
  }

  /**
   * The one element that these bytes are.
   *
   * @throws IllegalArgumentException if they are none, or more
   */
  static Der read(byte[] encoded) {
    List<Der> elements = readAll(encoded);
    if (elements.size() != 1) {
      throw new IllegalArgumentException("not one element");
    }
    return elements.getFirst();
  }

  /** The elements that it holds. */
  List<Der> elements() {
    return readAll(content);
  }

  /** The element that it holds at {@code index}. */
  Der at(int index) {
    List<Der> elements = elements();
    if (index >= elements.size()) {
      throw new IllegalArgumentException("an element is missing");
    }
    return elements.get(index);
  }

  byte[] encoded() {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    encoded.write(tag);
    if (content.length < 0x80) {
      encoded.write(content.length);
    } else {
      byte[] length = BigInteger.valueOf(content.length).toByteArray();
      int from = length[0] == 0 ? 1 : 0;
      encoded.write(0x80 | (length.length - from));
      encoded.write(length, from, length.length - from);
    }
    encoded.writeBytes(content);
    return encoded.toByteArray();
  }

  private static List<Der> readAll(byte[] bytes) {
    List<Der> elements = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int tag = bytes[at] & 0xFF;
      int first = at + 1 < bytes.length ? bytes[at + 1] & 0xFF : 0xFF;
      int more = first < 0x80 ? 0 : first & 0x7F;
      int begin = at + 2 + more;
      if (first == 0x80 || more > 3 || begin > bytes.length) {
        throw new IllegalArgumentException("no definite length");
      }
      int length = first < 0x80 ? first : number(bytes, at + 2, more);
      if (length > bytes.length - begin) {
        throw new IllegalArgumentException("cut short");
      }
      elements.add(new Der(tag, Arrays.copyOfRange(bytes, begin, begin + length)));
      at = begin + length;
    }
    return elements;
  }

  private static int number(byte[] bytes, int from, int length) {
    int number = 0;
    for (int i = 0; i < length; i++) {
      number = (number << 8) | (bytes[from + i] & 0xFF);
    }
    return number;
  }
}
