package dev.ermine.app;

import static java.util.Map.entry;

import dev.ermine.peer.VertxPeer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;

/** The look, each second, at whether the operators have renewed the gateway's own certificates. */
@Singleton
final class CertificatesWatch {

  private static final Logger LOG = Logger.getLogger(CertificatesWatch.class);

  private final List<LivePair> pairs;
  private final LivePair client;
  private final VertxPeer peer;

  CertificatesWatch(Ground ground, MeterRegistry registry, VertxPeer peer) {
    this.client = ground.client();
    this.peer = peer;
    this.pairs = List.of(ground.server(), ground.client());
    for (LivePair pair : pairs) {
      gauge(
          registry, pair, "refused", "whether the newest is refused", CertificatesWatch::isRefused);
      gauge(
          registry,
          pair,
          "last.success.seconds",
          "when last found good, in seconds since 1970",
          live -> live.lastSuccess().getEpochSecond());
    }
  }

  private static void gauge(
      MeterRegistry registry,
      LivePair pair,
      String name,
      String says,
      ToDoubleFunction<LivePair> value) {
    Gauge.builder("ermine.key.pair." + name, pair, value)
        .description("the gateway's own certificate and key: " + says)
        .tags(Tags.of("use", pair.name()))
        .register(registry);
  }

  private static double isRefused(LivePair pair) {
    return pair.refused().isPresent() ? 1 : 0;
  }

  @Scheduled(every = "1s", delayed = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void look() {
    pairs.forEach(this::look);
  }

  private void look(LivePair pair) {
    switch (pair.refresh()) {
      case UNCHANGED -> {}
      case LOADED -> {
        LOG.infof(
            "a certificate of the gateway's own is in force",
            entry("use", pair.name()),
            entry("certificate", pair.current()),
            entry("notAfter", pair.notAfter()));
        if (pair.equals(client)) {
          peer.warm();
        }
      }
      case FAULTY -> {
        LOG.errorf(
            "a certificate or key of the gateway's own is refused, and the last good pair stays in"
                + " force",
            entry("use", pair.name()),
            entry("certificate", pair.current()),
            entry("notAfter", pair.notAfter()));
        pair.refused()
            .orElse(List.of())
            .forEach(fault -> LOG.errorf("a key pair has a fault", entry("fault", fault)));
      }
    }
  }
}
