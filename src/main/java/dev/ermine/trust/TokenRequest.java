package dev.ermine.trust;

import dev.ermine.fhir.Parameter;
import dev.ermine.trust.Trust.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client asks of the token endpoint: by which assertion, and for which scope.
 *
 * @param clientId where it is said beside the assertion
 * @see <a
 *     href="https://hl7.org/fhir/smart-app-launch/STU2.2/backend-services.html#step-3-access-token">SMART
 *     Backend Services: access token</a>
 */
record TokenRequest(String assertion, Scope scope, Optional<String> clientId) {

  private static final String GRANT = "client_credentials";
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  /**
   * Reads a form, of which what is not known is left alone.
   *
   * @param form empty when what came is none
   * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-3.2">RFC 6749, 3.2: token
   *     endpoint</a>
   */
  static TokenRequest read(Optional<List<Parameter>> form) throws Refusal {
    Map<String, String> parameters = once(form);
    Refusal.unless(parameters.containsKey("grant_type"), Reason.REQUEST_FORM);
    Refusal.unless(GRANT.equals(parameters.get("grant_type")), Reason.GRANT_TYPE);
    Refusal.unless(
        ASSERTION_TYPE.equals(parameters.get("client_assertion_type")),
        Reason.CLIENT_AUTHENTICATION);
    String assertion = parameters.get("client_assertion");
    Optional<Scope> scope = Scope.parse(parameters.getOrDefault("scope", ""));
    if (assertion == null) {
      throw new Refusal(Reason.CLIENT_AUTHENTICATION);
    }
    if (scope.isEmpty()) {
      throw new Refusal(Reason.SCOPE);
    }
    return new TokenRequest(
        assertion, scope.get(), Optional.ofNullable(parameters.get("client_id")));
  }

  /** The parameters that have a value; none may come twice. */
  private static Map<String, String> once(Optional<List<Parameter>> form) throws Refusal {
    if (form.isEmpty()) {
      throw new Refusal(Reason.REQUEST_FORM);
    }
    Map<String, String> parameters = new HashMap<>();
    for (Parameter parameter : form.get()) {
      String before = parameters.put(parameter.name(), parameter.value());
      Refusal.unless(before == null, Reason.REQUEST_FORM);
    }
    parameters.values().removeIf(String::isEmpty);
    return parameters;
  }

  /** Never the assertion. */
  @Override
  public String toString() {
    return "TokenRequest";
  }
}
