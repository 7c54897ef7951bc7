package dev.ermine.fhir;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A writer of JSON in every style that the grammar allows: white space, order of keys, escapes and
 * number forms vary by chance. A value is a Map, a List, a String, a Boolean, an Integer, a {@link
 * Literal}, or bytes that are written as they are.
 */
final class GeneratedJson {

  /** A number or literal as it is to be written. */
  record Literal(String form) {}

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "0.10",
          "1.50e+10",
          "-12.3400",
          "1E-5",
          "5e0",
          "1e999999999",
          "37.0",
          "9007199254740993",
          "0.00000000000000000000000000000000000000000000000000000000000001");

  private static final List<String> PIECES =
      List.of(
          "a",
          "Ada",
          " ",
          "é",
          "ß",
          "Ω",
          "漢字",
          "😀",
          "👩‍⚕️",
          "\u2028",
          "\uffff",
          "\ufeff",
          "\"",
          "\\",
          "/",
          "\n",
          "\t",
          "\r",
          "\b",
          "\f",
          "\u0001",
          "\u007f",
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          "\\u0041",
          "reference",
          "μg",
          "1.0");

  private final Random random;
  private final double twists;
  private final double space;
  private final double escapes;

  /**
   * @param twists how often a value is not what it should be, or a key stands twice
   */
  GeneratedJson(Random random, double twists) {
    this.random = random;
    this.twists = twists;
    this.space = random.nextInt(3) == 0 ? 0 : random.nextDouble();
    this.escapes = random.nextInt(3) == 0 ? 0.3 : 0.02;
  }

  Literal number() {
    return new Literal(NUMBERS.get(random.nextInt(NUMBERS.size())));
  }

  String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  /** A whole body, with white space around it. */
  byte[] document(Object value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    space(out);
    write(value, out);
    space(out);
    return out.toByteArray();
  }

  /** One value, with none around it. */
  byte[] value(Object value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(value, out);
    return out.toByteArray();
  }

  private void write(Object value, ByteArrayOutputStream out) {
    switch (twisted(value)) {
      case Map<?, ?> object -> object(object, out);
      case List<?> list -> array(list, out);
      case String text -> string(text, out);
      case Literal literal -> plain(literal.form(), out);
      case byte[] bytes -> out.writeBytes(bytes);
      case Object other -> plain(other.toString(), out);
    }
  }

  private Object twisted(Object value) {
    if (random.nextDouble() >= twists) {
      return value;
    }
    return switch (random.nextInt(7)) {
      case 0 -> new Literal("null");
      case 1 -> List.of(value);
      case 2 -> Map.of();
      case 3 -> Map.of(text(), value);
      case 4 -> new Literal("01");
      case 5 -> text();
      default -> number();
    };
  }

  private void object(Map<?, ?> object, ByteArrayOutputStream out) {
    List<Map.Entry<?, ?>> members = new ArrayList<>(object.entrySet());
    if (random.nextBoolean()) {
      Collections.shuffle(members, random);
    }
    if (!members.isEmpty() && random.nextDouble() < twists) {
      members.add(members.getFirst());
    }
    plain("{", out);
    for (int i = 0; i < members.size(); i++) {
      separate(i, out);
      string((String) members.get(i).getKey(), out);
      space(out);
      plain(":", out);
      space(out);
      write(members.get(i).getValue(), out);
    }
    space(out);
    plain("}", out);
  }

  private void array(List<?> items, ByteArrayOutputStream out) {
    plain("[", out);
    for (int i = 0; i < items.size(); i++) {
      separate(i, out);
      write(items.get(i), out);
    }
    space(out);
    plain("]", out);
  }

  private void separate(int index, ByteArrayOutputStream out) {
    if (index > 0) {
      space(out);
      plain(",", out);
    }
    space(out);
  }

  private void space(ByteArrayOutputStream out) {
    while (random.nextDouble() < space * 0.7) {
      out.write(" \t\r\n".charAt(random.nextInt(4)));
    }
  }

  private void string(String text, ByteArrayOutputStream out) {
    plain("\"", out);
    text.codePoints().forEach(c -> character(c, out));
    plain("\"", out);
  }

  private void character(int c, ByteArrayOutputStream out) {
    int brief = "\"\\/\b\f\n\r\t".indexOf(c);
    boolean must = c < ' ' || c == '"' || c == '\\';
    if (!must && random.nextDouble() >= escapes) {
      plain(Character.toString(c), out);
    } else if (brief >= 0 && random.nextBoolean()) {
      plain("\\" + "\"\\/bfnrt".charAt(brief), out);
    } else {
      for (char unit : Character.toChars(c)) {
        plain(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) unit), out);
      }
    }
  }

  private static void plain(String text, ByteArrayOutputStream out) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
