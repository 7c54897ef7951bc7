package dev.ermine.testing;

import dev.ermine.app.GatewayConfig;
import dev.ermine.region.Reading;
import dev.ermine.region.RegionsFile;
import dev.ermine.region.Stage;
import dev.ermine.sandbox.DevPki;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The gateway as a directory of {@code k8s} has it run. */
public record Deployment(Path directory, Kustomization built, Manifests manifests) {

  /** What is built from a directory of {@code k8s}: {@code overlays/local}. */
  public static Deployment of(Path project, String name) {
    Path directory = project.resolve("k8s").resolve(name);
    var built = Kustomization.build(directory);
    return new Deployment(directory, built, Manifests.of(built.objects()));
  }

  /** Copies the project, as far as it concerns Kubernetes, and makes development keys for it. */
  public static void copyProject(Path into) {
    try (Stream<Path> files = Files.walk(Path.of("k8s"))) {
      for (Path file : files.toList()) {
        Files.copy(file, into.resolve(file));
      }
      Files.copy(Path.of("regions.yaml"), into.resolve("regions.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    DevPki.in(into.resolve("certs/dev"));
  }

  /** The gateway's properties by their names in the environment: {@code ERMINE_AUDIT_FILE}. */
  public static Map<String, Method> properties() {
    return properties(GatewayConfig.class, "ERMINE");
  }

  public StatefulSetSpec set() {
    return manifests.the(StatefulSet.class).getSpec();
  }

  public PodTemplateSpec template() {
    return set().getTemplate();
  }

  public PodSpec pod() {
    return template().getSpec();
  }

  /** The container of the gateway. */
  public Container gateway() {
    return pod().getContainers().getFirst();
  }

  /** Its environment. */
  public Map<String, String> env() {
    Map<String, String> env = new TreeMap<>();
    gateway().getEnv().forEach(variable -> env.put(variable.getName(), variable.getValue()));
    return env;
  }

  /** The port of that name or number, by its number. */
  public int port(IntOrString port) {
    return port.getIntVal() == null ? port(port.getStrVal()) : port.getIntVal();
  }

  /** The port of that name. */
  public int port(String name) {
    return gateway().getPorts().stream()
        .filter(port -> port.getName().equals(name))
        .findFirst()
        .map(ContainerPort::getContainerPort)
        .orElseThrow(() -> new AssertionError("there is no port `" + name + "`"));
  }

  /** Its mounted files, below {@code root}; what the deployer brings is as {@code other} has it. */
  public PodFiles files(Deployment other, Path root) {
    Manifests all =
        manifests
            .with(other.manifests.all(Secret.class))
            .with(other.manifests.all(ConfigMap.class));
    return PodFiles.layOut(all, pod(), gateway(), root);
  }

  /** What the gateway makes of its regions. */
  public Reading regions(PodFiles files) {
    return RegionsFile.read(
        files.at(env().get("ERMINE_REGIONS")), files.at(env().get("ERMINE_CERTS")), Stage.SANDBOX);
  }

  @Override
  public String toString() {
    return directory.getFileName().toString();
  }

  /** A method that returns another such interface is a group, all others are properties. */
  private static Map<String, Method> properties(Class<?> config, String prefix) {
    Map<String, Method> properties = new TreeMap<>();
    for (Method method : config.getDeclaredMethods()) {
      String words = method.getName().replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
      String name = prefix + "_" + words;
      if (method.getReturnType().getNestHost() == GatewayConfig.class) {
        properties.putAll(properties(method.getReturnType(), name));
      } else if (Modifier.isAbstract(method.getModifiers())) {
        properties.put(name, method);
      }
    }
    return properties;
  }
}
