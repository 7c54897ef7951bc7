package dev.ermine.http;

import dev.ermine.audit.AuditRecord;
import dev.ermine.audit.AuditTrail;
import dev.ermine.region.Regions;
import dev.ermine.trust.Officer;
import dev.ermine.trust.OfficerTrust;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What officers do, each in the audit trail before the officer is answered. */
public final class AuditedActs {

  private final AuditTrail audit;
  private final Supplier<Regions> live;
  private final InstantSource clock;

  /**
   * @param live the version of {@code regions.yaml} in force
   */
  public AuditedActs(AuditTrail audit, Supplier<Regions> live, InstantSource clock) {
    this.audit = audit;
    this.live = live;
    this.clock = clock;
  }

  /** An officer has asked, and is about to be answered. */
  void done(
      Officer officer, Admitted admitted, Map<String, String> asked, int decisions, int status) {
    act(officer, admitted, asked, decisions, status, Optional.empty());
  }

  /** Somebody was not let do it: an officer who may not, or no officer at all. */
  void refused(OfficerTrust.Refused refused, Admitted admitted) {
    String reason = refused.reason().name();
    int status = refused.reason().status();
    refused
        .officer()
        .ifPresentOrElse(
            officer -> act(officer, admitted, Map.of(), 0, status, Optional.of(reason)),
            () ->
                audit.refuse(
                    new AuditRecord.Refusal(
                        clock.instant(),
                        admitted.requestId(),
                        admitted.client(),
                        reason,
                        status,
                        refused.region(),
                        Optional.empty(),
                        admitted.address().template(),
                        live.get().hash())));
  }

  private void act(
      Officer officer,
      Admitted admitted,
      Map<String, String> asked,
      int decisions,
      int status,
      Optional<String> reason) {
    audit.act(
        new AuditRecord.Act(
            clock.instant(),
            admitted.requestId(),
            admitted.client(),
            officer.id(),
            admitted.address().template(),
            asked,
            decisions,
            status,
            reason,
            live.get().hash()));
  }
}
