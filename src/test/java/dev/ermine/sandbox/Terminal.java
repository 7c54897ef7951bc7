package dev.ermine.sandbox;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A terminal of 100 columns, in colour if it is one. */
final class Terminal {

  static final int WIDTH = 100;

  /** A colour, as ECMA-48 selects it. */
  enum Ink {
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    CYAN("36");

    private final String code;

    Ink(String code) {
      this.code = code;
    }
  }

  private final PrintStream out =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
  private final boolean colours =
      Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
          && System.getenv("NO_COLOR") == null;

  /** Prints a line. */
  void line(String text) {
    out.println(text.stripTrailing());
  }

  /** Prints an empty line. */
  void gap() {
    out.println();
  }

  /** Prints a heading with a rule to the margin. */
  void heading(String text) {
    gap();
    line(ink(Ink.BOLD, text) + " " + ink(Ink.DIM, "─".repeat(WIDTH - text.length() - 1)));
  }

  /** Prints a paragraph, each line indented and within the margin. */
  void paragraph(int indent, Ink ink, String text) {
    for (String line : wrapped(text, WIDTH - indent)) {
      line(" ".repeat(indent) + ink(ink, line));
    }
  }

  /** {@code text} in a colour, if there are colours. */
  String ink(Ink ink, String text) {
    return colours ? "\u001b[" + ink.code + "m" + text + "\u001b[0m" : text;
  }

  /** {@code text} in exactly {@code width} columns. */
  static String cell(String text, int width) {
    int length = text.codePointCount(0, text.length());
    if (length > width) {
      return text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
    }
    return text + " ".repeat(width - length);
  }

  static List<String> wrapped(String text, int width) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (String word : text.strip().split("\\s+", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
