package dev.ermine.fhir;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ermine.fhir.Entry.Identifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An object in the JSON of a resource, read to the letter: what is there has the shape that FHIR
 * gives it, or the whole is unfit.
 *
 * @see <a href="https://hl7.org/fhir/R4/json.html">FHIR R4: JSON</a>
 */
final class Element {

  private static final int DEPTH = 256;

  /** How many members a group may have. */
  private static final int MEMBERS = 2_000;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode node;
  private final String path;

  private Element(JsonNode node, String path) {
    this.node = node;
    this.path = path;
  }

  /** A resource that is not what FHIR says it is: where, and what is wrong. */
  static final class Unfit extends Exception {
    private static final long serialVersionUID = 1;

    private Unfit(String where, String why) {
      super((where.isEmpty() ? "it" : "`" + where + "`") + " " + why, null, false, false);
    }

    /** In words, without any value. */
    String why() {
      return String.valueOf(getMessage());
    }
  }

  /** The resource in these bytes. */
  static Element root(Slice resource) throws Unfit {
    try {
      JsonNode tree = JSON.readTree(resource.bytes(), resource.from(), resource.length());
      if (tree == null || !tree.isObject()) {
        throw new Unfit("", "is no JSON object");
      }
      return new Element(tree, "");
    } catch (IOException e) {
      // What the exception says quotes the resource.
      throw new Unfit("", "is not well-formed JSON");
    }
  }

  /** FHIRPath of it, from the resource. */
  String path() {
    return path;
  }

  /** That it is unfit. */
  Unfit unfit(String why) {
    return new Unfit(path, why);
  }

  boolean has(String name) {
    return node.has(name);
  }

  /** Makes sure that it has no other elements, ids and extensions aside. */
  void hasOnly(Set<String> names) throws Unfit {
    for (var property : node.properties()) {
      String name = property.getKey();
      String own = name.startsWith("_") ? name.substring(1) : name;
      if (!names.contains(own) && !own.equals("id") && !own.equals("extension")) {
        throw unfit("has an element that R4 does not know there");
      }
    }
  }

  /** Makes sure that no extension changes what it means. */
  void isPlain() throws Unfit {
    if (has("modifierExtension")) {
      throw unfit("has a modifier extension that is not known");
    }
  }

  Optional<String> text(String name) throws Unfit {
    JsonNode value = node.path(name);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw child(name).unfit("is not a text");
    }
    return Optional.of(value.textValue());
  }

  /** A text or an array of texts, blank ones and nulls left out. */
  List<String> texts(String name) throws Unfit {
    JsonNode value = node.path(name);
    List<String> texts = new ArrayList<>();
    for (JsonNode item : value.isArray() ? value : List.of(value)) {
      if (item.isTextual() && !item.textValue().isBlank()) {
        texts.add(item.textValue());
      } else if (!item.isTextual() && !item.isNull() && !item.isMissingNode()) {
        throw child(name).unfit("is neither a text nor an array of texts");
      }
    }
    return texts;
  }

  boolean flag(String name) throws Unfit {
    JsonNode value = node.path(name);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw child(name).unfit("is neither true nor false");
    }
    return value.booleanValue();
  }

  Optional<Element> object(String name) throws Unfit {
    if (!has(name)) {
      return Optional.empty();
    }
    Element child = child(name);
    if (!child.node.isObject() || child.node.isEmpty()) {
      throw child.unfit("is not an object with something in it");
    }
    return Optional.of(child);
  }

  /** The object that must be there. */
  Element one(String name) throws Unfit {
    Optional<Element> child = object(name);
    if (child.isEmpty()) {
      throw unfit("lacks `" + name + "`");
    }
    return child.get();
  }

  /** The objects of an array: none, when it is not there. */
  List<Element> objects(String name) throws Unfit {
    if (!has(name)) {
      return List.of();
    }
    Element child = child(name);
    if (!child.node.isArray() || child.node.isEmpty()) {
      throw child.unfit("is not an array with something in it");
    }
    List<Element> objects = new ArrayList<>();
    for (JsonNode item : child.node) {
      Element object = new Element(item, child.path + "[" + objects.size() + "]");
      if (!item.isObject() || item.isEmpty()) {
        throw object.unfit("is not an object with something in it");
      }
      objects.add(object);
    }
    return objects;
  }

  private Element child(String name) {
    return new Element(node.path(name), path.isEmpty() ? name : path + "." + name);
  }

  /** A date, dateTime or instant. */
  Optional<TimeSpan> moment(String name) throws Unfit {
    Optional<String> text = text(name);
    Optional<TimeSpan> moment = text.flatMap(TimeSpan::parse);
    if (text.isPresent() && moment.isEmpty()) {
      throw child(name).unfit("is not a date");
    }
    return moment;
  }

  Optional<TimeSpan> period(String name) throws Unfit {
    Optional<Element> period = object(name);
    if (period.isEmpty()) {
      return Optional.empty();
    }
    Optional<TimeSpan> start = period.get().moment("start");
    Optional<TimeSpan> end = period.get().moment("end");
    if (start.isEmpty() && end.isEmpty()) {
      throw period.get().unfit("has neither start nor end");
    }
    TimeSpan span = TimeSpan.between(start, end);
    if (span.from() >= span.until()) {
      throw period.get().unfit("ends before it starts");
    }
    return Optional.of(span);
  }

  /** System and code of it, each empty where it lacks. */
  Coding coding() throws Unfit {
    return new Coding(text("system").orElse(""), text("code").orElse(""));
  }

  Concept concept() throws Unfit {
    List<Coding> codings = new ArrayList<>();
    for (Element coding : objects("coding")) {
      codings.add(coding.coding());
    }
    return new Concept(codings);
  }

  Pointer pointer() throws Unfit {
    Optional<Element> logical = object("identifier");
    return new Pointer(
        text("reference"),
        text("type"),
        logical.isEmpty() ? Optional.empty() : logical.get().identifier());
  }

  /** The identifiers of it that have both a system and a value. */
  List<Identifier> identifiers() throws Unfit {
    List<Identifier> identifiers = new ArrayList<>();
    for (Element identifier : objects("identifier")) {
      identifier.identifier().ifPresent(identifiers::add);
    }
    return identifiers;
  }

  private Optional<Identifier> identifier() throws Unfit {
    Optional<String> system = text("system");
    Optional<String> value = text("value");
    return system.isPresent() && value.isPresent()
        ? Optional.of(new Identifier(system, value, text("use")))
        : Optional.empty();
  }

  /** The party that this resource is. */
  Party party() throws Unfit {
    isPlain();
    String type = text("resourceType").orElse("");
    return switch (type) {
      case "PractitionerRole" ->
          new Party(type, List.of(), joined("practitioner", "organization"), List.of());
      case "Group" -> new Party(type, List.of(), List.of(), members("member", "entity"));
      case "CareTeam" -> new Party(type, List.of(), List.of(), members("participant", "member"));
      default -> new Party(type, identifiers(), List.of(), List.of());
    };
  }

  private List<Pointer> joined(String... names) throws Unfit {
    List<Pointer> joined = new ArrayList<>();
    for (String name : names) {
      if (has(name)) {
        joined.add(one(name).pointer());
      }
    }
    return joined;
  }

  private List<Party.Member> members(String name, String who) throws Unfit {
    List<Party.Member> members = new ArrayList<>();
    for (Element member : objects(name)) {
      if (members.size() == MEMBERS) {
        throw unfit("has more members than can be weighed");
      }
      member.isPlain();
      TimeSpan always = TimeSpan.between(Optional.empty(), Optional.empty());
      members.add(
          new Party.Member(
              member.has(who)
                  ? member.one(who).pointer()
                  : new Pointer(Optional.empty(), Optional.empty(), Optional.empty()),
              member.flag("inactive"),
              member.period("period").orElse(always)));
    }
    return members;
  }
}
