package dev.ermine.trust;

import java.util.Base64;
import java.util.Optional;

/**
 * Base64url in the one spelling that each run of bytes has: without padding, without white space,
 * the bits left over in the last character unset. Otherwise one token could be shown in many
 * guises.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4648#section-3.5">RFC 4648, 3.5: canonical
 *     encoding</a>
 */
final class CanonicalBase64 {

  private CanonicalBase64() {}

  /** The bytes that {@code text} spells, one at least; empty when it is anything else. */
  static Optional<byte[]> bytes(String text) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      return bytes.length > 0 && text(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not base64url; the exception would quote it
    }
  }

  static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
