package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

  @ParameterizedTest
  @CsvSource({
    "/fhir/metadata, METADATA",
    "/fhir/.well-known/smart-configuration, SMART_CONFIGURATION",
    "/.well-known/jwks.json, JWKS",
    "/oauth2/token, TOKEN",
    "/fhir, SYSTEM_SEARCH",
    "/fhir/_search, SYSTEM_SEARCH_FORM",
    "/fhir/Observation, TYPE_SEARCH",
    "/fhir/Observation/_search, TYPE_SEARCH_FORM",
    "/fhir/Patient/$summary, SUMMARY",
    "/fhir/Observation/1, MERGED_READ",
    "/regions/london/fhir/Binary/a.b-1, REGION_READ",
    "/regions/london/documents/aHR0cHM6Ly9hL-_, REGION_DOCUMENT",
    "/regions/london/fhir/Observation, REGION_SEARCH",
    "/regions/london/fhir/Observation/_search, REGION_SEARCH_FORM",
    "/regions/london/fhir, REGION_SYSTEM_SEARCH",
    "/regions/london/fhir/_search, REGION_SYSTEM_SEARCH_FORM",
    "/trust/version, TRUST_VERSION",
    "/trust/explain, TRUST_EXPLAIN",
    "/trust/quality, TRUST_QUALITY",
  })
  void knowsEveryAddress(String path, Address address) {
    assertThat(Address.isPlain(path)).isTrue();
    assertThat(Address.of(path)).contains(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/admin",
        "/q/health",
        "/fhirmetadata",
        "/FHIR/metadata",
        "/fhir/Metadata/x/y",
        "/fhir/Observation/1/_history",
        "/fhir/Observation/$summary",
        "/fhir/Patient/1/$summary",
        "/fhir/$summary",
        "/fhir/Patient/summary$",
        "/regions/London/fhir/Observation/1",
        "/fhir/metadata/x.y/z",
        "/regions/london/metadata",
        "/regions/london/documents",
        "/regions/london/documents/a.b",
        "/regions/london/documents/a/b",
        "/.well-known/jwksxjson"
      })
  void knowsNoOther(String path) {
    assertThat(Address.of(path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/fhir/metadata;a",
        "/fhir/metadata;a=b",
        "/fhir/metadata%3B",
        "//fhir/metadata",
        "/fhir//metadata",
        "/fhir/./metadata",
        "/fhir/x/../metadata",
        "/fhir/metadata/",
        "/fhir%2Fmetadata",
        "/fhir/%2e%2e/fhir",
        "/fhir/metadata%00",
        "/%66hir",
        "/fhir/..",
        "/fhir/.",
        "/..",
        "/fhir\\metadata",
        "/fhir/metadata ",
        "/fhir/métadata",
        ""
      })
  void takesNoPathThatCouldBeReadInAnotherWay(String path) {
    assertThat(Address.isPlain(path)).isFalse();
  }

  @Test
  void hasRoomForADocumentsAddressAndNoMore() {
    String start = "/regions/london/documents/";
    assertThat(Address.isPlain(start + "a".repeat(2_700))).isTrue();
    assertThat(Address.of(start + "a".repeat(2_700))).contains(Address.REGION_DOCUMENT);
    assertThat(Address.isPlain(start + "a".repeat(3_200))).isFalse();
    assertThat(Address.isPlain("/a".repeat(1_600))).isTrue();
    assertThat(Address.of("/fhir/Observation/" + "1".repeat(65))).isEmpty();
  }

  @Test
  void makesPublicWhatMustBeAndNothingElse() {
    assertThat(Stream.of(Address.values()).filter(Address::isPublic))
        .containsExactly(Address.METADATA, Address.SMART_CONFIGURATION, Address.JWKS);
  }

  @Test
  void writesNowhere() {
    assertThat(Stream.of(Address.values()).flatMap(address -> address.method().stream()))
        .containsOnly("GET", "POST");
    assertThat(
            Stream.of(Address.values())
                .filter(address -> address.takesForm() && address != Address.TOKEN)
                .map(Address::template))
        .allMatch(template -> template.endsWith("/_search"));
  }
}
