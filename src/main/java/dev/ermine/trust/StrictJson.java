package dev.ermine.trust;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ermine.fhir.Slice;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON that a token or an officer may send: one object of UTF-8, RFC 8259 to the letter, no
 * name twice at any depth, nothing after it, no nulls, no halves of characters, no number that a
 * double cannot hold.
 *
 * <p>Nimbus refuses a name twice at the top only; below, the last one wins. Two readers of one
 * token must not see two tokens.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8725#section-2.4">RFC 8725: JWT Best Current
 *     Practices</a>
 */
public final class StrictJson {

  private static final int MAX_DEPTH = 16;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /** The object that {@code utf8} is; empty when it is anything else. */
  public static Optional<JsonNode> object(byte[] utf8) {
    return object(new Slice(utf8, 0, utf8.length));
  }

  /** The same in a run of bytes. */
  static Optional<JsonNode> object(Slice utf8) {
    ByteBuffer bytes = ByteBuffer.wrap(utf8.bytes(), utf8.from(), utf8.length());
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      JsonNode node = MAPPER.readTree(text);
      return node.isObject() && isWhole(node) ? Optional.of(node) : Optional.empty();
    } catch (CharacterCodingException | JsonProcessingException e) {
      // What these exceptions say quotes the token.
      return Optional.empty();
    }
  }

  private static boolean isWhole(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> isEncodable(node.textValue());
      case NUMBER -> !Double.isInfinite(node.doubleValue());
      case BOOLEAN -> true;
      case OBJECT ->
          node.propertyStream()
              .allMatch(each -> isEncodable(each.getKey()) && isWhole(each.getValue()));
      case ARRAY -> node.valueStream().allMatch(StrictJson::isWhole);
      case NULL, BINARY, MISSING, POJO -> false;
    };
  }

  /** Whether {@code text} has no lone surrogate, which would not survive being written. */
  private static boolean isEncodable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
      }
    }
    return true;
  }

  /** Plain maps and lists as an object of UTF-8. */
  static byte[] bytes(Map<String, Object> plain) {
    try {
      return MAPPER.writeValueAsBytes(plain);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values is JSON", e);
    }
  }

  /** An object as plain, unmodifiable maps and lists, in the order it came. */
  static Map<String, Object> plain(JsonNode object) {
    Map<String, Object> map = new LinkedHashMap<>();
    object.propertyStream().forEach(p -> map.put(p.getKey(), plainValue(p.getValue())));
    return Collections.unmodifiableMap(map);
  }

  private static Object plainValue(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> plain(node);
      case ARRAY -> {
        List<Object> list = new ArrayList<>();
        node.valueStream().forEach(value -> list.add(plainValue(value)));
        yield Collections.unmodifiableList(list);
      }
      case BOOLEAN -> node.booleanValue();
      case NUMBER -> node.numberValue();
      case STRING -> node.textValue();
      case NULL, BINARY, MISSING, POJO ->
          throw new IllegalStateException("strict JSON holds no " + node.getNodeType());
    };
  }
}
