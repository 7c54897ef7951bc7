package dev.ermine.trust;

import static dev.ermine.trust.World.HWE;
import static dev.ermine.trust.World.HWE_CERTIFICATE;
import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.LONDON;
import static dev.ermine.trust.World.P384_KEY;
import static dev.ermine.trust.World.asking;
import static dev.ermine.trust.World.keys;
import static dev.ermine.trust.World.regions;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.KeySet;
import dev.ermine.region.Region.KeySet.KeyUse;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownRegionsTest {

  @Test
  void findsNoFaultInWhatIsGood() {
    assertThat(TrustVerifier.faults(regions())).isEmpty();
  }

  @Test
  void tellsOfAFileThatIsNoJwkSet() {
    assertThat(faults(new KeySet("hwe.jwks.json", "{\"keys\":[]}", KeyUse.ACTIVE)))
        .containsExactly("regions.hwe.asks.keys: `hwe.jwks.json` is no JWK Set with a key in it");
  }

  @Test
  void tellsOfAKeyOfTheWrongKind() {
    assertThat(faults(keys(KeyUse.NEXT, HWE_KEY, P384_KEY)))
        .containsExactly(
            "regions.hwe.asks.keys: `NEXT.jwks.json`, key 2 does not fit `ES256`, the region's"
                + " algorithm");
  }

  @Test
  void tellsOfAKeyForEncryption() {
    ECKey key = new ECKey.Builder(HWE_KEY).keyUse(com.nimbusds.jose.jwk.KeyUse.ENCRYPTION).build();
    assertThat(faults(keys(KeyUse.ACTIVE, key))).hasSize(1);
  }

  @Test
  void tellsOfAKeyThatSaysItIsForAnotherAlgorithm() {
    ECKey key = new ECKey.Builder(HWE_KEY).algorithm(JWSAlgorithm.ES384).build();
    assertThat(faults(keys(KeyUse.ACTIVE, key))).hasSize(1);
  }

  @Test
  void tellsOfAPrivateKeyAndQuotesNothingOfIt() {
    String jwks = new JWKSet(HWE_KEY).toString(false);
    assertThat(faults(new KeySet("hwe.jwks.json", jwks, KeyUse.ACTIVE)))
        .singleElement()
        .asString()
        .contains("`hwe.jwks.json`, key 1 is private")
        .doesNotContain(HWE_KEY.getD().toString());
  }

  @Test
  void tellsOfAKeyWithoutId() {
    ECKey key = new ECKey.Builder(HWE_KEY).keyID(null).build();
    assertThat(faults(keys(KeyUse.ACTIVE, key))).singleElement().asString().contains("no `kid`");
  }

  @Test
  void tellsOfTwoKeysOfOneId() {
    assertThat(
            faults(
                keys(KeyUse.ACTIVE, HWE_KEY),
                keys(KeyUse.RETIRING, World.ec("hwe-1", Curve.P_256))))
        .singleElement()
        .asString()
        .contains("`RETIRING.jwks.json`, key 1 has the `kid` of another key");
  }

  @Test
  void findsNoFaultInARevokedKeyThatStillStandsAsActive() {
    assertThat(faults(keys(KeyUse.ACTIVE, HWE_KEY), keys(KeyUse.REVOKED, HWE_KEY))).isEmpty();
  }

  @Test
  void tellsOfACertificateThatTwoRegionsPin() {
    assertThat(
            TrustVerifier.faults(
                regions(
                    asking("hwe", HWE, Algorithm.ES256, HWE_CERTIFICATE),
                    asking("london", LONDON, Algorithm.ES256, HWE_CERTIFICATE))))
        .containsExactly(
            "regions.london.asks.certificates[0]: region `hwe` has it too; a certificate proves"
                + " one region");
  }

  @Test
  void tellsOfACertificateThatNoClientMayShow() {
    X509Certificate weak = TestCertificates.certificate().key("RSA", 1024).make();
    assertThat(TrustVerifier.faults(regions(asking("hwe", HWE, Algorithm.ES256, weak))))
        .containsExactly(
            "regions.hwe.asks.certificates[0]: its key is weak; RSA needs 2048 bits, EC 256");
  }

  private static List<String> faults(KeySet... keys) {
    return TrustVerifier.faults(
        regions(asking("hwe", HWE, Algorithm.ES256, HWE_CERTIFICATE, keys)));
  }
}
