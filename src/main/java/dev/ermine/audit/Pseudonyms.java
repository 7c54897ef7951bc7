package dev.ermine.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names that stand for people and requests: the same for the same one, and nobody's without the
 * key.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2104">RFC 2104: HMAC</a>
 */
public final class Pseudonyms {

  /** The least bytes that a key has. */
  public static final int KEY_BYTES = 32;

  private final SecretKeySpec key;

  public Pseudonyms(byte[] key) {
    if (key.length < KEY_BYTES) {
      throw new IllegalArgumentException("a key has at least " + KEY_BYTES + " bytes");
    }
    this.key = new SecretKeySpec(key, "HmacSHA256");
  }

  /**
   * The name that stands for that one.
   *
   * @param kind what it is, so that a number of two kinds is not known for the same
   */
  String of(String kind, String value) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      byte[] hash = mac.doFinal((kind + '\n' + value).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 16));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
    }
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "Pseudonyms";
  }
}
