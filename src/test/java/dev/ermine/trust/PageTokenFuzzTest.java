package dev.ermine.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ermine.testing.PageRing;
import dev.ermine.trust.PageTokens.Opened.Gone;
import java.time.Instant;

/** Whatever is shown as a page token is answered, never with an exception. */
class PageTokenFuzzTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final PageKeys RING = PageRing.of(PageRing.key("pages-1"));
  private static final PageTokens TOKENS = new PageTokens(() -> RING);

  @FuzzTest(maxDuration = "60s")
  void opensNoTextOfAStranger(FuzzedDataProvider data) {
    assertThat(TOKENS.open(data.consumeRemainingAsString(), NOW)).isEqualTo(new Gone());
  }

  /** Behind the true header, so that the other parts are reached. */
  @FuzzTest(maxDuration = "60s")
  void opensNoPartsOfAStranger(FuzzedDataProvider data) {
    String rest = data.consumeRemainingAsString();
    for (String dots : new String[] {"", ".", "..", "..AAAAAAAAAAAAAAAA."}) {
      String token = RING.first().header() + dots + rest;
      assertThat(TOKENS.open(token, NOW)).isEqualTo(new Gone());
    }
  }

  /** Under the true key, so that all that reads the text is reached. */
  @FuzzTest(maxDuration = "60s")
  void answersAnySealedText(FuzzedDataProvider data) {
    assertThat(TOKENS.open(RING.first().seal(data.consumeRemainingAsBytes()), NOW)).isNotNull();
  }
}
