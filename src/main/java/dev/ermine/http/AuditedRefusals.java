package dev.ermine.http;

import dev.ermine.audit.AuditRecord;
import dev.ermine.audit.AuditTrail;
import dev.ermine.region.Regions;
import dev.ermine.trust.Trust.Untrusted;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** Refusals of trust, each in the audit trail before the caller hears of it. */
public final class AuditedRefusals {

  private final AuditTrail audit;
  private final Supplier<Regions> live;
  private final InstantSource clock;

  /**
   * @param live the version of trust in force
   */
  public AuditedRefusals(AuditTrail audit, Supplier<Regions> live, InstantSource clock) {
    this.audit = audit;
    this.live = live;
    this.clock = clock;
  }

  /**
   * @param client the network address that the request came from
   * @param route its route's template
   */
  Reply refuse(Untrusted untrusted, String requestId, String client, String route) {
    return refuse(untrusted, Refusals.of(untrusted), requestId, client, route);
  }

  /** The same where the caller hears of it in another way. */
  Reply refuse(Untrusted untrusted, Reply reply, String requestId, String client, String route) {
    audit.refuse(
        new AuditRecord.Refusal(
            clock.instant(),
            requestId,
            client,
            untrusted.reason().name(),
            reply.status(),
            untrusted.region(),
            Optional.empty(),
            route,
            live.get().hash()));
    return reply;
  }
}
