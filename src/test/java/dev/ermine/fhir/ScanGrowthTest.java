package dev.ermine.fhir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What costs the scanner the most for its size: eight times as much of it costs about eight times
 * as much, where 64 times would be its square. It is the thread's own time, the least of some.
 */
class ScanGrowthTest {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int TIMES = 8;
  private static final int BOUND = 24;

  /** What a peer may make up, of about so many bytes. */
  enum Nasty {
    KEYS_ALIKE_BUT_IN_THE_MIDDLE(
        size -> object(size / 30, i -> "'aaaaaaaa%08dbbbbbbbb':0".formatted(i))),
    LONG_KEYS_OF_FEW(
        size ->
            array(
                size / 3_500,
                i -> object(14, k -> "'" + "k".repeat(100) + k + "k".repeat(140) + "':0"))),
    OBJECTS_WITH_A_KEY_TOO_MANY(
        size -> array(size / 120, i -> object(17, k -> "'k%d':0".formatted(k)))),
    MANY_WITHIN_MANY(size -> within(size / 60, "0")),
    ESCAPED_KEYS(size -> object(size / 20, i -> "'\\u006b%d':0".formatted(i))),
    NESTING(size -> array(size / 120, i -> "[".repeat(55) + "]".repeat(55))),
    OBJECTS_IN_OBJECTS(size -> array(size / 350, i -> "{'a':".repeat(55) + "0" + "}".repeat(55))),
    TEXTS_ALIKE_BUT_IN_THE_MIDDLE(
        size ->
            array(Math.min(size / 50, 9_000), i -> "{'url':'aaaaaaaa%08dbbbbbbbb'}".formatted(i))),
    CODES_OF_ONE_HASH(
        size ->
            "0,'code':{'coding':"
                + array(Math.min(size / 40, 9_000), i -> "{'code':'" + ofOneHash(i) + "'}")
                + "}"),
    ESCAPES(size -> "'" + "\\ud83d\\ude00\\n".repeat(size / 14) + "'"),
    REFERENCES_IN_ESCAPES(
        size -> array(size / 200, i -> "{'reference':'" + "\\u0041".repeat(28) + "'}")),
    LONG_NUMBERS(size -> array(size / 65, i -> "-" + "9".repeat(63))),
    WHITE_SPACE(size -> " \n".repeat(size / 2) + "0"),
    CHARACTERS_OF_MANY_BYTES(size -> "'" + "😀é".repeat(size / 6) + "'");

    private final IntFunction<String> value;

    Nasty(IntFunction<String> value) {
      this.value = value;
    }

    /** Its type comes last, so that all of it is passed over twice. */
    byte[] body(int size) {
      String text = "{'value':" + value.apply(size) + ",'resourceType':'Basic'}";
      return text.replace('\'', '"').getBytes(UTF_8);
    }

    private static String object(int members, IntFunction<String> member) {
      return "{" + list(members, member) + "}";
    }

    private static String array(int items, IntFunction<String> item) {
      return "[" + list(items, item) + "]";
    }

    private static String list(int count, IntFunction<String> each) {
      return IntStream.range(0, count).mapToObj(each).collect(Collectors.joining(","));
    }

    /** Objects in one another, each with more keys than few before and after the next. */
    private static String within(int keys, String innermost) {
      String value = innermost;
      int each = Math.max(20, keys / 40);
      for (int depth = 0; depth < 40; depth++) {
        String inner = value;
        value = "{" + list(each, k -> "'some-key-%d':0".formatted(k)) + ",'next':" + inner + "}";
      }
      return value;
    }

    /**
     * Of the words of two letters {@code Aa} and {@code BB}, which {@code hashCode} takes for one.
     */
    private static String ofOneHash(int number) {
      return IntStream.range(0, 14)
          .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
          .collect(Collectors.joining());
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(60)
  void costsNoMoreForItsSizeWhenThereIsMoreOfIt(Nasty nasty) {
    byte[] less = nasty.body(40_000);
    byte[] more = nasty.body(40_000 * TIMES);
    cost(more, 5);
    long one = cost(less, 9);
    long many = cost(more, 3);
    // Less than a tenth of a millisecond is too little to tell.
    assertThat(many).isLessThan(Math.max(one, 100_000) * BOUND);
  }

  /** The least of some times, in nanoseconds. */
  private static long cost(byte[] body, int rounds) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < rounds; i++) {
      long before = THREADS.getCurrentThreadCpuTime();
      PeerBody read = BodyScanner.scan(body, body.length);
      least = Math.min(least, THREADS.getCurrentThreadCpuTime() - before);
      assertThat(read).isInstanceOf(PeerBody.Resource.class);
    }
    return least;
  }
}
