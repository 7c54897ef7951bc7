package dev.ermine.app;

import dev.ermine.region.Fault;
import dev.ermine.region.LiveRegions;
import dev.ermine.region.Regions;
import dev.ermine.trust.TrustVerifier;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.logging.Logger;

/** The look, each second, at whether the officers have changed the regions. */
@Singleton
final class RegionsWatch {

  private static final Logger LOG = Logger.getLogger(RegionsWatch.class);

  private final LiveRegions live;

  RegionsWatch(LiveRegions live) {
    this.live = live;
  }

  @Scheduled(every = "1s", delayed = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void look() {
    switch (live.refresh()) {
      case UNCHANGED -> {}
      case LOADED -> tell(live.current());
      case FAULTY -> tell(live.lastFaults().orElse(List.of()));
    }
  }

  private static void tell(Regions regions) {
    LOG.infof("regions.yaml serial %d is in force (%s)", regions.serial(), regions.hash());
    TrustVerifier.faults(regions).forEach(fault -> LOG.errorf("regions.yaml: %s", fault));
  }

  private void tell(List<Fault> faults) {
    LOG.errorf("regions.yaml is refused, serial %d stays in force; mend:", live.current().serial());
    faults.forEach(fault -> LOG.errorf("%s", fault));
  }
}
