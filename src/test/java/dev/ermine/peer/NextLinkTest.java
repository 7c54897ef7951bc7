package dev.ermine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NextLinkTest {

  private static final URI BASE = URI.create("https://peer.example:8443/a/fhir");
  private static final URI FROM = URI.create("https://peer.example:8443/a/fhir/Flag/_search");

  @ParameterizedTest
  @CsvSource({
    "https://peer.example:8443/a/fhir?page=2, https://peer.example:8443/a/fhir?page=2",
    "https://PEER.example:8443/a/fhir/Flag?p=%2F..%2e, https://PEER.example:8443/a/fhir/Flag?p=%2F..%2e",
    "https://peer.example:8443/a/fhir/x/../Flag, https://peer.example:8443/a/fhir/Flag",
    "/a/fhir/Flag?page=2, https://peer.example:8443/a/fhir/Flag?page=2",
    "?page=2, https://peer.example:8443/a/fhir/Flag/_search?page=2",
    "../Flag?page=2, https://peer.example:8443/a/fhir/Flag?page=2",
    "//peer.example:8443/a/fhir/Flag, https://peer.example:8443/a/fhir/Flag"
  })
  void followsBelowTheBase(String next, String target) {
    assertThat(NextLink.resolve(BASE, FROM, next)).contains(URI.create(target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "https://evil.example:8443/a/fhir?page=2",
        "https://peer.example/a/fhir?page=2",
        "https://peer.example:8444/a/fhir?page=2",
        "http://peer.example:8443/a/fhir?page=2",
        "https://peer.example:8443@evil.example/a/fhir",
        "https://user@peer.example:8443/a/fhir",
        "https://peer.example:8443/a/fhir#here",
        "https://peer.example.evil.example:8443/a/fhir",
        "//evil.example/a/fhir",
        "https://169.254.169.254/a/fhir",
        "https://peer.example:8443/a/fhirx/Flag",
        "https://peer.example:8443/a",
        "https://peer.example:8443/",
        "https://peer.example:8443/a/fhir/../admin",
        "https://peer.example:8443/a/fhir/../../../a/fhir/../x",
        "https://peer.example:8443/../a/fhir",
        "https://peer.example:8443/a/fhir/%2e%2e/admin",
        "https://peer.example:8443/a/fhir/.%2E/admin",
        "https://peer.example:8443/a/fhir/..%2fadmin",
        "https://peer.example:8443/a/fhir/%5c..%5cadmin",
        "https://peer.example:8443/a/fhir/%252e%252e/admin",
        "https://peer.example:8443/a/fhir/..\\admin",
        "https://peer.example:8443/a/fhir/Flag?a=b\r\nX: y",
        "../../../../admin",
        "file:///a/fhir",
        "javascript:alert(1)",
        "urn:uuid:8c1c0f9c-2f0e-4a3e-9a39-0c2f6f2d7d11",
        "https:peer.example:8443/a/fhir",
        "https://[::1/a/fhir"
      })
  void followsNowhereElse(String next) {
    assertThat(NextLink.resolve(BASE, FROM, next)).isEmpty();
  }

  @Test
  void followsNoLinkWithoutEnd() {
    assertThat(NextLink.resolve(BASE, FROM, "?page=" + "9".repeat(5_000))).isEmpty();
  }
}
