package dev.ermine.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.ermine.testing.PageRing;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageKeysTest {

  private static final OctetSequenceKey ONE = PageRing.key("one");
  private static final OctetSequenceKey TWO = PageRing.key("two");

  @TempDir Path directory;

  @Test
  void keepsTheOrderOfItsFile() throws Exception {
    assertThat(PageKeys.read(file(ONE, TWO)).ids()).containsExactly("one", "two");
    PageKeys other = PageKeys.read(file(TWO, ONE));
    assertThat(other.ids()).containsExactly("two", "one");
    assertThat(other.first()).isSameAs(other.withHeader(other.first().header()).orElseThrow());
  }

  @Test
  void takesKeysThatSayWhatTheyAreFor() throws Exception {
    for (Algorithm algorithm : new Algorithm[] {JWEAlgorithm.DIR, EncryptionMethod.A256GCM}) {
      OctetSequenceKey key =
          new OctetSequenceKey.Builder(ONE).keyUse(KeyUse.ENCRYPTION).algorithm(algorithm).build();
      assertThat(PageKeys.read(file(key)).ids()).containsExactly("one");
    }
  }

  @Test
  void refusesWhatIsNoSetOfSymmetricKeys() throws Exception {
    refuses(text("not json, secret-canary"), "is not a JWK Set");
    refuses(text("{\"keys\":[{\"kty\":\"oct\",\"kid\":\"secret-canary\"}]}"), "is not a JWK Set");
    refuses(text(ONE.toJSONString()), "is not a JWK Set");
    refuses(text("{\"keys\":[]}"), "holds no key");
    refuses(file(new OctetSequenceKey.Builder(ONE).keyID(null).build()), "needs a `kid`");
    refuses(file(ONE, PageRing.key("one")), "needs a `kid`");
    refuses(file(PageRing.key("two words")), "holds a `kid` that no token can name");
    refuses(file(PageRing.key("weak", 128)), "is not `oct` of exactly 256 bits");
    refuses(file(PageRing.key("long", 512)), "is not `oct` of exactly 256 bits");
    refuses(file(ONE, World.HWE_KEY), "is not `oct` of exactly 256 bits");
    refuses(file(ONE, new OctetSequenceKey.Builder(ONE).keyID("two").build()), "two names");
    refuses(
        file(new OctetSequenceKey.Builder(ONE).keyUse(KeyUse.SIGNATURE).build()),
        "whose `use` is not `enc`");
    refuses(
        file(new OctetSequenceKey.Builder(ONE).algorithm(JWSAlgorithm.HS256).build()),
        "whose `alg` is not `A256GCM`");
    refuses(directory.resolve("absent.json"), "cannot be read; write a JWK Set of page keys there");
  }

  @Test
  void isTheSameWhileItsFileSaysTheSame() throws Exception {
    Path file = file(ONE, TWO);
    PageKeys keys = PageKeys.read(file);
    assertThat(keys).isEqualTo(PageKeys.read(file)).hasSameHashCodeAs(PageKeys.read(file));
    Files.writeString(file, PageRing.text(TWO, ONE));
    assertThat(keys).isNotEqualTo(PageKeys.read(file));
    Files.writeString(file, PageRing.text(PageRing.key("one"), TWO));
    assertThat(keys).isNotEqualTo(PageKeys.read(file));
  }

  @Test
  void showsItsFileAlone() throws Exception {
    Path file = file(ONE);
    assertThat(PageKeys.read(file)).hasToString("PageKeys[" + file + "]");
  }

  private static void refuses(Path file, String fault) {
    assertThatThrownBy(() -> PageKeys.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`" + file + "`")
        .hasMessageContaining(fault);
    StringWriter trace = new StringWriter();
    ThrowableAssert.catchThrowable(() -> PageKeys.read(file))
        .printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString())
        .doesNotContain("canary", ONE.getKeyValue().toString(), "\"k\"", "\"d\"");
  }

  private Path file(JWK... keys) throws IOException {
    return text(PageRing.text(keys));
  }

  private Path text(String text) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "pages", ".jwks.json"), text);
  }
}
