package dev.ermine.policy;

import dev.ermine.fhir.NhsNumber;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that a list of opt-outs is written with: without it nobody can tell whose hash one is,
 * for there are few enough NHS numbers to try them all.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2104">RFC 2104: HMAC</a>
 */
public final class OptOutKey {

  /** The least bytes that a key has. */
  public static final int BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  /**
   * The key of those bytes, {@link #BYTES} or more.
   *
   * @throws IllegalArgumentException when there are fewer
   */
  public OptOutKey(byte[] secret) {
    if (secret.length < BYTES) {
      throw new IllegalArgumentException("a key has at least " + BYTES + " bytes");
    }
    this.key = new SecretKeySpec(secret, ALGORITHM);
  }

  /** The hash by which that patient is listed. */
  byte[] of(NhsNumber patient) {
    return mac().doFinal(patient.value().getBytes(StandardCharsets.US_ASCII));
  }

  /** What seals a list. */
  Mac mac() {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
    }
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "OptOutKey";
  }
}
