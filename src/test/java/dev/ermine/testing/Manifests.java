package dev.ermine.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Kubernetes objects, each read strictly: a field that Kubernetes does not know is refused, as the
 * server does it with {@code kubectl apply --validate=strict}.
 */
public final class Manifests {

  private static final KubernetesSerialization KINDS = new KubernetesSerialization();

  private static final ObjectMapper STRICT =
      JsonMapper.builder().annotationIntrospector(new NoRoomForTheUnknown()).build();

  private final List<HasMetadata> objects;

  /** The model keeps what it does not know in a map; without that map, Jackson refuses it. */
  private static final class NoRoomForTheUnknown extends JacksonAnnotationIntrospector {

    private static final long serialVersionUID = 1;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return false;
    }
  }

  private Manifests(List<HasMetadata> objects) {
    this.objects = List.copyOf(objects);
  }

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException for a kind or a field that Kubernetes does not know
   */
  public static Manifests of(List<ObjectNode> objects) {
    return new Manifests(objects.stream().map(Manifests::read).toList());
  }

  /** All. */
  public List<HasMetadata> all() {
    return objects;
  }

  /** Those of a kind. */
  public <T> List<T> all(Class<T> kind) {
    return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The one of its kind. */
  public <T> T the(Class<T> kind) {
    List<T> found = all(kind);
    if (found.size() != 1) {
      throw new IllegalStateException(
          "%d of %s, not one".formatted(found.size(), kind.getSimpleName()));
    }
    return found.getFirst();
  }

  /** The one of its kind and that name. */
  public <T extends HasMetadata> Optional<T> named(Class<T> kind, String name) {
    return all(kind).stream()
        .filter(object -> object.getMetadata().getName().equals(name))
        .findFirst();
  }

  /** These with others. */
  public Manifests with(List<? extends HasMetadata> others) {
    return new Manifests(Stream.concat(objects.stream(), others.stream()).toList());
  }

  private static HasMetadata read(ObjectNode object) {
    String version = object.path("apiVersion").asText();
    String kind = object.path("kind").asText();
    Class<? extends KubernetesResource> type = KINDS.getRegisteredKubernetesResource(version, kind);
    if (type == null) {
      throw new IllegalArgumentException("Kubernetes knows no `%s` `%s`".formatted(version, kind));
    }
    try {
      return (HasMetadata) STRICT.treeToValue(object, type);
    } catch (JsonProcessingException e) {
      String name = object.at("/metadata/name").asText();
      throw new IllegalArgumentException("%s `%s`: ".formatted(kind, name) + e.getMessage(), e);
    }
  }
}
