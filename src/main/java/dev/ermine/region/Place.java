package dev.ermine.region;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;

/** A value of the file, there or missing, with the path that leads to it. */
record Place(JsonNode node, JsonPointer at) {

  static Place root(JsonNode node) {
    return new Place(node, JsonPointer.empty());
  }

  /** The value under that key. */
  Place member(String key) {
    return new Place(node.path(key), at.appendProperty(key));
  }

  /** The values under all keys, in the file's order; none if this has no keys. */
  List<Place> members() {
    return node.properties().stream().map(member -> member(member.getKey())).toList();
  }

  /** The values of the list, in the file's order; none if this is no list. */
  List<Place> items() {
    return node.isArray()
        ? IntStream.range(0, node.size())
            .mapToObj(index -> new Place(node.path(index), at.appendIndex(index)))
            .toList()
        : List.of();
  }

  /** The key that this value stands under. */
  String key() {
    return at.last().getMatchingProperty();
  }

  boolean there() {
    return !node.isMissingNode();
  }

  boolean isText() {
    return node.isTextual();
  }

  /** The text; empty if this is none. */
  String text() {
    return node.asText("");
  }

  String text(String byDefault) {
    return there() ? text() : byDefault;
  }

  List<String> texts() {
    return items().stream().map(Place::text).toList();
  }
}
