package dev.ermine.fhir;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The texts that one body repeats: its code systems, codes and profiles. Of those that fall
 * together the one met last is kept, so neither room nor time grows with the body.
 */
final class Spellings {

  private static final int BITS = 7;

  /** What is longer is hardly said twice. */
  private static final int LONGEST = 256;

  private static final long FACTOR = 0x9e37_79b9_7f4a_7c15L;

  private final byte[] body;
  private final int[] froms = new int[1 << BITS];
  private final int[] tos = new int[1 << BITS];

  @SuppressWarnings({"unchecked", "rawtypes"})
  private final @Nullable Optional<String>[] texts = new Optional[1 << BITS];

  /** How many bytes have been decoded, shared texts once. */
  long decoded;

  Spellings(byte[] body) {
    this.body = body;
  }

  /** The text that stands, well formed and without escapes, in {@code body[from..to)}. */
  Optional<String> text(int from, int to) {
    if (to - from > LONGEST) {
      return decoded(from, to);
    }
    int place = place(from, to);
    Optional<String> known = texts[place];
    if (known != null && Arrays.equals(body, froms[place], tos[place], body, from, to)) {
      return known;
    }
    Optional<String> text = decoded(from, to);
    froms[place] = from;
    tos[place] = to;
    texts[place] = text;
    return text;
  }

  private Optional<String> decoded(int from, int to) {
    decoded += to - from;
    return Optional.of(new String(body, from, to - from, StandardCharsets.UTF_8));
  }

  /** Those of a body that are told apart by their beginnings, middles and ends are. */
  private int place(int from, int to) {
    long middle = Words.head(body, (from + to) >>> 1, to);
    long word = Words.head(body, from, to) + 3 * Words.tail(body, from, to) + 7 * middle;
    return (int) ((word ^ (to - from)) * FACTOR >>> (64 - BITS));
  }
}
