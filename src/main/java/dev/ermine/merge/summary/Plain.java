package dev.ermine.merge.summary;

/** Text as a narrative may have it: on one line, of a bounded length, of what can be seen alone. */
final class Plain {

  private static final int CELL = 300;
  private static final int LINE = 4_000;

  private Plain() {}

  /** Text of a table's cell. */
  static String cell(String text) {
    return clean(text, CELL);
  }

  /** A sentence of ours, with a peer's words in it perhaps. */
  static String line(String text) {
    return clean(text, LINE);
  }

  private static String clean(String text, int longest) {
    StringBuilder clean = new StringBuilder();
    int at = 0;
    while (at < text.length() && clean.length() < longest) {
      int c = text.codePointAt(at);
      clean.appendCodePoint(isSeen(c) ? c : ' ');
      at += Character.charCount(c);
    }
    return at < text.length() ? clean.append('…').toString() : clean.toString().strip();
  }

  /** Neither what XML cannot hold, nor what turns the direction of what follows it. */
  private static boolean isSeen(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
