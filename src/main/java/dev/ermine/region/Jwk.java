package dev.ermine.region;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ermine.region.Region.Algorithm;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A public key as a JWK Set lists it, looked at before any cryptography.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-4">RFC 7517: JSON Web Key</a>
 */
record Jwk(JsonNode members) {

  /** The least that an RSA modulus may have. */
  static final int RSA_BITS = 2048;

  String kid() {
    return text("kid");
  }

  String kty() {
    return text("kty");
  }

  /** Whether it has a member that only its owner may know. */
  boolean isPrivate() {
    return Secrets.MEMBERS.stream().anyMatch(members::has);
  }

  boolean isWeak() {
    return kty().equals("RSA") && number("n").bitLength() < RSA_BITS;
  }

  /** Whether it may verify signatures of that algorithm. */
  boolean fits(Algorithm algorithm) {
    return allows("alg", algorithm.code())
        && allows("use", "sig")
        && switch (algorithm) {
          case ES256 -> isOnCurve("P-256", 32);
          case ES384 -> isOnCurve("P-384", 48);
          case PS256, RS384, RS512 -> kty().equals("RSA") && !isWeak();
          case EDDSA -> false; // no region signs with it
        };
  }

  /** The key itself, whatever it is called: equal for equal keys. */
  List<Object> material() {
    return switch (kty()) {
      case "RSA" -> List.of("RSA", number("n"), number("e"));
      default -> List.of(kty(), text("crv"), number("x"), number("y"));
    };
  }

  /**
   * Its SHA-256 thumbprint, base64url.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7638#section-3">RFC 7638: JWK thumbprint</a>
   */
  String thumbprint() {
    String required =
        Stream.of("crv", "e", "kty", "n", "x", "y")
            .filter(members::has)
            .map(member -> "\"" + member + "\":\"" + text(member) + "\"")
            .collect(Collectors.joining(",", "{", "}"));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(PublicKeys.sha256(required.getBytes(StandardCharsets.UTF_8)));
  }

  private boolean allows(String member, String value) {
    return !members.has(member) || text(member).equals(value);
  }

  private String text(String member) {
    return members.path(member).asText("");
  }

  /** Whether it claims that curve, with coordinates of the length that RFC 7518, 6.2.1 demands. */
  private boolean isOnCurve(String curve, int length) {
    return kty().equals("EC")
        && text("crv").equals(curve)
        && bytes("x").length == length
        && bytes("y").length == length;
  }

  private BigInteger number(String member) {
    return new BigInteger(1, bytes(member));
  }

  /** What base64url decodes to; nothing where it is none. */
  private byte[] bytes(String member) {
    try {
      return Base64.getUrlDecoder().decode(text(member));
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
