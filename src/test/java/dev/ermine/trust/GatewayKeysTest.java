package dev.ermine.trust;

import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.P384_KEY;
import static dev.ermine.trust.World.RSA_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.ermine.region.Region.Algorithm;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayKeysTest {

  @TempDir Path directory;

  @Test
  void findsTheKeyForEachAlgorithm() throws Exception {
    GatewayKeys keys = GatewayKeys.read(file(P384_KEY, HWE_KEY, RSA_KEY));
    assertThat(keyId(keys, Algorithm.ES256)).isEqualTo("hwe-1");
    assertThat(keyId(keys, Algorithm.ES384)).isEqualTo("p384-1");
    assertThat(keyId(keys, Algorithm.PS256)).isEqualTo("rsa-1");
    assertThat(keyId(keys, Algorithm.RS384)).isEqualTo("rsa-1");
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
    refuses(file(HWE_KEY.toPublicJWK()), "not a private");
    refuses(file(World.ec("p521", Curve.P_521)), "not a private");
    refuses(file(World.rsa("weak", 1024)), "not a private");
    refuses(
        file(new OctetSequenceKey.Builder(new byte[32]).keyID("secret").build()), "not a private");
    refuses(directory.resolve("absent.json"), "cannot be read");
  }

  @Test
  void showsItsFileAlone() throws Exception {
    Path file = file(HWE_KEY);
    GatewayKeys keys = GatewayKeys.read(file);
    assertThat(keys).hasToString("GatewayKeys[" + file + "]");
    assertThat(keys.key(Algorithm.ES256).orElseThrow()).hasToString("SigningKey");
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
