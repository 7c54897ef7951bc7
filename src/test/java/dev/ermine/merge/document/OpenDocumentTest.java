package dev.ermine.merge.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ermine.fhir.Slice;
import dev.ermine.merge.document.OpenDocument.Ending;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OpenDocumentTest {

  private static final int RUNS = 2_000;

  /**
   * The law of ranges: a part is that slice of the whole, and what is no part has no byte there.
   */
  @Test
  void anyRangeIsThatSliceOfTheWhole() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int run = 0; run < RUNS; run++) {
      byte[] whole = new byte[random.nextInt(300)];
      random.nextBytes(whole);
      ByteRange range = range(random);
      OpenDocument part = document(whole).cut(Optional.of(range));
      int from = (int) from(range, whole.length);
      int to = (int) Math.max(from, to(range, whole.length));
      byte[] expected = from >= whole.length ? new byte[0] : Arrays.copyOfRange(whole, from, to);
      switch (part.extent()) {
        case Extent.Part(long first, long end, long of) -> {
          assertThat(List.of(first, end, of))
              .as("seed %d, run %d", seed, run)
              .containsExactly((long) from, (long) to, (long) whole.length);
          assertThat(read(part, 1 + random.nextInt(50)))
              .as("seed %d, run %d", seed, run)
              .isEqualTo(expected);
        }
        case Extent.Beyond(long of) -> {
          assertThat(expected).as("seed %d, run %d", seed, run).isEmpty();
          assertThat(of).isEqualTo(whole.length);
        }
        case Extent.Whole _, Extent.Unannounced _ -> throw new AssertionError("not cut");
      }
    }
  }

  @Test
  void isNotCutWhereItsLengthIsNotKnownOrItIsAPartAlready() {
    for (Extent extent : List.of(new Extent.Unannounced(), new Extent.Part(1, 2, 3))) {
      OpenDocument document =
          new OpenDocument("text/plain", extent, new ByteArrayInputStream(new byte[3]), any -> {});
      assertThat(document.cut(Optional.of(new ByteRange.Last(1)))).isSameAs(document);
    }
  }

  @Test
  void isNoPartWhereItIsShorterThanWasAnnounced() {
    OpenDocument document =
        new OpenDocument(
            "text/plain", new Extent.Whole(10), new ByteArrayInputStream(new byte[5]), any -> {});
    OpenDocument part = document.cut(Optional.of(new ByteRange.From(2, OptionalLong.of(8))));
    assertThatThrownBy(() -> read(part, 4)).isInstanceOf(EOFException.class);
  }

  @Test
  void endsOnceHoweverOftenItIsEndedAndWhicheverPartOfItIs() {
    List<Ending> endings = new ArrayList<>();
    OpenDocument document =
        new OpenDocument(
            "text/plain", new Extent.Whole(3), new ByteArrayInputStream(new byte[3]), endings::add);
    OpenDocument part = document.cut(Optional.of(new ByteRange.Last(1)));
    part.end(Ending.CUT);
    part.end(Ending.WHOLE);
    document.abandon();
    assertThat(endings).containsExactly(Ending.CUT);
  }

  private static OpenDocument document(byte[] whole) {
    return OpenDocument.held("application/pdf", new Slice(whole, 0, whole.length));
  }

  private static byte[] read(OpenDocument document, int atOnce) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] some = new byte[atOnce];
    for (int n = document.read(some); n >= 0; n = document.read(some)) {
      out.write(some, 0, n);
    }
    return out.toByteArray();
  }

  private static ByteRange range(Random random) {
    long first = random.nextInt(350);
    return switch (random.nextInt(3)) {
      case 0 -> new ByteRange.Last(first);
      case 1 -> new ByteRange.From(first, OptionalLong.empty());
      default -> new ByteRange.From(first, OptionalLong.of(first + random.nextInt(350)));
    };
  }

  /** As RFC 9110, 14.1.2 has it in words. */
  private static long from(ByteRange range, long length) {
    return switch (range) {
      case ByteRange.From(long first, _) -> first;
      case ByteRange.Last(long bytes) -> bytes >= length ? 0 : length - bytes;
    };
  }

  private static long to(ByteRange range, long length) {
    return range instanceof ByteRange.From(_, OptionalLong last) && last.isPresent()
        ? Math.min(last.getAsLong() + 1, length)
        : length;
  }
}
