package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.fhir.Gather;
import dev.ermine.region.Organisation;
import dev.ermine.region.Regions;
import dev.ermine.testing.FhirJudge;
import dev.ermine.testing.Given;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class DiscoveryTest {

  private static final PublicFacts FACTS =
      new PublicFacts(
          "https://gateway.example",
          () ->
              new Regions(
                  1,
                  "0",
                  new Regions.Gateway(
                      "ermine-east", new Organisation("QM7", "HWE"), Duration.ofSeconds(3)),
                  List.of(Given.region("london")),
                  List.of(),
                  List.of()),
          () -> "{}",
          Given.NOON);

  @Test
  void saysHowAccessTokensAreToBeHad() {
    JsonNode known = SmartConfiguration.of(FACTS);
    assertThat(known.get("token_endpoint").asText())
        .isEqualTo("https://gateway.example/oauth2/token");
    assertThat(texts(known, "grant_types_supported")).containsExactly("client_credentials");
    assertThat(texts(known, "token_endpoint_auth_methods_supported"))
        .containsExactly("private_key_jwt");
    assertThat(texts(known, "token_endpoint_auth_signing_alg_values_supported"))
        .containsExactlyInAnyOrder("ES384", "RS384", "PS256", "ES256");
    assertThat(texts(known, "scopes_supported")).contains("system/*.rs", "system/Patient.rs");
    assertThat(texts(known, "capabilities"))
        .containsExactly("client-confidential-asymmetric", "permission-v1");
    assertThat(texts(known, "code_challenge_methods_supported")).containsExactly("S256");
    assertThat(known.get("jwks_uri").asText())
        .isEqualTo("https://gateway.example/.well-known/jwks.json");
    assertThat(known.get("tls_client_certificate_bound_access_tokens").asBoolean()).isTrue();
    assertThat(known.has("issuer")).isFalse();
    assertThat(known.has("authorization_endpoint")).isFalse();
  }

  @Test
  void namesTheTokenEndpointAmongItsCapabilities() throws IOException {
    String statement = text(CapabilityStatement.of(FACTS));
    assertThat(FhirJudge.errors(statement)).isEmpty();
    JsonNode security = new ObjectMapper().readTree(statement).at("/rest/0/security");
    assertThat(security.get("description").asText())
        .contains(" https://gateway.example/oauth2/token.");
    assertThat(security.get("service").findValuesAsText("code"))
        .containsExactly("Certificates", "SMART-on-FHIR");
  }

  private static List<String> texts(JsonNode known, String name) {
    return StreamSupport.stream(known.get(name).spliterator(), false)
        .map(JsonNode::asText)
        .toList();
  }

  private static String text(Gather gather) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    gather.writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
