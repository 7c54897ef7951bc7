package dev.ermine.fhir;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The texts that one body repeats: its code systems, codes and profiles. Of each few that fall
 * together the one met last is kept, so neither room nor time grows with the body.
 */
final class Spellings {

  private static final int COUNT = 256;

  private final int[] froms = new int[COUNT];
  private final int[] tos = new int[COUNT];
  private final @Nullable String[] texts = new @Nullable String[COUNT];

  /** How many bytes have been decoded, shared texts once. */
  long decoded;

  /**
   * The text that stands, without escapes, in {@code body[from..to)}; the body is ever the same.
   */
  String text(byte[] body, int from, int to) {
    int place = OpenKeys.hash(body, from, to) & (COUNT - 1);
    String known = texts[place];
    if (known != null && Arrays.equals(body, froms[place], tos[place], body, from, to)) {
      return known;
    }
    decoded += to - from;
    String text = new String(body, from, to - from, StandardCharsets.UTF_8);
    froms[place] = from;
    tos[place] = to;
    texts[place] = text;
    return text;
  }
}
