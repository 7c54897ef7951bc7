package dev.ermine.trust;

import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.hwe;
import static dev.ermine.trust.World.regions;
import static dev.ermine.trust.World.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.JWSAlgorithm;
import dev.ermine.testing.TestTokens;
import dev.ermine.trust.Trust.Untrusted;
import java.util.List;

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
          "extensions");

  private static final TrustVerifier VERIFIER = World.verifier(regions());

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
      String rest = token().without(claim).payloadJson().substring(1);
      String payload = "{\"" + claim + "\":" + value + "," + rest;
      assertThat(VERIFIER.verify(hwe(signed(header, payload)))).as(claim).isNotNull();
    }
  }

  private static String signed(String header, String payload) {
    return TestTokens.compact(header, payload, HWE_KEY, JWSAlgorithm.ES256);
  }
}
