package dev.ermine.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceparentTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final String PLACE = TRACE + "-" + PARENT;

  @ParameterizedTest
  @CsvSource({
    "00, false, false, 00",
    "01, true, false, 01",
    "02, false, true, 02",
    "03, true, true, 03",
    "fc, false, false, 00",
    "fd, true, false, 01"
  })
  void carriesTheFlagsThatAreDefinedAndNoOthers(
      String flags, boolean sampled, boolean random, String carried) {
    Traceparent trace = Traceparent.parse("00-" + PLACE + "-" + flags).orElseThrow();
    assertThat(trace).isEqualTo(new Traceparent(TRACE, PARENT, sampled, random));
    assertThat(trace.header()).isEqualTo("00-" + PLACE + "-" + carried);
  }

  /** W3C Trace Context 4.3: of a higher version, what this one knows. */
  @ParameterizedTest
  @ValueSource(strings = {"cc-%s-01", "cc-%s-01-", "01-%s-01-what-the-future-will-be-like"})
  void readsWhatItKnowsOfAVersionToCome(String form) {
    assertThat(Traceparent.parse(form.formatted(PLACE)).map(Traceparent::header))
        .contains("00-" + PLACE + "-01");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 ",
        " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319cc-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333-01",
        "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
        "٠٠-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01,00-x"
      })
  void leavesABadOneAlone(String header) {
    assertThat(Traceparent.parse(header)).isEmpty();
  }

  /** Ids go to logs and peers, and a clumsy asker might make one of what it has at hand. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-00000000000000000000009000000009-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000009000000009-01"
      })
  void takesNoNumberThatIsFilledUpWithZeros(String header) {
    assertThat(Traceparent.parse(header)).isEmpty();
  }

  @Test
  void cannotBeMadeOfOtherText() {
    assertThatThrownBy(() -> new Traceparent(TRACE, "9000000009", true, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("9000000009");
  }

  @Test
  void goesOnInTheSameTraceFromAnotherPlace() {
    Traceparent trace = Traceparent.parse("00-" + PLACE + "-03").orElseThrow();
    Traceparent next = trace.next();
    assertThat(next.parentId()).isNotEqualTo(PARENT);
    assertThat(next).isEqualTo(new Traceparent(TRACE, next.parentId(), true, true));
  }

  @Test
  void beginsATraceOfItsOwnEachTime() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      Traceparent fresh = Traceparent.fresh();
      ids.add(fresh.traceId());
      ids.add(fresh.parentId());
      assertThat(Traceparent.parse(fresh.header())).contains(fresh);
      assertThat(fresh.header()).endsWith("-02");
    }
    assertThat(ids).hasSize(1_000);
  }

  /**
   * Headers that are nearly right: one character of a good one is another, is gone, or is twice.
   */
  @Test
  void readsTheSameAgainOfWhateverItReads() {
    long seed = 20261121;
    SplittableRandom random = new SplittableRandom(seed);
    int read = 0;
    for (int i = 0; i < 3_000; i++) {
      String header = mutated(Traceparent.fresh().header(), random);
      Optional<Traceparent> trace = Traceparent.parse(header);
      assertRoundTrip(header, trace);
      read += trace.isPresent() ? 1 : 0;
    }
    assertThat(read).as("seed %d", seed).isBetween(300, 2_700);
  }

  @FuzzTest(maxDuration = "60s")
  void readsAnyText(FuzzedDataProvider data) {
    String header = data.consumeRemainingAsString();
    assertRoundTrip(header, Traceparent.parse(header));
  }

  private static void assertRoundTrip(String header, Optional<Traceparent> trace) {
    trace.ifPresent(
        place -> {
          assertThat(Traceparent.parse(place.header())).as(header).contains(place);
          assertThat(header).contains("-" + place.traceId() + "-" + place.parentId() + "-");
        });
  }

  private static String mutated(String header, SplittableRandom random) {
    String alphabet = "0123456789abcdefABCDEFg-_ \u0000\u0661";
    int at = random.nextInt(header.length());
    char other = alphabet.charAt(random.nextInt(alphabet.length()));
    return switch (random.nextInt(3)) {
      case 0 -> header.substring(0, at) + other + header.substring(at + 1);
      case 1 -> header.substring(0, at) + header.substring(at + 1);
      default -> header.substring(0, at) + other + header.substring(at);
    };
  }
}
