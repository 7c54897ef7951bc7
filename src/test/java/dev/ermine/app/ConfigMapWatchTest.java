package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.testing.Ports;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ConfigMap of suspensions as a pod sees it, of which it believes nothing by itself. */
@Timeout(120)
class ConfigMapWatchTest {

  private static final ConfigMapName NAME =
      ConfigMapName.parse("ermine/ermine-suspensions").orElseThrow();
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private final KubernetesMockServer server =
      new KubernetesMockServer(
          new Context(),
          new MockWebServer(),
          new HashMap<>(),
          new KubernetesCrudDispatcher(),
          false);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final BlockingQueue<String> offered = new LinkedBlockingQueue<>();
  private final int port = Ports.free();

  @AfterEach
  void close() {
    server.destroy();
  }

  @Test
  void offersWhatThereIsAndEachChangeOfIt() throws Exception {
    server.init(InetAddress.getLoopbackAddress(), port);
    try (KubernetesClient officer = client();
        ConfigMapWatch _ = watch()) {
      await(() -> value("connected") == 1);
      officer.resource(map("suspensions.yaml", "one", "suspensions.yaml.jws", "signed")).create();
      assertThat(next()).isEqualTo("one signed by signed");
      assertThat(value("last.event.seconds")).isEqualTo((double) NOW.getEpochSecond());
      officer.resource(map("suspensions.yaml", "two")).update();
      assertThat(next()).isEqualTo("two signed by ");
    }
  }

  @Test
  void offersNothingWhenKeyOrMapIsGone() throws Exception {
    server.init(InetAddress.getLoopbackAddress(), port);
    try (KubernetesClient officer = client();
        ConfigMapWatch _ = watch()) {
      officer.resource(map("suspensions.yaml", "one")).create();
      assertThat(next()).isEqualTo("one signed by ");
      officer.resource(map("other.yaml", "none of its business")).update();
      officer.resource(map()).delete();
      officer.resource(map("suspensions.yaml", "two")).create();
      assertThat(next()).isEqualTo("two signed by ");
      assertThat(offered).isEmpty();
    }
  }

  @Test
  void looksAtThatOneMapAlone() throws Exception {
    server.init(InetAddress.getLoopbackAddress(), port);
    try (KubernetesClient officer = client();
        ConfigMapWatch _ = watch()) {
      officer
          .resource(
              new ConfigMapBuilder(map("suspensions.yaml", "other"))
                  .editMetadata()
                  .withName("ermine-regions")
                  .endMetadata()
                  .build())
          .create();
      officer.resource(map("suspensions.yaml", "one")).create();
      assertThat(next()).isEqualTo("one signed by ");
    }
  }

  @Test
  void triesAgainUntilTheApiServerIsThere() throws Exception {
    try (ConfigMapWatch _ = watch()) {
      assertThat(offered.poll(2, TimeUnit.SECONDS)).isNull();
      assertThat(value("connected")).isZero();
      server.init(InetAddress.getLoopbackAddress(), port);
      try (KubernetesClient officer = client()) {
        officer.resource(map("suspensions.yaml", "one")).create();
      }
      assertThat(next()).isEqualTo("one signed by ");
      await(() -> value("connected") == 1);
    }
  }

  @Test
  void isNamedByNamespaceAndName() {
    assertThat(NAME).isEqualTo(new ConfigMapName("ermine", "ermine-suspensions"));
    for (String bad : new String[] {"", "ermine", "/a", "a/", "a/b/c", "A/b", "a/b?watch=1"}) {
      assertThat(ConfigMapName.parse(bad)).as(bad).isEmpty();
    }
  }

  private ConfigMapWatch watch() {
    return new ConfigMapWatch(
        client(),
        NAME,
        (suspensions, signatures) ->
            offered.add(text(suspensions) + " signed by " + text(signatures)),
        registry,
        () -> NOW);
  }

  private KubernetesClient client() {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://localhost:" + port)
            .withNamespace("test")
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private static ConfigMap map(String... data) {
    Map<String, String> held = new HashMap<>();
    for (int i = 0; i < data.length; i += 2) {
      held.put(data[i], data[i + 1]);
    }
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(NAME.namespace())
        .withName(NAME.name())
        .endMetadata()
        .withData(held)
        .build();
  }

  private String next() throws InterruptedException {
    return offered.poll(30, TimeUnit.SECONDS);
  }

  private double value(String meter) {
    return registry.get("ermine.suspensions.watch." + meter).gauge().value();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void await(BooleanSupplier seen) throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofSeconds(30));
    while (!seen.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(20);
    }
  }
}
