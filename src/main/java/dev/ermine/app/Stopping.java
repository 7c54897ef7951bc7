package dev.ermine.app;

import static java.util.Map.entry;

import dev.ermine.http.Drain;
import dev.ermine.region.LiveRegions;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * What comes between the order to stop and the end: not ready at once, it serves on while the
 * platform takes note, then finishes what it has let in. All of it is done in Quarkus' pre-shutdown
 * phase, the only one before the server closes; the audit file closes after the server.
 */
@Singleton
final class Stopping {

  private static final Logger LOG = Logger.getLogger(Stopping.class);

  private final GatewayConfig config;
  private final Drain drain;
  private final LiveRegions live;

  Stopping(GatewayConfig config, Drain drain, LiveRegions live) {
    this.config = config;
    this.drain = drain;
    this.live = live;
  }

  void stop(@Observes ShutdownDelayInitiatedEvent ordered) throws InterruptedException {
    Duration delay = config.drainDelay();
    LOG.infof("stopping: serves on, and sends callers elsewhere", entry("delay", delay));
    drain.begin();
    TimeUnit.MILLISECONDS.sleep(delay.toMillis());
    LOG.info("stopping: nobody is let in any more");
    if (drain.finish(live.current().gateway().deadline())) {
      LOG.info("stopping: every request is answered");
    } else {
      LOG.error("stopping: requests took too long and are cut off");
    }
  }
}
