package dev.ermine.testing;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A kustomization, built without kustomize. It knows the features that ours use, and refuses any
 * other, so that none is passed over.
 *
 * @see <a href="https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/">Kustomize:
 *     the kustomization file</a>
 */
public final class Kustomization {

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path directory;
  private final TreeSet<Path> files = new TreeSet<>();
  private final List<ObjectNode> objects = new ArrayList<>();

  record Settings(
      String apiVersion,
      String kind,
      String namespace,
      List<String> resources,
      List<Image> images,
      List<Generator> configMapGenerator,
      List<Generator> secretGenerator,
      Options generatorOptions,
      List<Patch> patches) {

    Settings {
      resources = orEmpty(resources);
      images = orEmpty(images);
      configMapGenerator = orEmpty(configMapGenerator);
      secretGenerator = orEmpty(secretGenerator);
      patches = orEmpty(patches);
      generatorOptions = generatorOptions == null ? new Options(false, Map.of()) : generatorOptions;
    }

    private static <T> List<T> orEmpty(List<T> list) {
      return list == null ? List.of() : list;
    }
  }

  record Image(String name, String newName, String newTag, String digest) {

    String reference() {
      String renamed = newName == null ? name : newName;
      String tagged = newTag == null ? renamed : renamed + ":" + newTag;
      return digest == null ? tagged : tagged + "@" + digest;
    }
  }

  record Generator(String name, String type, List<String> files) {}

  /** Names with a hash are not among the features. */
  record Options(boolean disableNameSuffixHash, Map<String, String> labels) {}

  record Patch(Target target, String path) {}

  record Target(String kind, String name) {

    boolean is(JsonNode object) {
      return object.path("kind").asText().equals(kind)
          && object.at("/metadata/name").asText().equals(name);
    }
  }

  private Kustomization(Path directory) {
    this.directory = directory;
  }

  /** The kustomization in that directory, with all that it leads to. */
  public static Kustomization build(Path directory) {
    var built = new Kustomization(directory.normalize());
    built.build();
    return built;
  }

  /** The objects of a file of YAML documents. */
  public static List<ObjectNode> documents(String yaml) {
    try (var documents = YAML.readerFor(ObjectNode.class).<ObjectNode>readValues(yaml)) {
      return documents.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it builds. */
  public List<ObjectNode> objects() {
    return List.copyOf(objects);
  }

  /** The files that it was built from. */
  public List<Path> files() {
    return List.copyOf(files);
  }

  private void build() {
    var settings = YAML.convertValue(yaml("kustomization.yaml"), Settings.class);
    settings.resources().forEach(this::add);
    settings.configMapGenerator().forEach(it -> generate("ConfigMap", it, settings));
    settings.secretGenerator().forEach(it -> generate("Secret", it, settings));
    settings.patches().forEach(this::patch);
    settings.images().forEach(this::name);
    if (settings.namespace() != null) {
      objects.forEach(object -> place(object, settings.namespace()));
    }
  }

  private void add(String resource) {
    Path path = directory.resolve(resource);
    if (Files.isDirectory(path)) {
      Kustomization other = build(path);
      objects.addAll(other.objects);
      files.addAll(other.files);
    } else {
      objects.addAll(documents(text(resource)));
    }
  }

  private void generate(String kind, Generator generator, Settings settings) {
    if (!settings.generatorOptions().disableNameSuffixHash()) {
      throw new IllegalArgumentException("`" + generator.name() + "` would be named with a hash");
    }
    ObjectNode object = YAML.createObjectNode().put("apiVersion", "v1").put("kind", kind);
    object.putObject("metadata").put("name", generator.name());
    settings
        .generatorOptions()
        .labels()
        .forEach((name, value) -> object.withObject("/metadata/labels").put(name, value));
    if (kind.equals("Secret")) {
      object.put("type", generator.type() == null ? "Opaque" : generator.type());
    }
    generator.files().forEach(file -> fill(object, file));
    objects.add(object);
  }

  /** Puts in a file, {@code key=file} or the file's own name. */
  private void fill(ObjectNode object, String file) {
    int mark = file.indexOf('=');
    String path = file.substring(mark + 1);
    String key = mark < 0 ? Path.of(path).getFileName().toString() : file.substring(0, mark);
    String text = text(path);
    object
        .withObject("/data")
        .put(key, object.path("kind").asText().equals("Secret") ? base64(text) : text);
  }

  private void patch(Patch patch) {
    int place = objects.indexOf(the(patch.target()));
    objects.set(place, (ObjectNode) JsonPatch.apply(yaml(patch.path()), objects.get(place)));
  }

  private ObjectNode the(Target target) {
    return objects.stream()
        .filter(target::is)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no " + target));
  }

  private void name(Image image) {
    for (ObjectNode object : objects) {
      for (JsonNode container : object.at("/spec/template/spec/containers")) {
        if (container.path("image").asText().equals(image.name())) {
          ((ObjectNode) container).put("image", image.reference());
        }
      }
    }
  }

  private static void place(ObjectNode object, String namespace) {
    boolean isOne = object.path("kind").asText().equals("Namespace");
    object.withObject("/metadata").put(isOne ? "name" : "namespace", namespace);
  }

  private JsonNode yaml(String file) {
    try {
      return YAML.readTree(text(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text(String file) {
    try {
      Path path = directory.resolve(file).normalize();
      files.add(path);
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
