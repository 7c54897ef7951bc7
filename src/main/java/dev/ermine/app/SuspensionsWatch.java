package dev.ermine.app;

import dev.ermine.region.LiveRegions;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Has the ConfigMap of suspensions watched, where one is named. Where none is, nothing of the
 * Kubernetes client is loaded.
 */
@Singleton
final class SuspensionsWatch {

  private final GatewayConfig config;
  private final LiveRegions live;
  private final RegionsWatch regions;
  private final MeterRegistry registry;
  private final InstantSource clock;
  private @Nullable AutoCloseable watch;

  SuspensionsWatch(
      GatewayConfig config,
      LiveRegions live,
      RegionsWatch regions,
      MeterRegistry registry,
      InstantSource clock) {
    this.config = config;
    this.live = live;
    this.regions = regions;
    this.registry = registry;
    this.clock = clock;
  }

  void start(@Observes StartupEvent start) {
    config.trust().configMap().flatMap(ConfigMapName::parse).ifPresent(this::watch);
  }

  private void watch(ConfigMapName name) {
    watch = ConfigMapWatch.inCluster(name, this::offer, registry, clock);
  }

  /** In force now, not at the next look. */
  private void offer(byte[] suspensions, byte[] signatures) {
    live.offer(suspensions, signatures);
    regions.look();
  }

  @PreDestroy
  void close() throws Exception {
    if (watch != null) {
      watch.close();
    }
  }
}
