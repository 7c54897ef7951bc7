package dev.ermine.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import dev.ermine.testing.EdwardsKeys;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Ed25519Test {

  /**
   * The pair of <a href="https://www.rfc-editor.org/rfc/rfc8037#appendix-A.1">RFC 8037, A.1</a>.
   */
  private static final OctetKeyPair EXAMPLE =
      new OctetKeyPair.Builder(
              Curve.Ed25519, new Base64URL("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"))
          .d(new Base64URL("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
          .build();

  private static final JWSHeader HEADER = new JWSHeader(JWSAlgorithm.EdDSA);
  private static final byte[] INPUT =
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
          .getBytes(StandardCharsets.US_ASCII);
  private static final Base64URL SIGNATURE =
      new Base64URL(
          "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");

  @Test
  void signsTheExampleOfAppendixA4() throws JOSEException {
    assertThat(Ed25519.signer(EXAMPLE).sign(HEADER, INPUT)).isEqualTo(SIGNATURE);
  }

  @Test
  void verifiesTheExampleOfAppendixA4AndNothingNearIt() throws JOSEException {
    OctetKeyPair known = EXAMPLE.toPublicJWK();
    byte[] other = INPUT.clone();
    other[0]++;
    byte[] near = SIGNATURE.decode();
    near[0] ^= 1;
    assertThat(Ed25519.verifier(known).verify(HEADER, INPUT, SIGNATURE)).isTrue();
    assertThat(Ed25519.verifier(known).verify(HEADER, other, SIGNATURE)).isFalse();
    assertThat(Ed25519.verifier(known).verify(HEADER, INPUT, Base64URL.encode(near))).isFalse();
    assertThat(Ed25519.verifier(known).verify(HEADER, INPUT, new Base64URL("AA"))).isFalse();
  }

  @Test
  void verifiesWithPointsOfEitherSign() throws JOSEException {
    for (int i = 0; i < 20; i++) {
      OctetKeyPair pair = EdwardsKeys.make("any");
      assertThat(
              Ed25519.verifier(pair)
                  .verify(HEADER, INPUT, Ed25519.signer(pair).sign(HEADER, INPUT)))
          .isTrue();
    }
  }

  @Test
  void refusesKeysOfAnotherLength() {
    OctetKeyPair shortOne =
        new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(new byte[31]))
            .d(Base64URL.encode(new byte[33]))
            .build();
    assertThatThrownBy(() -> Ed25519.signer(shortOne)).isInstanceOf(JOSEException.class);
    assertThatThrownBy(() -> Ed25519.verifier(shortOne)).isInstanceOf(JOSEException.class);
  }
}
