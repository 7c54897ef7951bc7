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
    if (to < Words.LENGTH) {
      return decoded(from, to, ascii);
    }
    // Of a short one, what stands before it as well: most stand behind the same key again.
    long end = Words.at(body, to - Words.LENGTH);
    int place = (int) (((end + to - from) * FACTOR) >>> (64 - BITS));
    Optional<String> known = texts[place];
    if (known != null && isSpelt(place, end, from, to)) {
      return known;
    }
    Optional<String> text = decoded(from, to, ascii);
    froms[place] = from;
    tos[place] = to;
    texts[place] = text;
    return text;
  }

  private boolean isSpelt(int place, long end, int from, int to) {
    int length = to - from;
    int other = froms[place];
    int otherTo = tos[place];
    return otherTo - other == length
        && Words.at(body, otherTo - Words.LENGTH) == end
        && (length <= Words.LENGTH || Arrays.equals(body, other, otherTo, body, from, to));
  }

  private Optional<String> decoded(int from, int to, boolean ascii) {
    decoded += to - from;
    return Optional.of(new String(body, from, to - from, ascii ? ISO_8859_1 : UTF_8));
  }
}
