package dev.ermine.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files that a pod's ConfigMaps and Secrets are mounted as, laid out in a directory as the
 * kubelet does it: each name is a link through {@code ..data} to the version of now.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/storage/projected-volumes/">Kubernetes:
 *     projected volumes</a>
 */
public final class PodFiles {

  private static final Path VERSION = Path.of("..2026_11_21_00_00_00.1");
  private static final Path NOW = Path.of("..data");

  private final Manifests manifests;
  private final Path root;

  private PodFiles(Manifests manifests, Path root) {
    this.manifests = manifests;
    this.root = root;
  }

  /** Lays out the files that the container sees, below {@code root}. */
  public static PodFiles layOut(Manifests manifests, PodSpec pod, Container container, Path root) {
    var files = new PodFiles(manifests, root);
    for (Volume volume : pod.getVolumes()) {
      container.getVolumeMounts().stream()
          .filter(mount -> mount.getName().equals(volume.getName()))
          .forEach(mount -> files.mount(volume, mount));
    }
    return files;
  }

  /** Where a path of the container lies. */
  public Path at(String path) {
    return root.resolve(Path.of("/").relativize(Path.of(path)));
  }

  private void mount(Volume volume, VolumeMount mount) {
    Path directory = at(mount.getMountPath());
    Map<String, byte[]> files = new TreeMap<>();
    if (volume.getConfigMap() != null && !isLeftOut(volume.getConfigMap())) {
      files.putAll(configMap(volume.getConfigMap().getName()));
    }
    if (volume.getProjected() != null) {
      volume.getProjected().getSources().forEach(source -> files.putAll(project(source)));
    }
    write(directory, files);
  }

  private boolean isLeftOut(ConfigMapVolumeSource source) {
    return Boolean.TRUE.equals(source.getOptional())
        && manifests.named(ConfigMap.class, source.getName()).isEmpty();
  }

  private Map<String, byte[]> project(VolumeProjection source) {
    return source.getSecret() == null
        ? configMap(source.getConfigMap().getName())
        : renamed(secret(source.getSecret().getName()), source.getSecret().getItems());
  }

  private Map<String, byte[]> configMap(String name) {
    Map<String, byte[]> files = new TreeMap<>();
    manifests
        .named(ConfigMap.class, name)
        .orElseThrow(() -> new IllegalStateException("there is no ConfigMap `" + name + "`"))
        .getData()
        .forEach((key, text) -> files.put(key, text.getBytes(UTF_8)));
    return files;
  }

  private Map<String, byte[]> secret(String name) {
    Map<String, byte[]> files = new TreeMap<>();
    manifests
        .named(Secret.class, name)
        .orElseThrow(() -> new IllegalStateException("there is no Secret `" + name + "`"))
        .getData()
        .forEach((key, base64) -> files.put(key, Base64.getDecoder().decode(base64)));
    return files;
  }

  private static Map<String, byte[]> renamed(Map<String, byte[]> files, List<KeyToPath> items) {
    Map<String, byte[]> renamed = new TreeMap<>();
    for (KeyToPath item : items) {
      if (!files.containsKey(item.getKey())) {
        throw new IllegalStateException("there is no key `" + item.getKey() + "`");
      }
      renamed.put(item.getPath(), files.get(item.getKey()));
    }
    return renamed;
  }

  private static void write(Path directory, Map<String, byte[]> files) {
    try {
      Files.createDirectories(directory.resolve(VERSION));
      Files.createSymbolicLink(directory.resolve(NOW), VERSION);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Files.write(directory.resolve(VERSION).resolve(file.getKey()), file.getValue());
        Files.createSymbolicLink(directory.resolve(file.getKey()), NOW.resolve(file.getKey()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
