package dev.ermine.trust;

import static dev.ermine.trust.World.HWE_CERTIFICATE;
import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.OWN_KEY;
import static dev.ermine.trust.World.accessToken;
import static dev.ermine.trust.World.assertion;
import static dev.ermine.trust.World.form;
import static dev.ermine.trust.World.hwe;
import static dev.ermine.trust.World.request;
import static dev.ermine.trust.World.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.JWSAlgorithm;
import dev.ermine.testing.TestTokens;
import dev.ermine.trust.Trust.Untrusted;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whatever is shown is answered, never with an exception. */
class TokenFuzzTest {

  private static final List<String> CLAIMS =
      List.of(
          "iss",
          "sub",
          "aud",
          "iat",
          "exp",
          "nbf",
          "jti",
          "cnf",
          "hops",
          "purpose_of_use",
          "reason_for_request",
          "subject_role",
          "legitimate_relationship",
          "patient",
          "requesting_organization",
          "requesting_practitioner",
          "extensions",
          "client_id",
          "client_key",
          "scope");

  private static final TrustBasis BASIS = World.basis(World::regions, () -> World.NOW);
  private static final TrustVerifier VERIFIER = new TrustVerifier(BASIS);
  private static final TokenGrants GRANTS = new TokenGrants(BASIS);

  @FuzzTest(maxDuration = "60s")
  void answersAnyTokenText(FuzzedDataProvider data) {
    assertThat(VERIFIER.verify(hwe(data.consumeRemainingAsString()))).isInstanceOf(Untrusted.class);
  }

  @FuzzTest(maxDuration = "60s")
  void answersAnyHeader(FuzzedDataProvider data) {
    String payload = token().payloadJson();
    assertThat(VERIFIER.verify(hwe(signed(data.consumeRemainingAsString(), payload)))).isNotNull();
  }

  /** The signature is true, so that all that reads claims is reached. */
  @FuzzTest(maxDuration = "60s")
  void answersAnyPayload(FuzzedDataProvider data) {
    String header = token().headerJson(HWE_KEY, JWSAlgorithm.ES256);
    assertThat(VERIFIER.verify(hwe(signed(header, data.consumeRemainingAsString())))).isNotNull();
  }

  /** A good token but for one claim, each in turn. */
  @FuzzTest(maxDuration = "60s")
  void answersAnyValueOfAnyClaim(FuzzedDataProvider data) {
    String header = token().headerJson(HWE_KEY, JWSAlgorithm.ES256);
    String value = data.consumeRemainingAsString();
    for (String claim : CLAIMS) {
      String token = signed(header, payload(token(), claim, value));
      assertThat(VERIFIER.verify(hwe(token))).as(claim).isNotNull();
    }
  }

  /** An access token of the gateway's but for one claim, each in turn. */
  @FuzzTest(maxDuration = "60s")
  void answersAnyValueOfAnyClaimOfAnAccessToken(FuzzedDataProvider data) {
    String header = accessToken().headerJson(OWN_KEY, JWSAlgorithm.ES256);
    String value = data.consumeRemainingAsString();
    for (String claim : CLAIMS) {
      String payload = payload(accessToken(), claim, value);
      String token = TestTokens.compact(header, payload, OWN_KEY, JWSAlgorithm.ES256);
      assertThat(VERIFIER.verify(hwe(token))).as(claim).isNotNull();
    }
  }

  /** A client assertion but for one claim, each in turn. */
  @FuzzTest(maxDuration = "60s")
  void answersAnyValueOfAnyClaimOfAnAssertion(FuzzedDataProvider data) {
    String header = assertion().headerJson(HWE_KEY, JWSAlgorithm.ES256);
    String value = data.consumeRemainingAsString();
    for (String claim : CLAIMS) {
      String token = signed(header, payload(assertion(), claim, value));
      assertThat(grant(request(token))).as(claim).isNotNull();
    }
  }

  /** A request for a token but for one parameter, each in turn. */
  @FuzzTest(maxDuration = "60s")
  void answersAnyRequestForAToken(FuzzedDataProvider data) {
    String value = data.consumeRemainingAsString();
    Map<String, String> good = request(assertion().sign(HWE_KEY));
    for (String name : good.keySet()) {
      Map<String, String> spoilt = new LinkedHashMap<>(good);
      spoilt.put(name, value);
      assertThat(grant(spoilt)).as(name).isNotNull();
    }
  }

  private static Grant grant(Map<String, String> request) {
    return GRANTS.grant(List.of(HWE_CERTIFICATE), form(request));
  }

  private static String payload(TestTokens token, String claim, String value) {
    String rest = token.without(claim).payloadJson().substring(1);
    return "{\"" + claim + "\":" + value + "," + rest;
  }

  private static String signed(String header, String payload) {
    return TestTokens.compact(header, payload, HWE_KEY, JWSAlgorithm.ES256);
  }
}
