package dev.ermine.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.ermine.trust.Trust.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object of a token's claims. What is asked for has the right shape, or the token is refused; a
 * claim of the wrong shape is never taken for an absent one.
 *
 * @param otherwise why the token is refused when a claim has the wrong shape
 */
record Claims(JsonNode json, Reason otherwise) {

  private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  Claims orElse(Reason reason) {
    return new Claims(json, reason);
  }

  boolean has(String name) {
    return json.has(name);
  }

  /** A string with something in it and no control characters. */
  String text(String name) throws Refusal {
    return text(json.path(name));
  }

  Optional<String> optionalText(String name) throws Refusal {
    return has(name) ? Optional.of(text(name)) : Optional.empty();
  }

  /** A string, or the one string of an array. */
  String textOrOnlyText(String name) throws Refusal {
    JsonNode node = json.path(name);
    require(!node.isArray() || node.size() == 1);
    return text(node.isArray() ? node.path(0) : node);
  }

  /** The strings of an array; none when it is absent. */
  List<String> texts(String name) throws Refusal {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : array(name)) {
      texts.add(text(element));
    }
    return texts;
  }

  /**
   * A NumericDate in whole seconds.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7519#section-2">RFC 7519, 2: NumericDate</a>
   */
  Instant instant(String name) throws Refusal {
    JsonNode node = json.path(name);
    require(node.isIntegralNumber() && node.canConvertToLong());
    long seconds = node.longValue();
    require(seconds >= 0 && seconds <= LAST_SECOND);
    return Instant.ofEpochSecond(seconds);
  }

  /** A time in whole milliseconds; at least one, and no more than 24 days. */
  Duration millis(String name) throws Refusal {
    JsonNode node = json.path(name);
    require(node.isIntegralNumber() && node.canConvertToInt() && node.intValue() > 0);
    return Duration.ofMillis(node.intValue());
  }

  /** The object of that name; an empty one when it is absent. */
  Claims object(String name) throws Refusal {
    if (!has(name)) {
      return new Claims(JsonNodeFactory.instance.objectNode(), otherwise);
    }
    return object(json.path(name));
  }

  /** The objects of an array; none when it is absent. */
  List<Claims> objects(String name) throws Refusal {
    List<Claims> objects = new ArrayList<>();
    for (JsonNode element : array(name)) {
      objects.add(object(element));
    }
    return objects;
  }

  /** Itself as plain maps and lists. */
  Map<String, Object> plain() {
    return StrictJson.plain(json);
  }

  void require(boolean met) throws Refusal {
    if (!met) {
      throw new Refusal(otherwise);
    }
  }

  private String text(JsonNode node) throws Refusal {
    require(node.isTextual());
    String text = node.textValue();
    require(!text.isBlank() && text.chars().noneMatch(Character::isISOControl));
    return text;
  }

  private Claims object(JsonNode node) throws Refusal {
    require(node.isObject());
    return new Claims(node, otherwise);
  }

  private JsonNode array(String name) throws Refusal {
    require(!has(name) || json.path(name).isArray());
    return json.path(name);
  }

  /** Never the claims. */
  @Override
  public String toString() {
    return "Claims";
  }
}
