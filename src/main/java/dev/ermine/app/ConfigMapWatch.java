package dev.ermine.app;

import static java.util.Map.entry;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * The watch over one ConfigMap of suspensions, which tells of a change at once, where the kubelet
 * may take a minute to bring it to the mounted file. What cannot be watched is tried again, for
 * ever; meanwhile the file counts. What is not there says nothing: no suspension is lifted by it.
 */
final class ConfigMapWatch implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ConfigMapWatch.class);
  private static final String SUSPENSIONS = "suspensions.yaml";
  private static final String SIGNATURES = "suspensions.yaml.jws";

  private final KubernetesClient client;
  private final Delivery delivery;
  private final InstantSource clock;
  private final AtomicLong lastEvent = new AtomicLong();
  private final SharedIndexInformer<ConfigMap> informer;

  /** Watches as the pod's service account. */
  static ConfigMapWatch inCluster(
      ConfigMapName name, Delivery delivery, MeterRegistry registry, InstantSource clock) {
    return new ConfigMapWatch(
        new KubernetesClientBuilder().build(), name, delivery, registry, clock);
  }

  /**
   * @param client closed with the watch
   * @param delivery told of each version, on a thread of the client's
   */
  ConfigMapWatch(
      KubernetesClient client,
      ConfigMapName name,
      Delivery delivery,
      MeterRegistry registry,
      InstantSource clock) {
    this.client = client;
    this.delivery = delivery;
    this.clock = clock;
    this.informer =
        client
            .configMaps()
            .inNamespace(name.namespace())
            .withName(name.name())
            .runnableInformer(0)
            .addEventHandler(new Told())
            .exceptionHandler((started, failure) -> tryAgain(failure));
    Gauge.builder("ermine.suspensions.watch.connected", informer, it -> it.isWatching() ? 1 : 0)
        .description("whether the ConfigMap of suspensions is being watched")
        .register(registry);
    Gauge.builder("ermine.suspensions.watch.last.event.seconds", lastEvent, AtomicLong::get)
        .description("when it last told of a version, in seconds since 1970")
        .register(registry);
    var _ = informer.start();
  }

  private static boolean tryAgain(Throwable failure) {
    LOG.warnf(
        failure, "the ConfigMap of suspensions cannot be watched now; the mounted file counts");
    return true;
  }

  private final class Told implements ResourceEventHandler<ConfigMap> {

    @Override
    public void onAdd(ConfigMap now) {
      deliver(now);
    }

    @Override
    public void onUpdate(ConfigMap before, ConfigMap now) {
      deliver(now);
    }

    @Override
    public void onDelete(ConfigMap last, boolean unseen) {
      lastEvent.set(clock.instant().getEpochSecond());
      LOG.warnf("the ConfigMap of suspensions is gone; what was suspended stays so");
    }
  }

  private void deliver(ConfigMap now) {
    lastEvent.set(clock.instant().getEpochSecond());
    String suspensions = text(now, SUSPENSIONS);
    if (suspensions.isEmpty()) {
      LOG.warnf("the ConfigMap of suspensions lacks a key", entry("key", SUSPENSIONS));
      return;
    }
    LOG.infof("the ConfigMap of suspensions has been read");
    delivery.offer(bytes(suspensions), bytes(text(now, SIGNATURES)));
  }

  private static String text(ConfigMap map, String key) {
    return map.getData() == null ? "" : map.getData().getOrDefault(key, "");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    informer.close();
    client.close();
  }
}
