package dev.ermine.merge.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentLinkTest {

  @Test
  void leadsBackToTheUrlThatItWasMadeOf() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int run = 0; run < 500; run++) {
      String url = text(random);
      String segment = DocumentLink.segment(url).orElseThrow();
      assertThat(segment).as("seed %d", seed).matches("[A-Za-z0-9_-]+");
      assertThat(DocumentLink.url(segment)).as("seed %d", seed).contains(url);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "YQ==", "YR", "_w", "+/", "not base64", "YQ\n", "7aCA"})
  void isReadFromNothingElse(String segment) {
    assertThat(DocumentLink.url(segment)).isEmpty();
  }

  @Test
  void isMadeOfNothingTooLongOrHalf() {
    assertThat(DocumentLink.segment("a".repeat(2_000))).isPresent();
    assertThat(DocumentLink.segment("a".repeat(2_001))).isEmpty();
    assertThat(DocumentLink.segment("\ud83e")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "https://a.example/x?y=1&z=%2F ! https://a.example/x?y=1&z=%2F",
        "https://a.example/für Zoë.pdf ! https://a.example/f%C3%BCr%20Zo%C3%AB.pdf",
        "https://a.example/\ud83e\ude7a ! https://a.example/%F0%9F%A9%BA",
        "https://a.example/{a}|<b> ! https://a.example/%7Ba%7D%7C%3Cb%3E",
      })
  void isAskedForInAscii(String url, String uri) {
    assertThat(DocumentLink.uri(url)).contains(URI.create(uri));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://a.example/a\\b",
        "https://a.example/%zz",
        "https://a.example/%2",
        "https://a.example/a\r\nb",
        "https://a.example/a\u0000",
        "https://a.example/\ud83e"
      })
  void isNotAskedForWhereItCouldBeReadInTwoWays(String url) {
    assertThat(DocumentLink.uri(url)).isEmpty();
  }

  @Test
  void isNormalInWhateverSpelling() {
    assertThat(DocumentLink.normal("https://a.example/%41/ü%c3%bc%2f"))
        .isEqualTo("https://a.example/A/%C3%BC%C3%BC%2F");
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder("https://a.example/");
    for (int i = random.nextInt(60); i >= 0; i--) {
      int c = random.nextInt(4) == 0 ? random.nextInt(0x10000, 0x1f000) : random.nextInt(0xd800);
      text.appendCodePoint(c);
    }
    return text.toString();
  }
}
