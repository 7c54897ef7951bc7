package dev.ermine.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** BoringSSL's signatures, held against the JDK's. */
class EcdsaTest {

  private static final byte[] SIGNED = "what is signed".getBytes(StandardCharsets.US_ASCII);

  record Algorithm(JWSHeader header, ECKey key) {

    static Algorithm of(JWSAlgorithm algorithm, Curve curve) {
      try {
        return new Algorithm(new JWSHeader(algorithm), new ECKeyGenerator(curve).generate());
      } catch (JOSEException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public String toString() {
      return header.getAlgorithm().getName();
    }
  }

  static Stream<Algorithm> algorithms() {
    return Stream.of(
        Algorithm.of(JWSAlgorithm.ES256, Curve.P_256),
        Algorithm.of(JWSAlgorithm.ES384, Curve.P_384));
  }

  @Test
  void areBoringSslsWhereItLoads() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).generate();
    assertThat(Jose.signer(key).getJCAContext().getProvider().getName()).isEqualTo("Conscrypt");
    assertThat(Jose.verifier(key).getJCAContext().getProvider().getName()).isEqualTo("Conscrypt");
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void areVerifiedByTheJdkAndTheJdksByIt(Algorithm by) throws Exception {
    Base64URL own = Jose.signer(by.key()).sign(by.header(), SIGNED);
    assertThat(new ECDSAVerifier(by.key()).verify(by.header(), SIGNED, own)).isTrue();
    Base64URL jdks = new ECDSASigner(by.key()).sign(by.header(), SIGNED);
    assertThat(Jose.verifier(by.key().toPublicJWK()).verify(by.header(), SIGNED, jdks)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void ofOtherBytesOrAnotherKeyAreNone(Algorithm by) throws Exception {
    Base64URL own = Jose.signer(by.key()).sign(by.header(), SIGNED);
    byte[] other = SIGNED.clone();
    other[0] ^= 1;
    ECKey stranger = new ECKeyGenerator(by.key().getCurve()).generate();
    assertThat(Jose.verifier(by.key()).verify(by.header(), other, own)).isFalse();
    assertThat(Jose.verifier(stranger).verify(by.header(), SIGNED, own)).isFalse();
  }

  /** Zeros, and the order of the curve, which is zero to it: no key is needed to make these. */
  @ParameterizedTest
  @MethodSource("algorithms")
  void madeOfZerosAreNone(Algorithm by) throws Exception {
    int half = by.key().getCurve().equals(Curve.P_256) ? 32 : 48;
    byte[] zeros = new byte[2 * half];
    BigInteger order = by.key().getCurve().toECParameterSpec().getOrder();
    byte[] orders = new byte[2 * half];
    byte[] encoded = order.toByteArray();
    System.arraycopy(encoded, encoded.length - half, orders, 0, half);
    System.arraycopy(encoded, encoded.length - half, orders, half, half);
    for (byte[] forged : new byte[][] {zeros, orders, new byte[0], new byte[half]}) {
      assertThat(Jose.verifier(by.key()).verify(by.header(), SIGNED, Base64URL.encode(forged)))
          .isFalse();
    }
  }
}
