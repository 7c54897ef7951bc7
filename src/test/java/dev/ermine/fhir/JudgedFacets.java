package dev.ermine.fhir;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The facets of a resource by the other road: from its tree, of Maps, Lists, Strings and whatever
 * else. It looks for each facet by itself.
 */
final class JudgedFacets {

  private static final Pattern SAYS_WHEN =
      Pattern.compile(
          "(?s).*(DateTime|Date|Period|Instant|Timing)|authored|authoredOn|created|date|dateAsserted|end"
              + "|issued|lastOccurrence|period|received|recorded|sent|start|started|whenHandedOver"
              + "|whenPrepared");

  private static final Pattern WARNING = Pattern.compile("(?s).*ListWarningCode(-1)?");

  private final List<Coding> labels = new ArrayList<>();
  private final Set<Facets.Coded> codes = new LinkedHashSet<>();
  private final List<Facets.Dated> dates = new ArrayList<>();
  private final List<String> contentTypes = new ArrayList<>();
  private final List<String> hashes = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private Facets.Meta meta = Facets.Meta.NONE;
  private Optional<String> status = Optional.empty();
  private String top = "";

  void judge(Object resource) {
    object(resource)
        .forEach(
            (key, value) -> {
              top = key;
              resource(Map.of(key, value));
              own(key, value);
            });
  }

  Facets facets() {
    return new Facets(
        labels, List.copyOf(codes), dates, meta, status, contentTypes, hashes, warnings, false);
  }

  private void own(String key, Object value) {
    if (key.equals("meta") && value instanceof Map) {
      meta = meta(object(value));
    } else if (key.equals("status")) {
      status = text(value);
    } else if (key.equals("context")) {
      contexts(value);
    } else if (SAYS_WHEN.matcher(key).matches() && !key.equals("birthDate")) {
      dated(key, value);
    }
  }

  private static Facets.Meta meta(Map<String, Object> meta) {
    return new Facets.Meta(
        text(meta.get("versionId")),
        text(meta.get("lastUpdated")),
        text(meta.get("source")),
        several(meta.get("profile")).flatMap(item -> text(item).stream()).toList(),
        codings(meta.get("tag")).toList());
  }

  private static Stream<?> several(Object value) {
    return (value instanceof List<?> list ? list : single(value)).stream();
  }

  /** Lists within lists are looked through as well. */
  private static Stream<Coding> codings(Object value) {
    return several(value)
        .flatMap(
            item -> item instanceof List<?> list ? codings(list) : coding(object(item)).stream());
  }

  private static Optional<Coding> coding(Map<String, Object> object) {
    return text(object.get("code"))
        .map(code -> new Coding(text(object.get("system")).orElse(""), code));
  }

  private static List<?> single(Object value) {
    return value == null ? List.of() : List.of(value);
  }

  private void contexts(Object value) {
    if (value instanceof List<?> list) {
      list.forEach(this::contexts);
    } else if (value instanceof Map && object(value).containsKey("period")) {
      dated("context.period", object(value).get("period"));
    }
  }

  private void dated(String key, Object value) {
    if (value instanceof List<?> list) {
      list.forEach(item -> dated(key, item));
    } else if (value instanceof Map) {
      Map<String, Object> period = object(value);
      dates.add(new Facets.Dated(key, text(period.get("start")), text(period.get("end"))));
    } else if (value instanceof String text) {
      dates.add(new Facets.Dated(key, Optional.of(text), Optional.of(text)));
    }
  }

  /** What is looked at in contained resources too. */
  private void resource(Map<String, Object> resource) {
    resource.forEach(
        (key, value) -> {
          switch (key) {
            case "contained" -> list(value).forEach(inner -> resource(object(inner)));
            case "securityLabel" -> walk("", value, true);
            case "identifier" -> identifiers(value);
            case "masterIdentifier" -> masterIdentifier(value);
            case "contentType" -> contentType(value, false);
            case "resourceType", "id" -> {}
            default -> walk(key, value, false);
          }
        });
  }

  /** Wherever an Identifier is, no key of it but those of its elements means something. */
  private void identifiers(Object value) {
    for (Object item : value instanceof List<?> list ? list : List.of(value)) {
      object(item).forEach((key, inner) -> walk(key, inner, false));
    }
  }

  private void masterIdentifier(Object value) {
    if (value instanceof Map) {
      identifiers(value);
    } else {
      walk("masterIdentifier", value, false);
    }
  }

  private void walk(String key, Object value, boolean labelling) {
    if (value instanceof List<?> list) {
      list.forEach(item -> walk(key, item, labelling));
    } else if (value instanceof Map) {
      members(key, object(value), labelling);
      ended(key, object(value), labelling);
    }
  }

  private void members(String parent, Map<String, Object> object, boolean labelling) {
    object.forEach(
        (key, value) -> {
          if (key.equals("identifier") && value instanceof Map) {
            object(value).forEach((k, v) -> walk(k, v, labelling));
          } else if (key.equals("contentType")) {
            contentType(value, labelling);
          } else if (key.equals("hash")) {
            text(value).ifPresentOrElse(hashes::add, () -> walk(key, value, labelling));
          } else if (key.equals("security") && parent.equals("meta")) {
            walk("meta.security", value, labelling);
          } else {
            walk(key, value, labelling);
          }
        });
  }

  private void contentType(Object value, boolean labelling) {
    text(value).ifPresentOrElse(contentTypes::add, () -> walk("contentType", value, labelling));
  }

  private void ended(String key, Map<String, Object> object, boolean labelling) {
    Optional<Coding> coding = coding(object);
    if (key.equals("coding")) {
      coding.ifPresent(code -> codes.add(new Facets.Coded(top, code)));
    }
    if (key.equals("meta.security") || (key.equals("coding") && labelling)) {
      coding.ifPresent(labels::add);
    }
    boolean warning = WARNING.matcher(text(object.get("url")).orElse("")).matches();
    if ((key.equals("extension") || key.equals("modifierExtension")) && warning) {
      text(object.get("valueCode")).ifPresent(warnings::add);
    }
  }

  private static Optional<String> text(Object value) {
    return value instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private static List<?> list(Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Object value) {
    return value instanceof Map ? (Map<String, Object>) value : Map.of();
  }
}
