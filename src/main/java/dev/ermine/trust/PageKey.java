package dev.ermine.trust;

import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * A key that seals and opens page tokens. All of its tokens begin with one header, letter for
 * letter: no header that anybody else wrote is ever read.
 *
 * <p>With no header to read, what is left of JWE is AES-GCM between dots. Nimbus would take three
 * times as long over it, most of that for decoding base64 anew.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-5.3">RFC 7518, 5.3: content
 *     encryption with AES GCM</a>
 */
final class PageKey {

  /** Of page tokens alone, so that no other JWE under the same key is taken for one. */
  private static final String TYPE = "ermine-page+jwe";

  private static final int IV_BYTES = 12;
  private static final int TAG_BYTES = 16;

  /** The characters of a token besides its header and text: four dots, IV and tag. */
  private static final int FRAME = 4 + 16 + 22;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKey key;
  private final String header;

  PageKey(OctetSequenceKey key) {
    this.key = key.toSecretKey("AES");
    this.header = CanonicalBase64.text(StrictJson.bytes(header(key.getKeyID())));
  }

  private static Map<String, Object> header(String keyId) {
    Map<String, Object> names = new LinkedHashMap<>();
    names.put("alg", "dir");
    names.put("enc", "A256GCM");
    names.put("kid", keyId);
    names.put("typ", TYPE);
    return names;
  }

  /** The first part of each of its tokens. */
  String header() {
    return header;
  }

  /** The bytes of text that make a token of so many characters, or of one less. */
  int room(int length) {
    return (length - header.length() - FRAME) * 3 / 4;
  }

  /** A token of that text, with an IV drawn for it alone. */
  String seal(byte[] text) {
    byte[] iv = new byte[IV_BYTES];
    RANDOM.nextBytes(iv);
    byte[] sealed = sealed(iv, text);
    int end = sealed.length - TAG_BYTES;
    return String.join(
        ".",
        header,
        "", // the key is not wrapped
        CanonicalBase64.text(iv),
        CanonicalBase64.text(Arrays.copyOf(sealed, end)),
        CanonicalBase64.text(Arrays.copyOfRange(sealed, end, sealed.length)));
  }

  private byte[] sealed(byte[] iv, byte[] text) {
    try {
      return cipher(Cipher.ENCRYPT_MODE, iv).doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /** The text of the token of those parts; empty where this key has not sealed just them. */
  Optional<byte[]> open(String ivPart, String textPart, String tagPart) {
    Optional<byte[]> iv = CanonicalBase64.bytes(ivPart).filter(it -> it.length == IV_BYTES);
    Optional<byte[]> text = CanonicalBase64.bytes(textPart);
    Optional<byte[]> tag = CanonicalBase64.bytes(tagPart).filter(it -> it.length == TAG_BYTES);
    return iv.isPresent() && text.isPresent() && tag.isPresent()
        ? opened(iv.get(), text.get(), tag.get())
        : Optional.empty();
  }

  private Optional<byte[]> opened(byte[] iv, byte[] text, byte[] tag) {
    byte[] sealed = Arrays.copyOf(text, text.length + tag.length);
    System.arraycopy(tag, 0, sealed, text.length, tag.length);
    try {
      return Optional.of(cipher(Cipher.DECRYPT_MODE, iv).doFinal(sealed));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  private Cipher cipher(int mode, byte[] iv) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, iv));
    cipher.updateAAD(header.getBytes(StandardCharsets.US_ASCII));
    return cipher;
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "PageKey";
  }
}
