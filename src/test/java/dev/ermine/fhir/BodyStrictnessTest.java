package dev.ermine.fhir;

import static dev.ermine.fhir.BodyScannerTest.PATIENT;
import static dev.ermine.fhir.BodyScannerTest.assertUnreadable;
import static dev.ermine.fhir.BodyScannerTest.basic;
import static dev.ermine.fhir.BodyScannerTest.bundle;
import static dev.ermine.fhir.BodyScannerTest.onlyEntry;
import static dev.ermine.fhir.BodyScannerTest.scan;
import static dev.ermine.fhir.BodyScannerTest.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scanner refuses of JSON, and where its limits are. */
class BodyStrictnessTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "false",
        "null",
        "0",
        "-0",
        "0.10",
        "1.50e+10",
        "1E-5",
        "-12.5e0",
        "1e999999999",
        "'\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00Af'",
        "'\\ud83d\\ude00'",
        "'\u007f\uffff\u2028'",
        "''",
        "[]",
        "{}",
        "[ [ ] , { } ]",
        "{'a':1,'b':{'a':1}}",
        "{'':0}",
      })
  void acceptsStrictJson(String value) {
    String body = basic(value.replace('\'', '"'));
    assertThat(scan(body)).isInstanceOf(PeerBody.Resource.class);
    assertThat(JacksonJudge.accepts(body.getBytes(UTF_8))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01",
        "-",
        "-a",
        "+1",
        ".5",
        "1.",
        "1.e5",
        "1e",
        "1e+",
        "0x1",
        "NaN",
        "Infinity",
        "-Infinity",
        "nul",
        "nulls",
        "True",
        "undefined",
        "",
        "'",
        "'\\x'",
        "'\\u12g4'",
        "'\\u12'",
        "'\\",
        "a",
        "'\\ud83d'",
        "'\\ude00'",
        "'\\ud83d\\ud83d'",
        "'\\ud83dx'",
        "'\\ud83d\\n'",
        "'\\ude00\\ud83d'",
        "'\t'",
        "'\n'",
        "'\u0000'",
        "[1,]",
        "[,1]",
        "[,]",
        "[1 2]",
        "[1",
        "{'a':1,}",
        "{,}",
        "{'a'}",
        "{'a':}",
        "{'a' 1}",
        "{a:1}",
        "{1:1}",
        "{'a':1 'b':2}",
        "{'a':1;'b':2}",
        "[1}",
        "{'a':1]",
        "1/**/",
        "1//\n",
        "1#",
        "\u00a01",
        "\f1",
        "\u00001",
      })
  void refusesWhatIsNotStrictJson(String value) {
    assertUnreadable(basic(value.replace('\'', '"')));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "bf",
        "c0 80",
        "c1 bf",
        "c2",
        "c3 28",
        "e0 80 80",
        "e0 9f bf",
        "e2 82",
        "e2 28 a1",
        "ed a0 80",
        "ed bf bf",
        "f0 80 80 80",
        "f0 8f bf bf",
        "f0 9f 98",
        "f0 28 8c bc",
        "f4 90 80 80",
        "f5 80 80 80",
        "f8 88 80 80 80",
        "fe",
        "ff",
      })
  void refusesWhatIsNotUtf8(String hex) {
    String bytes = new String(HexFormat.ofDelimiter(" ").parseHex(hex), ISO_8859_1);
    for (String body : List.of(basic("\"" + bytes + "\""), basic("{\"" + bytes + "\":1}"))) {
      byte[] latin = body.getBytes(ISO_8859_1);
      assertThat(BodyScanner.scan(latin, latin.length)).isInstanceOf(PeerBody.Unreadable.class);
    }
  }

  @Test
  void acceptsTheFirstAndLastCharactersOfEachLengthInUtf8() {
    String edges = "\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff";
    assertThat(scan(basic("\"" + edges + "\""))).isInstanceOf(PeerBody.Resource.class);
  }

  @Test
  void refusesByteOrderMarksAndOtherEncodings() {
    assertUnreadable("\ufeff" + PATIENT);
    byte[] utf16 = PATIENT.getBytes(UTF_16BE);
    assertThat(BodyScanner.scan(utf16, utf16.length)).isInstanceOf(PeerBody.Unreadable.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t", "<html></html>", "Bad Gateway", "\u0000"})
  void refusesWhatIsNoJsonAtAll(String body) {
    assertUnreadable(body);
  }

  @Test
  void refusesKeysSaidTwiceHoweverTheyAreSpelt() {
    assertUnreadable(basic("{\"a\":1,\"a\":1}"));
    assertUnreadable(basic("{\"a\":1,\"b\":{\"a\":2},\"\\u0061\":3}"));
    assertUnreadable(basic("{\"😀\":1,\"\\ud83d\\ude00\":2}"));
    assertUnreadable("{\"resourceType\":\"Patient\",\"resourceType\":\"Patient\"}");
    assertUnreadable(bundle("{\"resource\":" + PATIENT + ",\"resource\":" + PATIENT + "}"));
    assertThat(scan(basic("[{\"a\":1},{\"a\":1}]"))).isInstanceOf(PeerBody.Resource.class);
  }

  @Test
  void refusesEachOfManyKeysSaidTwice() {
    List<String> keys = IntStream.range(0, 100).mapToObj(i -> "\"k" + i + "\":0").toList();
    String all = String.join(",", keys);
    assertThat(scan("{\"resourceType\":\"Basic\"," + all + "}"))
        .isInstanceOf(PeerBody.Resource.class);
    for (String key : keys) {
      assertUnreadable("{" + all + ",\"resourceType\":\"Basic\"," + key + "}");
    }
  }

  @Test
  void refusesNestingBeyondTheLimitAlone() {
    int room = JsonCursor.DEPTH - 1;
    assertThat(scan(basic("[".repeat(room) + "]".repeat(room))))
        .isInstanceOf(PeerBody.Resource.class);
    assertUnreadable(basic("[".repeat(room + 1) + "]".repeat(room + 1)));
    assertUnreadable(basic("{\"a\":".repeat(room + 1) + "1" + "}".repeat(room + 1)));
    assertUnreadable(basic("[".repeat(1_000_000)));
  }

  @Test
  void refusesNumbersAndKeysBeyondTheLimitAlone() {
    assertThat(scan(basic("1".repeat(64)))).isInstanceOf(PeerBody.Resource.class);
    assertUnreadable(basic("1".repeat(65)));
    assertThat(scan(basic("{\"" + "k".repeat(256) + "\":1}")))
        .isInstanceOf(PeerBody.Resource.class);
    assertUnreadable(basic("{\"" + "k".repeat(257) + "\":1}"));
  }

  @Test
  void readsNothingBeyondTheLength() {
    byte[] body = (PATIENT + "}}garbage").getBytes(UTF_8);
    assertThat(BodyScanner.scan(body, PATIENT.length())).isInstanceOf(PeerBody.Resource.class);
    assertThat(BodyScanner.scan(body, PATIENT.length() + 1))
        .isInstanceOf(PeerBody.Unreadable.class);
    assertThatThrownBy(() -> BodyScanner.scan(body, body.length + 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  @Timeout(20)
  void readsAHundredThousandKeysOfOneObjectInLinearTime() {
    StringBuilder keys = new StringBuilder("{");
    for (int i = 0; i < 100_000; i++) {
      keys.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":0");
    }
    assertThat(scan(basic(keys + "}"))).isInstanceOf(PeerBody.Resource.class);
    assertUnreadable(basic(keys + ",\"k50000\":0}"));
  }

  @Test
  void saysWhyWithoutAByteOfTheBody() {
    PeerBody body = scan(basic("{\"9000000009\":1,\"9000000009\":1}"));
    assertThat(body).isInstanceOf(PeerBody.Unreadable.class);
    assertThat(((PeerBody.Unreadable) body).why())
        .startsWith("a key stands twice in one object")
        .doesNotContain("9000000009");
  }

  /** D12: what Jackson does unless told otherwise, and what comes of it here. */
  @Nested
  class JacksonsDefaults {

    private final JsonMapper jackson = new JsonMapper();

    @Test
    void acceptDuplicateKeysThatErmineRefuses() throws IOException {
      String body = "{\"resourceType\":\"Patient\",\"id\":\"first\",\"id\":\"last\"}";
      assertThat(jackson.readTree(body).get("id").asText()).isEqualTo("last");
      assertUnreadable(body);
    }

    @Test
    void acceptTrailingTokensThatErmineRefuses() throws IOException {
      assertThat(jackson.readTree(PATIENT + PATIENT).get("id").asText()).isEqualTo("p1");
      assertUnreadable(PATIENT + PATIENT);
      assertUnreadable(PATIENT + " ]");
      assertUnreadable(PATIENT + "\u0000");
    }

    @Test
    void loseNumbersThatErmineKeepsAsTheyCame() throws IOException {
      String resource = basic("[1e999999999,1.50]");
      assertThat(jackson.readTree(resource).get("value").get(0).doubleValue()).isInfinite();
      assertThat(text(onlyEntry(resource).resource())).isEqualTo(resource);
    }
  }
}
