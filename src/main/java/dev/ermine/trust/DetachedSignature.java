package dev.ermine.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.util.Base64URL;
import dev.ermine.region.Approval.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A line of signatures, of strict form and not yet verified: {@code header..signature}, a compact
 * JWS whose payload, the file, is detached. It can be written in one way only; its header has
 * {@code alg}, {@code kid} and {@code typ} and asks for nothing else.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7515#appendix-F">RFC 7515, F: detached
 *     content</a>
 */
record DetachedSignature(
    String algorithm, String officer, String type, String header, String signature) {

  private static final int MAX_LENGTH = 2048;
  private static final Set<String> NAMES = Set.of("alg", "kid", "typ");

  /** The signature that the line holds, if it has the form. */
  static Optional<DetachedSignature> read(String line) {
    String[] parts = line.split("\\.", -1);
    if (line.length() > MAX_LENGTH || parts.length != 3 || !parts[1].isEmpty()) {
      return Optional.empty();
    }
    return CanonicalBase64.bytes(parts[2])
        .flatMap(_ -> CanonicalBase64.bytes(parts[0]))
        .flatMap(StrictJson::object)
        .filter(DetachedSignature::hasForm)
        .map(
            header ->
                new DetachedSignature(
                    header.path("alg").textValue(),
                    header.path("kid").textValue(),
                    header.path("typ").textValue(),
                    parts[0],
                    parts[2]));
  }

  private static boolean hasForm(JsonNode header) {
    Set<String> names =
        header.propertyStream().map(name -> name.getKey()).collect(Collectors.toUnmodifiableSet());
    return names.equals(NAMES) && header.valueStream().allMatch(JsonNode::isTextual);
  }

  /** The signature of that officer under the file, as a line without its end. */
  static String line(Kind kind, byte[] file, String officer, OfficerKey key) {
    String header =
        Base64URL.encode(
                "{\"alg\":\"%s\",\"kid\":\"%s\",\"typ\":\"%s\"}"
                    .formatted(key.algorithm().code(), officer, type(kind)))
            .toString();
    return header + ".." + key.sign(signed(header, file));
  }

  /** The {@code typ} that keeps a signature for one kind of file from serving the other. */
  static String type(Kind kind) {
    return switch (kind) {
      case REGIONS -> "vnd.ermine.regions";
      case SUSPENSIONS -> "vnd.ermine.suspensions";
    };
  }

  boolean isOf(byte[] file, OfficerKey key) {
    return key.verifies(signed(header, file), new Base64URL(signature));
  }

  private static byte[] signed(String header, byte[] file) {
    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    signed.writeBytes((header + '.').getBytes(StandardCharsets.US_ASCII));
    signed.writeBytes(Base64.getUrlEncoder().withoutPadding().encode(file));
    return signed.toByteArray();
  }
}
