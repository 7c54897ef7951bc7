package dev.ermine.region;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The form of a file of officers, as a published JSON Schema has it.
 *
 * @see <a href="https://json-schema.org/draft/2020-12/schema">JSON Schema, draft 2020-12</a>
 */
final class FileSchema {

  static final FileSchema REGIONS = new FileSchema("regions.schema.json");
  static final FileSchema LABELLING = new FileSchema("labelling.schema.json");
  static final FileSchema SUSPENSIONS = new FileSchema("suspensions.schema.json");

  private final Schema schema;
  private final JsonNode text;

  private FileSchema(String name) {
    this.schema = load(name);
    this.text = schema.getSchemaNode();
  }

  /** Adds a fault for each place where the tree has not the form. */
  void check(JsonNode root, Faults faults) {
    for (Error error : schema.validate(root)) {
      JsonPointer at = at(error);
      if (!faults.told(at)) {
        faults.add(at, told(error));
      }
    }
  }

  /** The place that the error is about: the key itself where one is missing or unknown. */
  private static JsonPointer at(Error error) {
    JsonPointer at = pointer(error.getInstanceLocation());
    return error.getProperty() == null ? at : at.appendProperty(error.getProperty());
  }

  /** What to do about it; the value is not quoted, for it could be a secret. */
  private String told(Error error) {
    JsonPointer keyword = pointer(error.getSchemaLocation().getFragment());
    JsonNode rule = text.at(keyword);
    JsonNode around = text.at(keyword.head());
    return switch (error.getKeyword()) {
      case "required" -> "is missing: " + said(around.path("properties").path(error.getProperty()));
      case "additionalProperties" -> "is not known here; known are " + keys(around);
      case "propertyNames" -> "write " + said(text.at(rule.path("$ref").asText().substring(1)));
      case "const" -> "write `" + rule.asText() + "`";
      case "enum" -> "write one of " + listed(rule.valueStream().map(JsonNode::asText));
      case "type", "minimum", "maximum" -> typed(around);
      case "minItems", "minProperties" -> "must not be empty";
      case "maxItems", "maxProperties" -> "has more than " + rule.asInt();
      case "uniqueItems" -> "names something twice; keep one";
      default -> "write " + said(around);
    };
  }

  private static String typed(JsonNode schema) {
    return switch (schema.path("type").asText()) {
      case "object" -> "must hold keys and their values, indented under it";
      case "array" -> "must be a list: `[…, …]`, or lines that begin with `-`";
      case "boolean" -> "write `true` or `false`";
      case "integer" ->
          "write a whole number from " + schema.path("minimum") + " to " + schema.path("maximum");
      default -> "write " + said(schema);
    };
  }

  /** The schema's own description, as the end of a sentence. */
  private static String said(JsonNode schema) {
    String text = schema.path("description").asText();
    String end = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    return end.isEmpty() ? end : Character.toLowerCase(end.charAt(0)) + end.substring(1);
  }

  private static String keys(JsonNode schema) {
    return listed(schema.path("properties").propertyStream().map(Map.Entry::getKey));
  }

  private static String listed(Stream<String> words) {
    return words.map(word -> "`" + word + "`").collect(Collectors.joining(", "));
  }

  private static JsonPointer pointer(NodePath path) {
    JsonPointer pointer = JsonPointer.empty();
    for (int i = 0; i < path.getNameCount(); i++) {
      pointer =
          path.getElement(i) instanceof Integer index
              ? pointer.appendIndex(index)
              : pointer.appendProperty(path.getName(i));
    }
    return pointer;
  }

  private static Schema load(String name) {
    try (InputStream in = FileSchema.class.getResourceAsStream("/" + name)) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Objects.requireNonNull(in, name), InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
