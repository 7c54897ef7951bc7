package dev.ermine.fhir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The texts that one body repeats: its code systems, codes and profiles. Of those that fall
 * together the one met last is kept, so neither room nor time grows with the body.
 */
final class Spellings {

  private static final int BITS = 7;

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

  /**
   * The text that stands, well formed and without escapes, in {@code body[from..to)}.
   *
   * @param ascii whether there is nothing but ASCII in it
   */
  Optional<String> text(int from, int to, boolean ascii) {
    long head = Words.head(body, from, to);
    long tail = Words.tail(body, from, to);
    int place = (int) ((head + 3 * tail + (to - from)) * FACTOR >>> (64 - BITS));
    Optional<String> known = texts[place];
    if (known != null && isSpelt(place, head, tail, from, to)) {
      return known;
    }
    Optional<String> text = decoded(from, to, ascii);
    froms[place] = from;
    tos[place] = to;
    texts[place] = text;
    return text;
  }

  private boolean isSpelt(int place, long head, long tail, int from, int to) {
    int otherFrom = froms[place];
    int otherTo = tos[place];
    return otherTo - otherFrom == to - from
        && Words.head(body, otherFrom, otherTo) == head
        && Words.tail(body, otherFrom, otherTo) == tail
        && (to - from <= Words.TWO || Arrays.equals(body, otherFrom, otherTo, body, from, to));
  }

  private Optional<String> decoded(int from, int to, boolean ascii) {
    decoded += to - from;
    return Optional.of(new String(body, from, to - from, ascii ? ISO_8859_1 : UTF_8));
  }
}
