package dev.ermine.federation;

import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Thumbprints;
import java.time.Instant;
import java.util.Collection;

/** Whether trust still stands at the moment before an answer leaves. */
final class LastLook {

  static final Unanswered CHANGED = Unanswered.trustChanged();

  private LastLook() {}

  /**
   * The asker's region is active, and so is the one that hands on its question and may still do so;
   * the certificate that proved it is still the sender's, pinned and valid.
   */
  static boolean stands(Requester requester, Regions now, Instant at) {
    return requester.mayAsk(now)
        && now.region(requester.sender())
            .flatMap(Region::asks)
            .filter(
                asks ->
                    asks.certificates().stream()
                        .filter(pinned -> !pinned.getNotAfter().toInstant().isBefore(at))
                        .anyMatch(
                            pinned -> Thumbprints.x5tS256(pinned).equals(requester.certificate())))
            .isPresent();
  }

  /** The asker stands, and so does the region that answered. */
  static boolean stands(Requester requester, Region answering, Regions now, Instant at) {
    return stands(requester, now, at)
        && now.region(answering.id()).filter(Region::mayAnswer).isPresent();
  }

  /** Trust in none of the regions that something originates in has been withdrawn. */
  static boolean originsStand(Collection<RegionId> origins, Regions now) {
    return origins.stream()
        .allMatch(id -> now.region(id).filter(region -> !region.suspended()).isPresent());
  }
}
