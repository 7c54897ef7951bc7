package dev.ermine.fhir;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The judge of the scanner: the same answer from the same bytes by the other road, a tree made by a
 * strict Jackson. Nothing in it is the scanner's, the rules of the facets are written a second
 * time.
 */
final class JacksonJudge {

  private static final JsonFactory STRICT =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build())
          .build();

  private static final JsonMapper STRICT_MAPPER =
      JsonMapper.builder(STRICT).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final Pattern TYPE = Pattern.compile("[A-Z][A-Za-z]{0,63}");

  private final byte[] bytes;
  private final List<Entry.Reference> references = new ArrayList<>();
  private final List<Entry.Url> urls = new ArrayList<>();

  private JacksonJudge(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Whether a strict Jackson reads it at all. */
  static boolean accepts(byte[] bytes) {
    try {
      return STRICT_MAPPER.readTree(bytes).isContainerNode();
    } catch (IOException e) {
      return false;
    }
  }

  /** What the body is. */
  static PeerBody judge(byte[] bytes) {
    try {
      return new JacksonJudge(bytes).body();
    } catch (IOException | NotFhir e) {
      return new PeerBody.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  private static final class NotFhir extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotFhir(String why) {
      super(why, null, false, false);
    }
  }

  // The tree: what Jackson read, and where.

  private record Node(Object value, int from, int to) {
    boolean isObject() {
      return value instanceof Map;
    }

    boolean isText() {
      return value instanceof String;
    }

    @SuppressWarnings("unchecked")
    Map<String, Node> object() {
      must(isObject());
      return (Map<String, Node>) value;
    }

    @SuppressWarnings("unchecked")
    List<Node> array() {
      must(value instanceof List);
      return (List<Node>) value;
    }

    String text() {
      must(isText());
      return (String) value;
    }

    Optional<Node> get(String key) {
      return Optional.ofNullable(object().get(key));
    }

    Optional<String> text(String key) {
      return get(key).map(Node::text);
    }
  }

  private enum Other {
    SCALAR
  }

  private static void must(boolean condition) {
    if (!condition) {
      throw new NotFhir("another shape");
    }
  }

  private Node tree() throws IOException {
    mustBeUtf8();
    try (JsonParser parser = STRICT.createParser(bytes)) {
      must(parser.nextToken() != null);
      Node root = node(parser);
      must(parser.nextToken() == null);
      return root;
    }
  }

  private void mustBeUtf8() throws CharacterCodingException {
    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    must(bytes.length > 0 && bytes[0] >= 0);
  }

  private Node node(JsonParser parser) throws IOException {
    int from = (int) parser.currentTokenLocation().getByteOffset();
    Object value =
        switch (parser.currentToken()) {
          case START_OBJECT -> object(parser);
          case START_ARRAY -> array(parser);
          case VALUE_STRING -> paired(parser.getText());
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
          default -> Other.SCALAR;
        };
    return new Node(value, from, (int) parser.currentLocation().getByteOffset());
  }

  private Map<String, Node> object(JsonParser parser) throws IOException {
    Map<String, Node> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = paired(parser.currentName());
      int from = (int) parser.currentTokenLocation().getByteOffset();
      must(rawLength(from) <= 256);
      parser.nextToken();
      members.put(key, node(parser));
    }
    return members;
  }

  private int rawLength(int quote) {
    int i = quote + 1;
    while (bytes[i] != '"') {
      i += bytes[i] == '\\' ? 2 : 1;
    }
    return i - quote - 1;
  }

  private List<Node> array(JsonParser parser) throws IOException {
    List<Node> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(node(parser));
    }
    return items;
  }

  private static Object number(JsonParser parser) throws IOException {
    must(parser.getText().length() <= 64);
    return Other.SCALAR;
  }

  private static String paired(String text) {
    must(text.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff));
    return text;
  }

  // The rules.

  private PeerBody body() throws IOException {
    Node root = tree();
    String type = root.text("resourceType").orElseThrow(() -> new NotFhir("no type"));
    if (type.equals("Bundle")) {
      return searchset(root);
    }
    Entry entry = resource(root, Optional.empty(), Entry.Mode.MATCH);
    return type.equals("OperationOutcome")
        ? new PeerBody.Outcome(issues(root))
        : new PeerBody.Resource(entry);
  }

  private PeerBody searchset(Node bundle) {
    must(bundle.text("type").equals(Optional.of("searchset")));
    List<Entry> entries = new ArrayList<>();
    List<PeerBody.PeerIssue> warnings = new ArrayList<>();
    for (Node entry : bundle.get("entry").map(Node::array).orElse(List.of())) {
      Optional<String> fullUrl = entry.text("fullUrl");
      String mode = entry.get("search").flatMap(search -> search.text("mode")).orElse("match");
      must(List.of("match", "include", "outcome").contains(mode));
      must(entry.get("resource").isPresent());
      Node node = entry.get("resource").get();
      Entry resource = resource(node, fullUrl, Entry.Mode.valueOf(mode.toUpperCase(Locale.ROOT)));
      if (resource.type().equals("OperationOutcome")) {
        warnings.addAll(issues(node));
      } else {
        must(!mode.equals("outcome"));
        entries.add(resource);
      }
    }
    List<Node> links = bundle.get("link").map(Node::array).orElse(List.of());
    links.forEach(link -> must(link.text("relation").isPresent() && link.text("url").isPresent()));
    return new PeerBody.Searchset(entries, link(links, "next"), link(links, "self"), warnings);
  }

  private static Optional<String> link(List<Node> links, String relation) {
    List<String> urls =
        links.stream()
            .filter(link -> link.text("relation").equals(Optional.of(relation)))
            .flatMap(link -> link.text("url").stream())
            .toList();
    must(urls.size() <= 1);
    return urls.stream().findFirst();
  }

  private static List<PeerBody.PeerIssue> issues(Node outcome) {
    return outcome.get("issue").map(Node::array).orElse(List.of()).stream()
        .map(JacksonJudge::issue)
        .toList();
  }

  private static PeerBody.PeerIssue issue(Node issue) {
    must(issue.text("severity").isPresent() && issue.text("code").isPresent());
    String severity = issue.text("severity").get();
    must(severity.matches("fatal|error|warning|information"));
    List<String> details =
        issue
            .get("details")
            .flatMap(d -> d.get("coding"))
            .map(Node::array)
            .orElse(List.of())
            .stream()
            .flatMap(coding -> coding.text("code").stream())
            .toList();
    return new PeerBody.PeerIssue(severity, issue.text("code").get(), details);
  }

  private Entry resource(Node resource, Optional<String> fullUrl, Entry.Mode mode) {
    references.clear();
    urls.clear();
    List<Entry.ContainedPatient> patients = new ArrayList<>();
    resource.object().forEach((key, value) -> rootElement(key, key, value, patients));
    JudgedFacets facets = new JudgedFacets();
    facets.judge(plain(resource));
    return new Entry(
        new Slice(bytes, resource.from(), resource.to()),
        type(resource),
        resource.text("id"),
        fullUrl,
        mode,
        identifiers(resource),
        references,
        urls,
        patients,
        facets.facets());
  }

  /** The tree without its places. */
  private static Object plain(Node node) {
    if (node.isObject()) {
      Map<String, Object> members = new LinkedHashMap<>();
      node.object().forEach((key, value) -> members.put(key, plain(value)));
      return members;
    }
    return node.value() instanceof List
        ? node.array().stream().map(JacksonJudge::plain).toList()
        : node.value();
  }

  private static String type(Node resource) {
    String type = resource.text("resourceType").orElse("");
    must(TYPE.matcher(type).matches());
    return type;
  }

  private static List<Entry.Identifier> identifiers(Node resource) {
    Optional<Node> node = resource.get("identifier");
    List<Node> nodes = node.map(n -> n.isObject() ? List.of(n) : n.array()).orElse(List.of());
    Optional<Node> master = resource.get("masterIdentifier").filter(Node::isObject);
    return Stream.concat(nodes.stream(), master.stream()).map(JacksonJudge::identifier).toList();
  }

  private static Entry.Identifier identifier(Node node) {
    return new Entry.Identifier(node.text("system"), node.text("value"), node.text("use"));
  }

  /** An element of a resource's root; {@code top} is the whole resource's element it is under. */
  private void rootElement(
      String top, String key, Node value, List<Entry.ContainedPatient> patients) {
    switch (key) {
      case "contained" -> value.array().forEach(inner -> contained(top, inner, patients));
      case "identifier" -> {
        List<Node> nodes = value.isObject() ? List.of(value) : value.array();
        nodes.forEach(node -> node.object().forEach((k, v) -> walk(top, k, v)));
      }
      case "masterIdentifier" -> masterIdentifier(top, value);
      case "valueUrl", "valueUri" -> url(value, Entry.Url.Kind.VALUE).ifPresent(urls::add);
      default -> {}
    }
    if (!key.equals("contained") && !key.equals("identifier") && !key.equals("masterIdentifier")) {
      walk(top, key, value);
    }
  }

  private void masterIdentifier(String top, Node value) {
    if (value.isObject()) {
      value.object().forEach((k, v) -> walk(top, k, v));
    } else {
      walk(top, "masterIdentifier", value);
    }
  }

  private void contained(String top, Node inner, List<Entry.ContainedPatient> patients) {
    inner.object().forEach((key, value) -> rootElement(top, key, value, patients));
    List<Entry.Identifier> identifiers = identifiers(inner);
    Optional<String> id = inner.text("id");
    if (type(inner).equals("Patient")) {
      patients.add(new Entry.ContainedPatient(id, identifiers));
    }
  }

  private void walk(String top, String name, Node node) {
    if (node.value() instanceof List) {
      node.array().forEach(item -> walk(top, name, item));
    } else if (node.isObject()) {
      object(top, name.equals("extension") || name.equals("modifierExtension"), node);
    }
  }

  private void object(String top, boolean extension, Node node) {
    node.object()
        .forEach(
            (key, value) -> {
              switch (key) {
                case "url" -> {
                  if (!extension) {
                    url(value, Entry.Url.Kind.ATTACHMENT).ifPresent(urls::add);
                  }
                }
                case "valueUrl", "valueUri" ->
                    url(value, Entry.Url.Kind.VALUE).ifPresent(urls::add);
                default -> {}
              }
              if (key.equals("identifier") && value.isObject()) {
                value.object().forEach((k, v) -> walk(top, k, v));
              } else {
                walk(top, key, value);
              }
            });
    Optional<Entry.Url> literal =
        node.get("reference").flatMap(value -> url(value, Entry.Url.Kind.REFERENCE));
    Optional<Entry.Identifier> logical =
        node.get("identifier").filter(Node::isObject).map(JacksonJudge::identifier);
    if (literal.isPresent() || logical.isPresent()) {
      Optional<String> type = node.get("type").filter(Node::isText).map(Node::text);
      references.add(
          new Entry.Reference(
              top,
              literal,
              type,
              logical.flatMap(Entry.Identifier::system),
              logical.flatMap(Entry.Identifier::value)));
    }
  }

  private Optional<Entry.Url> url(Node node, Entry.Url.Kind kind) {
    return node.isText()
        ? Optional.of(new Entry.Url(node.text(), new Slice(bytes, node.from(), node.to()), kind))
        : Optional.empty();
  }
}
