package dev.ermine.trust;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ermine.trust.Trust.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * A token of strict form, its signature not yet verified: a compact JWS that can be written in one
 * way only, with a header that asks for nothing.
 *
 * <p>Nimbus accepts more (padding, white space, an altered last character, {@code jku}, no {@code
 * kid}), so each of these would let one token be shown in many guises. Of what a stranger wrote,
 * only what has passed here reaches it.
 *
 * @param type {@code typ}
 * @param signingInput what was signed: the first two parts and the dot between them
 * @param signature the third part
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7515#section-7.1">RFC 7515, 7.1: JWS Compact
 *     Serialization</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8725#section-3">RFC 8725, 3: best practices</a>
 */
record TokenForm(
    Optional<String> type,
    String algorithm,
    String keyId,
    Claims claims,
    String signingInput,
    String signature) {

  /** Of the longest kind of token. */
  static final int MAX_LENGTH = 8192;

  private static final Set<String> HEADER_NAMES = Set.of("alg", "typ", "kid");
  private static final int MAX_KEY_ID = 128;

  static TokenForm read(String text) throws Refusal {
    if (text.length() > MAX_LENGTH) {
      throw new Refusal(Reason.TOKEN_TOO_LARGE);
    }
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      throw new Refusal(Reason.TOKEN_NOT_CANONICAL);
    }
    byte[] header = decode(parts[0]);
    byte[] payload = decode(parts[1]);
    decode(parts[2]);
    JsonNode names = object(header, Reason.TOKEN_HEADER);
    return new TokenForm(
        type(names),
        algorithm(names),
        keyId(names),
        new Claims(object(payload, Reason.TOKEN_CLAIMS), Reason.TOKEN_CLAIMS),
        parts[0] + '.' + parts[1],
        parts[2]);
  }

  private static byte[] decode(String part) throws Refusal {
    return CanonicalBase64.bytes(part).orElseThrow(() -> new Refusal(Reason.TOKEN_NOT_CANONICAL));
  }

  private static JsonNode object(byte[] utf8, Reason otherwise) throws Refusal {
    Optional<JsonNode> object = StrictJson.object(utf8);
    if (object.isEmpty()) {
      throw new Refusal(otherwise);
    }
    return object.get();
  }

  private static Optional<String> type(JsonNode header) throws Refusal {
    if (!header.path("typ").isMissingNode() && !header.path("typ").isTextual()) {
      throw new Refusal(Reason.TOKEN_HEADER);
    }
    return Optional.ofNullable(header.path("typ").textValue());
  }

  private static String algorithm(JsonNode header) throws Refusal {
    if (!header.path("alg").isTextual()) {
      throw new Refusal(Reason.TOKEN_ALGORITHM);
    }
    return header.path("alg").textValue();
  }

  private static String keyId(JsonNode header) throws Refusal {
    boolean nothingElse =
        header.propertyStream().allMatch(name -> HEADER_NAMES.contains(name.getKey()));
    JsonNode keyId = header.path("kid");
    if (!nothingElse || !keyId.isTextual() || !isKeyId(keyId.textValue())) {
      throw new Refusal(Reason.TOKEN_HEADER);
    }
    return keyId.textValue();
  }

  /** Whether a token may name its key so. */
  static boolean isKeyId(String text) {
    return isPrintable(text, 1, MAX_KEY_ID);
  }

  /** Whether {@code text} is that long, and all of it ASCII that shows on paper. */
  static boolean isPrintable(String text, int min, int max) {
    return text.length() >= min
        && text.length() <= max
        && text.chars().allMatch(c -> c > ' ' && c <= '~');
  }

  int length() {
    return signingInput.length() + 1 + signature.length();
  }

  byte[] signedBytes() {
    return signingInput.getBytes(StandardCharsets.US_ASCII);
  }

  /** Never the token. */
  @Override
  public String toString() {
    return "TokenForm";
  }
}
