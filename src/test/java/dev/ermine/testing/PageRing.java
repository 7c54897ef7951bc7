package dev.ermine.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import dev.ermine.trust.PageKeys;
import dev.ermine.trust.PageTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Keys of page tokens, made for a test. */
public final class PageRing {

  private PageRing() {}

  /** The tokens of a gateway that shares its keys with nobody. */
  public static PageTokens tokens() {
    PageKeys keys = of(key("pages-1"));
    return new PageTokens(() -> keys);
  }

  public static OctetSequenceKey key(String keyId) {
    return key(keyId, 256);
  }

  public static OctetSequenceKey key(String keyId, int bits) {
    try {
      return new OctetSequenceKeyGenerator(bits).keyID(keyId).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A ring of these keys, the first of which seals. */
  public static PageKeys of(JWK... keys) {
    try {
      Path file = Files.createTempFile("pages", ".jwks.json");
      Files.writeString(file, text(keys));
      PageKeys read = PageKeys.read(file);
      Files.delete(file);
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file of such a ring. */
  public static String text(JWK... keys) {
    return new JWKSet(List.of(keys)).toString(false);
  }
}
