package dev.ermine.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Gather;
import dev.ermine.merge.document.DocumentLink;
import dev.ermine.testing.Given;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the URLs of documents on their way out, and of nothing beside them. */
class DocumentLinksTest {

  private static final String GATEWAY = "https://gateway.example";
  private static final String DOCUMENTS = GATEWAY + "/regions/london/documents/";
  private static final RegionBase BASE = new RegionBase(Given.region("london"), GATEWAY);
  private static final String RESOURCE =
      """
      {"resourceType":"DocumentReference","id":"d1","text":{"div":"é \\u00e9 https:\\/\\/docs.london.example"},
       "content":[{"attachment":{"url":%s,"title":"\ud83e\ude7a"}}], "note" : "b" }""";

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "https://london.example/fhir/Binary/1 ! https://gateway.example/regions/london/fhir/Binary/1",
        "HTTPS://London.example:443/fhir/Binary/1 ! https://gateway.example/regions/london/fhir/Binary/1",
        "Binary/1 ! Binary/1",
        "urn:uuid:0b5ef20c-0c5a-4a5e-8f6a-3f8f6f1c9f01 ! urn:uuid:0b5ef20c-0c5a-4a5e-8f6a-3f8f6f1c9f01",
        "data:text/plain;base64,QQ== ! data:text/plain;base64,QQ==",
      })
  void leavesABinaryAndWhatIsInsideAsTheyAre(String url, String shown) throws IOException {
    assertThat(leaves(quoted(url))).isEqualTo(RESOURCE.formatted(quoted(shown)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://docs.london.example/store/3.pdf",
        "https://docs.london.example/store?id=3&x=%2F",
        "https://docs.london.example/store/Brief f\u00fcr Zo\u00eb \ud83e\ude7a.pdf",
        "https://london.example/fhir/Binary/1/_history/2",
        "https://london.example/fhir/Binary/1?_format=pdf",
        "https://london.example/fhir/Binary/a_b",
        "https://london.example/fhir/Media/1/$content"
      })
  void givesAnyOtherAnAddressThatLeadsToIt(String url) throws IOException {
    String link = DOCUMENTS + DocumentLink.segment(url).orElseThrow();
    assertThat(leaves(quoted(url))).isEqualTo(RESOURCE.formatted(quoted(link)));
  }

  @Test
  void readsAUrlInWhateverJsonItIsWritten() throws IOException {
    String url = "https://docs.london.example/store/\u00e9\ud83e\ude7a.pdf";
    String link = DOCUMENTS + DocumentLink.segment(url).orElseThrow();
    for (String json :
        List.of(
            quoted(url),
            quoted("https:\\/\\/docs.london.example\\/store\\/\\u00e9\\uD83E\\udE7A.pdf"),
            quoted("\\u0068ttps://docs.london.example/store/\u00e9\ud83e\ude7a.pdf"))) {
      assertThat(leaves(json)).isEqualTo(RESOURCE.formatted(quoted(link)));
    }
  }

  @Test
  void resolvesARelativeOneAgainstItsRegion() throws IOException {
    String link = DOCUMENTS + DocumentLink.segment("https://london.example/fhir/x/1.pdf").get();
    assertThat(leaves(quoted("x/1.pdf"))).isEqualTo(RESOURCE.formatted(quoted(link)));
  }

  /** Resources out are the bytes in, their documents' URLs aside, and each of those leads back. */
  @Test
  void changesNoByteBesideTheUrl() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int run = 0; run < 300; run++) {
      String url = "https://docs.london.example/store/" + name(random);
      String left = leaves(json(url, random));
      String before = RESOURCE.substring(0, RESOURCE.indexOf("%s"));
      String after = RESOURCE.substring(RESOURCE.indexOf("%s") + 2);
      assertThat(left).as("seed %d", seed).startsWith(before + '"').endsWith('"' + after);
      String shown = left.substring(before.length() + 1, left.length() - after.length() - 1);
      if (shown.startsWith(DOCUMENTS)) {
        assertThat(DocumentLink.url(shown.substring(DOCUMENTS.length())))
            .as("seed %d", seed)
            .contains(url);
      } else {
        assertThat(DocumentLink.uri(url)).as("seed %d: %s", seed, url).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/store/3.pdf",
        "https://docs.london.example@evil.example/store/3.pdf",
        "https://a@docs.london.example/store/3.pdf",
        "https://docs.london.example:8443/store/3.pdf",
        "https://docs.london.example.evil.example/store/3.pdf",
        "http://docs.london.example/store/3.pdf",
        "ftp://docs.london.example/store/3.pdf",
        "https://127.0.0.1/store/3.pdf",
        "https://[::1]/store/3.pdf",
        "https://docs.wessex.example/store/3.pdf",
        "https://docs.london.example/storeevil/3.pdf",
        "https://docs.london.example/store/../3.pdf",
        "https://docs.london.example/store/%2e%2E/3.pdf",
        "https://docs.london.example/store/..%2f3.pdf",
        "https://docs.london.example/store/..%5C3.pdf",
        "https://docs.london.example/store/..\\3.pdf",
        "https://docs.london.example/store/3.pdf#page=2",
        "https://london.example/fhirevil/Binary/1",
        "//docs.london.example/store/3.pdf",
        "/store/3.pdf",
        ""
      })
  void asksNowhereElse(String url) {
    assertThat(BASE.document(url)).isEmpty();
  }

  @Test
  void knowsTheSameDocumentInAnySpelling() {
    String place = BASE.place("https://london.example/fhir/Binary/b1");
    assertThat(
            List.of(
                "https://LONDON.example:443/fhir/Binary/b1",
                "https://london.example/fhir/Binary/%62%31",
                "https://london.example/fhir/Binary/b1/_history/3",
                "https://london.example/fhir/Binary/b1?_format=pdf",
                "https://london.example/fhir/Binary/b1#page=2"))
        .allSatisfy(url -> assertThat(BASE.place(url)).as(url).isEqualTo(place));
    assertThat(BASE.place("https://london.example/fhir/Binary/b2")).isNotEqualTo(place);
    assertThat(BASE.place("https://docs.london.example/store?id=1"))
        .isNotEqualTo(BASE.place("https://docs.london.example/store?id=2"));
  }

  private static String leaves(String url) throws IOException {
    Entry entry =
        Given.entries(Given.entry("london", RESOURCE.formatted(url), "DocumentReference/d1"))
            .getFirst();
    Optional<Placed> placed = Placed.place(BASE, entry);
    Gather left = placed.orElseThrow().resource();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    left.writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private static String name(Random random) {
    StringBuilder name = new StringBuilder();
    for (int i = random.nextInt(30); i >= 0; i--) {
      switch (random.nextInt(6)) {
        case 0 -> name.appendCodePoint(random.nextInt(0x1f300, 0x1f600));
        case 1 -> name.appendCodePoint(random.nextInt(0xa0, 0xd7ff));
        case 2 -> name.append("%%%02x".formatted(random.nextInt(0x30, 0x100)));
        case 3 -> name.append("?=&/;+'(".charAt(random.nextInt(8)));
        default -> name.append((char) random.nextInt('0', 'z'));
      }
    }
    return name.toString().replace("\\", "x");
  }

  /** The URL as JSON text, some of it escaped. */
  private static String json(String url, Random random) {
    StringBuilder json = new StringBuilder("\"");
    url.codePoints()
        .forEach(
            c -> {
              if (random.nextInt(4) == 0) {
                for (char half : Character.toChars(c)) {
                  json.append("\\u%04x".formatted((int) half));
                }
              } else {
                json.append(c == '/' && random.nextBoolean() ? "\\/" : Character.toString(c));
              }
            });
    return json.append('"').toString();
  }
}
