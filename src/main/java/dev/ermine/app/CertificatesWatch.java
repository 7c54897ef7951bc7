package dev.ermine.app;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.logging.Logger;

/** The look, each second, at whether the operators have renewed the gateway's own certificates. */
@Singleton
final class CertificatesWatch {

  private static final Logger LOG = Logger.getLogger(CertificatesWatch.class);

  private final Ground ground;

  CertificatesWatch(Ground ground) {
    this.ground = ground;
  }

  @Scheduled(every = "1s", delayed = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void look() {
    lookAt(ground.server());
    lookAt(ground.client());
  }

  private static void lookAt(LivePair pair) {
    switch (pair.refresh()) {
      case UNCHANGED -> {}
      case LOADED ->
          LOG.infof(
              "the %s certificate in force is %s, until %s",
              pair.name(), pair.current(), pair.notAfter());
      case FAULTY -> {
        LOG.errorf(
            "a new %s certificate or key is refused, %s stays in force until %s; mend:",
            pair.name(), pair.current(), pair.notAfter());
        pair.refused().orElse(List.of()).forEach(fault -> LOG.errorf("%s", fault));
      }
    }
  }
}
