package dev.ermine.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.trust.TokenGrants;
import java.util.TreeSet;

/**
 * What a client has to know to get an access token: SMART's discovery document.
 *
 * <p>There is no {@code issuer}, for no OpenID is here, and no {@code authorization_endpoint}. The
 * capability {@code permission-v2} is not claimed: types can be asked for in its form, but not
 * narrowed by search parameters.
 *
 * @see <a
 *     href="https://hl7.org/fhir/smart-app-launch/STU2.2/conformance.html#using-well-known">SMART:
 *     well-known</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8705#section-3.3">RFC 8705, 3.3: metadata</a>
 */
final class SmartConfiguration {

  private SmartConfiguration() {}

  static ObjectNode of(PublicFacts facts) {
    ObjectNode known = JsonNodeFactory.instance.objectNode();
    known.put("token_endpoint", facts.tokenEndpoint());
    known.putArray("grant_types_supported").add("client_credentials");
    known.putArray("token_endpoint_auth_methods_supported").add("private_key_jwt");
    ArrayNode algorithms = known.putArray("token_endpoint_auth_signing_alg_values_supported");
    TokenGrants.ALGORITHMS.forEach(algorithms::add);
    ArrayNode scopes = known.putArray("scopes_supported").add("system/*.rs");
    new TreeSet<>(facts.types()).forEach(type -> scopes.add("system/" + type + ".rs"));
    known.putArray("capabilities").add("client-confidential-asymmetric").add("permission-v1");
    // SMART demands the method of every server, though no code is ever challenged here.
    known.putArray("code_challenge_methods_supported").add("S256");
    known.put("jwks_uri", facts.base() + Address.JWKS.template());
    known.put("tls_client_certificate_bound_access_tokens", true);
    return known;
  }
}
