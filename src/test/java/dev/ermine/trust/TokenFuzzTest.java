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

/** Whatever is shown is answered, never with an exception. */
class TokenFuzzTest {

  private static final TrustVerifier VERIFIER = World.verifier(regions());

  @FuzzTest
  void answersAnyTokenText(FuzzedDataProvider data) {
    assertThat(VERIFIER.verify(hwe(data.consumeRemainingAsString()))).isInstanceOf(Untrusted.class);
  }

  @FuzzTest
  void answersAnyHeader(FuzzedDataProvider data) {
    String payload = token().payloadJson();
    assertThat(VERIFIER.verify(hwe(signed(data.consumeRemainingAsString(), payload)))).isNotNull();
  }

  /** The signature is true, so that all that reads claims is reached. */
  @FuzzTest
  void answersAnyPayload(FuzzedDataProvider data) {
    String header = token().headerJson(HWE_KEY, JWSAlgorithm.ES256);
    assertThat(VERIFIER.verify(hwe(signed(header, data.consumeRemainingAsString())))).isNotNull();
  }

  private static String signed(String header, String payload) {
    return TestTokens.compact(header, payload, HWE_KEY, JWSAlgorithm.ES256);
  }
}
