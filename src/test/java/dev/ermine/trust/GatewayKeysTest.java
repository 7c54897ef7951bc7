package dev.ermine.trust;

import static dev.ermine.trust.World.ED_KEY;
import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.P384_KEY;
import static dev.ermine.trust.World.RSA_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.ermine.region.DeclaredKey;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.KeySet.KeyUse;
import dev.ermine.region.Region.Token.TokenUse;
import dev.ermine.region.Regions;
import dev.ermine.testing.EdwardsKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayKeysTest {

  @TempDir Path directory;

  @Test
  void findsTheKeyForEachAlgorithm() throws Exception {
    GatewayKeys keys = GatewayKeys.read(file(P384_KEY, HWE_KEY, RSA_KEY, ED_KEY));
    assertThat(keyId(keys, Algorithm.ES256)).isEqualTo("hwe-1");
    assertThat(keyId(keys, Algorithm.ES384)).isEqualTo("p384-1");
    assertThat(keyId(keys, Algorithm.PS256)).isEqualTo("rsa-1");
    assertThat(keyId(keys, Algorithm.RS384)).isEqualTo("rsa-1");
    assertThat(keyId(keys, Algorithm.RS512)).isEqualTo("rsa-1");
    assertThat(keyId(keys, Algorithm.EDDSA)).isEqualTo("ed-1");
  }

  @Test
  void signsWithTheFirstOfTwoKeysForOneAlgorithm() throws Exception {
    GatewayKeys keys = GatewayKeys.read(file(World.ec("new", Curve.P_256), HWE_KEY));
    assertThat(keyId(keys, Algorithm.ES256)).isEqualTo("new");
    assertThat(keys.key(Algorithm.ES384)).isEmpty();
  }

  @Test
  void publishesEveryKeyWithoutItsPrivateHalf() throws Exception {
    String jwks = GatewayKeys.read(file(HWE_KEY, P384_KEY, RSA_KEY)).publicJwks();
    JWKSet published = JWKSet.parse(jwks);
    assertThat(published.getKeys())
        .containsExactly(HWE_KEY.toPublicJWK(), P384_KEY.toPublicJWK(), RSA_KEY.toPublicJWK());
    assertThat(published.getKeys()).noneMatch(JWK::isPrivate);
    assertThat(jwks)
        .doesNotContain(
            HWE_KEY.getD().toString(),
            P384_KEY.getD().toString(),
            RSA_KEY.getPrivateExponent().toString());
  }

  @Test
  void refusesWhatIsNoSetOfPrivateSigningKeys() throws Exception {
    refuses(text("not json, secret-canary"), "is not a JWK Set");
    refuses(text("{\"keys\":[{\"kty\":\"EC\",\"d\":\"secret-canary\"}]}"), "is not a JWK Set");
    refuses(text("{\"keys\":[]}"), "holds no key");
    refuses(file(new ECKey.Builder(HWE_KEY).keyID(null).build()), "needs a `kid`");
    refuses(file(HWE_KEY, World.ec("hwe-1", Curve.P_256)), "needs a `kid`");
    refuses(file(HWE_KEY.toPublicJWK()), "is not private");
    refuses(file(World.ec("p521", Curve.P_521)), "is not EC P-256, EC P-384, RSA");
    refuses(file(World.rsa("weak", 1024)), "is not EC P-256");
    refuses(
        file(new OctetSequenceKey.Builder(new byte[32]).keyID("secret").build()),
        "is not EC P-256");
    refuses(
        file(
            new OctetKeyPair.Builder(Curve.Ed25519, EdwardsKeys.make("other").getX())
                .d(ED_KEY.getD())
                .keyID("halves")
                .build()),
        "cannot sign");
    refuses(
        file(
            new ECKey.Builder(Curve.P_256, World.LONDON_KEY.getX(), World.LONDON_KEY.getY())
                .d(HWE_KEY.getD())
                .keyID("halves")
                .build()),
        "cannot sign");
    refuses(directory.resolve("absent.json"), "cannot be read");
  }

  @Test
  void showsItsFileAlone() throws Exception {
    Path file = file(HWE_KEY);
    GatewayKeys keys = GatewayKeys.read(file);
    assertThat(keys).hasToString("GatewayKeys[" + file + "]");
    assertThat(keys.key(Algorithm.ES256).orElseThrow()).hasToString("SigningKey");
  }

  private final ECKey next = World.ec("next", Curve.P_256);
  private final ECKey active = World.ec("active", Curve.P_256);
  private final ECKey retiring = World.ec("retiring", Curve.P_256);

  @Test
  void signsWithActiveKeysPublishesNextOnesAndBelievesRetiringOnes() throws Exception {
    GatewayKeys keys =
        keys(of(KeyUse.NEXT, next), of(KeyUse.ACTIVE, active), of(KeyUse.RETIRING, retiring));
    assertThat(keyId(keys, Algorithm.ES256)).isEqualTo("active");
    assertThat(published(keys)).containsExactly("active", "next", "retiring");
    assertThat(keys.verifier(Algorithm.ES256, "active")).isPresent();
    assertThat(keys.verifier(Algorithm.ES256, "retiring")).isPresent();
    assertThat(keys.verifier(Algorithm.ES256, "next")).isEmpty();
    assertThat(keys.verifier(Algorithm.ES256, "unknown")).isEmpty();
    assertThat(keys.verifier(Algorithm.PS256, "active")).as("of another algorithm").isEmpty();
  }

  @Test
  void neitherPublishesNorBelievesWhatIsRevokedWhereverElseItStands() throws Exception {
    GatewayKeys byId =
        keys(
            of(KeyUse.ACTIVE, active, next),
            of(KeyUse.RETIRING, retiring),
            of(
                KeyUse.REVOKED,
                World.ec("active", Curve.P_256).toPublicJWK(),
                new ECKey.Builder(retiring.toPublicJWK()).keyID("other-name").build()));
    assertThat(published(byId)).containsExactly("next");
    assertThat(keyId(byId, Algorithm.ES256)).as("the next in the file signs").isEqualTo("next");
    assertThat(byId.verifier(Algorithm.ES256, "active")).as("by kid").isEmpty();
    assertThat(byId.verifier(Algorithm.ES256, "retiring")).as("by thumbprint").isEmpty();
    assertThat(byId.verifier(Algorithm.ES256, "other-name")).isEmpty();
  }

  @Test
  void takesRetiringKeysWithoutTheirPrivateHalves() throws Exception {
    GatewayKeys keys = keys(of(KeyUse.ACTIVE, active), of(KeyUse.RETIRING, retiring.toPublicJWK()));
    assertThat(keys.verifier(Algorithm.ES256, "retiring")).isPresent();
  }

  @Test
  void refusesAKeyOrItsIdInTwoStates() throws Exception {
    SigningKeyFile one = of(KeyUse.ACTIVE, active);
    for (SigningKeyFile other :
        List.of(
            of(KeyUse.NEXT, World.ec("active", Curve.P_256)),
            of(KeyUse.RETIRING, new ECKey.Builder(active).keyID("other-name").build()))) {
      assertThatThrownBy(() -> keys(one, other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("`" + one.name() + "`")
          .hasMessageContaining("`" + other.name() + "`")
          .hasMessageContaining("leave it in one");
    }
  }

  @Test
  void tellsAnAlgorithmThatNobodyThoughtOfButNotOneThatIsRevoked() throws Exception {
    Regions regions =
        World.regions(
            World.answering("london", Algorithm.ES256, TokenUse.QUERY),
            World.answering("wessex", Algorithm.ES384, TokenUse.QUERY));
    GatewayKeys none = keys(of(KeyUse.ACTIVE, active), of(KeyUse.REVOKED, active));
    assertThat(none.faults(regions)).hasSize(2);
    assertThat(none.oversights(regions))
        .singleElement()
        .asString()
        .startsWith("regions.wessex.answers.token.algorithm: ");
    assertThatThrownBy(none::own).hasMessageContaining("is revoked");
  }

  @Test
  void tellsThatNoKeySignsForDemographics() throws Exception {
    Regions regions = World.regions(World.answering("london", Algorithm.ES256, TokenUse.QUERY));
    Regions identifying =
        new Regions(
            regions.edition(),
            regions.gateway(),
            regions.regions(),
            Optional.of(World.answering("pds", Algorithm.RS512, TokenUse.QUERY)),
            regions.agreements(),
            regions.denials(),
            regions.labelling());
    GatewayKeys keys = keys(of(KeyUse.ACTIVE, active));
    assertThat(keys.faults(regions)).isEmpty();
    assertThat(keys.faults(identifying))
        .singleElement()
        .asString()
        .startsWith("demographics.token.algorithm: no key in ")
        .contains("`RS512`");
  }

  @Test
  void saysOfEachKeyAtWhichPointOfItsLifeItIs() throws Exception {
    GatewayKeys keys = keys(of(KeyUse.ACTIVE, active, next), of(KeyUse.REVOKED, next));
    assertThat(keys.declared())
        .extracting(DeclaredKey::owner, DeclaredKey::keyId, DeclaredKey::use)
        .containsExactly(
            tuple("gateway", "next", KeyUse.REVOKED), tuple("gateway", "active", KeyUse.ACTIVE));
  }

  @Test
  void isTheSameWhileItsFilesSayTheSame() throws Exception {
    SigningKeyFile file = of(KeyUse.ACTIVE, active);
    GatewayKeys keys = keys(file);
    assertThat(keys)
        .isEqualTo(GatewayKeys.read(Path.of(file.name())))
        .hasSameHashCodeAs(keys(file));
    assertThat(keys).isNotEqualTo(keys(file, of(KeyUse.REVOKED, active)));
  }

  private static GatewayKeys keys(SigningKeyFile... files) {
    return GatewayKeys.of(List.of(files));
  }

  private SigningKeyFile of(KeyUse use, JWK... keys) throws IOException {
    return SigningKeyFile.read(file(keys), use);
  }

  private static List<String> published(GatewayKeys keys) throws ParseException {
    return JWKSet.parse(keys.publicJwks()).getKeys().stream().map(JWK::getKeyID).toList();
  }

  private static String keyId(GatewayKeys keys, Algorithm algorithm) {
    return keys.key(algorithm).orElseThrow().keyId();
  }

  private void refuses(Path file, String fault) {
    assertThatThrownBy(() -> GatewayKeys.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`" + file + "`")
        .hasMessageContaining(fault);
    StringWriter trace = new StringWriter();
    ThrowableAssert.catchThrowable(() -> GatewayKeys.read(file))
        .printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString())
        .doesNotContain("canary", HWE_KEY.getD().toString(), "\"d\"", "\"k\"");
  }

  private Path file(JWK... keys) throws IOException {
    return text(new JWKSet(List.of(keys)).toString(false));
  }

  private Path text(String text) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "signing", ".jwks.json"), text);
  }
}
