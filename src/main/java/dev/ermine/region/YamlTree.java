package dev.ermine.region;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/**
 * The tree of a YAML text that means what it looks like: no anchor, alias or tag, no key twice.
 * Only {@code 42}, {@code true}, {@code false} and {@code null} are not text: {@code NO} is one,
 * and so is {@code 0777}.
 */
final class YamlTree {

  private static final Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]{0,17}");
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Iterator<Event> events;
  private final Faults faults;

  private YamlTree(Iterator<Event> events, Faults faults) {
    this.events = events;
    this.faults = faults;
  }

  /** The tree, unless the text has none; it is sound only if no faults were added. */
  static Optional<JsonNode> read(String text, Faults faults) {
    return YamlEvents.of(text, faults)
        .map(events -> new YamlTree(events.iterator(), faults))
        .map(tree -> tree.root(tree.events.next()));
  }

  private JsonNode root(Event event) {
    faults.locate(JsonPointer.empty(), YamlEvents.line(event));
    return value(JsonPointer.empty(), event);
  }

  private JsonNode value(JsonPointer at, Event event) {
    refuseAnchorAndTag(at, event);
    return switch (event) {
      case ScalarEvent scalar -> scalar(at, scalar);
      case SequenceStartEvent _ -> sequence(at);
      case MappingStartEvent _ -> mapping(at);
      case AliasEvent _ -> NODES.nullNode();
      default -> throw new IllegalStateException("no value begins with " + event.getEventId());
    };
  }

  private void refuseAnchorAndTag(JsonPointer at, Event event) {
    if (event instanceof NodeEvent node && node.getAnchor() != null) {
      faults.add(at, "anchors and aliases are not used here; write the value out");
    }
    String tag =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag();
          case CollectionStartEvent collection -> collection.getTag();
          default -> null;
        };
    if (tag != null) {
      faults.add(at, "tags are not used here; take out what begins with `!`");
    }
  }

  private JsonNode scalar(JsonPointer at, ScalarEvent scalar) {
    String text = scalar.getValue();
    if (text.chars().anyMatch(Character::isISOControl)) {
      faults.add(at, "has a line break or control character; to fold lines, begin with `>-`");
    }
    if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
      return NODES.textNode(text);
    }
    return switch (text) {
      case "true" -> NODES.booleanNode(true);
      case "false" -> NODES.booleanNode(false);
      case "null", "~", "" -> NODES.nullNode();
      default ->
          INTEGER.matcher(text).matches()
              ? NODES.numberNode(Long.parseLong(text))
              : NODES.textNode(text);
    };
  }

  private JsonNode sequence(JsonPointer at) {
    ArrayNode items = NODES.arrayNode();
    for (Event next = events.next(); !(next instanceof CollectionEndEvent); next = events.next()) {
      JsonPointer item = at.appendIndex(items.size());
      faults.locate(item, YamlEvents.line(next));
      items.add(value(item, next));
    }
    return items;
  }

  private JsonNode mapping(JsonPointer at) {
    ObjectNode members = NODES.objectNode();
    for (Event next = events.next(); !(next instanceof CollectionEndEvent); next = events.next()) {
      String key = next instanceof ScalarEvent scalar ? scalar.getValue() : "";
      JsonPointer member = at.appendProperty(key);
      int first = faults.line(member);
      faults.locate(member, YamlEvents.line(next));
      refuseUnlessWord(member, next);
      if (members.has(key)) {
        faults.add(member, "stands twice, first in line " + first + "; keep one");
      }
      members.set(key, value(member, events.next()));
    }
    return members;
  }

  private void refuseUnlessWord(JsonPointer at, Event key) {
    if (key instanceof ScalarEvent) {
      refuseAnchorAndTag(at, key);
    } else {
      faults.add(at, "a key must be a plain word");
      value(at, key);
    }
  }
}
