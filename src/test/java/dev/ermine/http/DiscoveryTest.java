package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.fhir.Compartment;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.ParsedQuery;
import dev.ermine.fhir.QueryParser;
import dev.ermine.region.Organisation;
import dev.ermine.region.Regions;
import dev.ermine.testing.FhirJudge;
import dev.ermine.testing.Given;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

  @Test
  void saysHowAnswersAreMadeUp() throws IOException {
    String statement = text(CapabilityStatement.of(FACTS));
    JsonNode rest = new ObjectMapper().readTree(statement).at("/rest/0");
    assertThat(rest.get("searchParam").findValuesAsText("name"))
        .containsExactly("_type", "patient", "_sort", "_count", "_include", "_revinclude");
    for (JsonNode resource : rest.get("resource")) {
      String type = resource.get("type").asText();
      if (!Compartment.contains(type)) {
        continue;
      }
      for (JsonNode include : resource.path("searchInclude")) {
        assertThat(parsed(type, "_include", include.asText())).isInstanceOf(FhirQuery.class);
      }
      for (JsonNode include : resource.path("searchRevInclude")) {
        assertThat(parsed(type, "_revinclude", include.asText())).isInstanceOf(FhirQuery.class);
      }
    }
    JsonNode observation = resource(rest, "Observation");
    assertThat(texts(observation, "searchInclude"))
        .contains("Observation:patient", "Observation:focus")
        .doesNotContain("Observation:specimen");
    assertThat(texts(observation, "searchRevInclude"))
        .contains("Observation:has-member", "Condition:evidence-detail")
        .doesNotContain("List:item", "Condition:patient");
    assertThat(resource(rest, "Patient").findValuesAsText("documentation"))
        .contains("By `death-date`, `_lastUpdated`.");
  }

  private static ParsedQuery parsed(String type, String name, String value) {
    String patient = type.equals("Patient") ? "identifier" : "patient.identifier";
    return QueryParser.parse(
        Optional.of(type),
        List.of(
            new Parameter(patient, NhsNumber.SYSTEM + "|" + Given.ADA.value()),
            new Parameter(name, value)),
        List.of(),
        true);
  }

  private static JsonNode resource(JsonNode rest, String type) {
    return StreamSupport.stream(rest.get("resource").spliterator(), false)
        .filter(resource -> resource.get("type").asText().equals(type))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void namesTheSummaryAmongWhatCanBeAskedOfAPatient() throws IOException {
    JsonNode rest = new ObjectMapper().readTree(text(CapabilityStatement.of(FACTS))).at("/rest/0");
    assertThat(rest.findValuesAsText("definition"))
        .containsExactly("http://hl7.org/fhir/uv/ips/OperationDefinition/summary");
    assertThat(rest.at("/resource").findParents("operation"))
        .extracting(resource -> resource.path("type").asText())
        .containsExactly("Patient");
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
