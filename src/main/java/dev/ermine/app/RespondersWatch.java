package dev.ermine.app;

import dev.ermine.region.LiveRegions;
import dev.ermine.trust.Revocations;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;

/** The look, each second, at whether it is time to ask an OCSP responder again. */
@Singleton
final class RespondersWatch {

  private final LiveRegions live;
  private final Revocations revocations;

  RespondersWatch(LiveRegions live, Revocations revocations) {
    this.live = live;
    this.revocations = revocations;
  }

  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void look() {
    revocations.askResponders(live.current());
  }
}
