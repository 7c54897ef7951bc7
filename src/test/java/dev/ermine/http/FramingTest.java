package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramingTest {

  @Test
  void takesAPlainRequest() {
    assertThat(fault("GET", "/fhir?_type=Patient")).isEmpty();
    assertThat(fault("POST", "/fhir/_search", "content-length", "3")).isEmpty();
    assertThat(fault("POST", "/fhir/_search", "transfer-encoding", "chunked")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"xchunked", "chunked, chunked", "gzip, chunked", "identity", "Chunked ", "", " "})
  void takesNoTransferEncodingButChunked(String encoding) {
    assertThat(fault("POST", "/fhir/_search", "transfer-encoding", encoding))
        .contains(Fault.HTTP_MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+3", "3,3", "-1", "0x3", "03", " 3", "", "99999999999999999999"})
  void takesNoContentLengthButANumber(String length) {
    assertThat(fault("POST", "/fhir/_search", "content-length", length))
        .contains(Fault.HTTP_MALFORMED);
  }

  @Test
  void takesNoTwoFramings() {
    assertThat(fault("POST", "/fhir", "content-length", "3", "transfer-encoding", "chunked"))
        .contains(Fault.HTTP_MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/fhir?access_token=a.b.c", "/fhir/Flag?_id=1&access_token=x"})
  @DisplayName("A21: a token in the query string is 400")
  void takesNoTokenInTheAddress(String target) {
    assertThat(fault("GET", target)).contains(Fault.TOKEN_IN_URL);
  }

  @ParameterizedTest
  @DisplayName("A21: two Authorization headers are 400")
  @ValueSource(strings = {"host", "content-length", "transfer-encoding", "authorization"})
  void takesNoHeaderTwiceThatSaysWhatARequestIs(String name) {
    String value = name.equals("content-length") ? "0" : "chunked";
    assertThat(fault("POST", "/fhir", name, value, name, value)).contains(Fault.HTTP_MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://elsewhere.example/fhir",
        "elsewhere.example:443",
        "*",
        "fhir",
        "/a b",
        "/a#b",
        "/é"
      })
  void takesNoTargetButAPath(String target) {
    assertThat(fault("GET", target)).contains(Fault.HTTP_MALFORMED);
  }

  @Test
  void takesNoBodyWithGet() {
    assertThat(fault("GET", "/fhir", "content-length", "1")).contains(Fault.HTTP_MALFORMED);
    assertThat(fault("GET", "/fhir", "content-length", "0")).isEmpty();
    assertThat(fault("GET", "/fhir", "transfer-encoding", "chunked"))
        .contains(Fault.HTTP_MALFORMED);
  }

  @Test
  void takesNoControlCharactersInHeaders() {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("host", "x").add("x-a", "b\u0001");
    assertThat(Framing.faultOf(HttpVersion.HTTP_1_1, "GET", "/fhir", headers))
        .contains(Fault.HTTP_MALFORMED);
  }

  @Test
  void takesNoRequestWithoutHostOrOfAnotherVersion() {
    MultiMap none = MultiMap.caseInsensitiveMultiMap();
    assertThat(Framing.faultOf(HttpVersion.HTTP_1_1, "GET", "/fhir", none))
        .contains(Fault.HTTP_MALFORMED);
    assertThat(Framing.faultOf(HttpVersion.HTTP_1_0, "GET", "/fhir", none.add("host", "x")))
        .contains(Fault.HTTP_MALFORMED);
  }

  @Test
  void takesSixtyFourHeadersAtMost() {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("host", "x");
    for (int i = 1; i < 64; i++) {
      headers.add("x-" + i, "1");
    }
    assertThat(Framing.faultOf(HttpVersion.HTTP_1_1, "GET", "/fhir", headers)).isEmpty();
    assertThat(Framing.faultOf(HttpVersion.HTTP_1_1, "GET", "/fhir", headers.add("x-1", "1")))
        .contains(Fault.HEADERS_TOO_LARGE);
  }

  private static Optional<Fault> fault(String method, String target, String... headers) {
    MultiMap all = MultiMap.caseInsensitiveMultiMap().add("host", "gateway.example");
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], headers[i + 1]);
    }
    return Framing.faultOf(HttpVersion.HTTP_1_1, method, target, all);
  }
}
