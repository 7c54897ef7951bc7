package dev.ermine.http;

import dev.ermine.audit.AuditRecord;
import dev.ermine.audit.AuditTrail;
import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.region.RegionId;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Trust.Untrusted;
import java.time.InstantSource;
import java.util.Optional;

/** Refusals of trust and of agreement, each in the audit trail before the caller hears of it. */
public final class AuditedRefusals {

  private final AuditTrail audit;
  private final InstantSource clock;

  public AuditedRefusals(AuditTrail audit, InstantSource clock) {
    this.audit = audit;
    this.clock = clock;
  }

  Reply untrusted(Untrusted untrusted, String requestId, String client, String route) {
    Reply reply = Refusals.of(untrusted);
    keep(
        untrusted.reason().name(),
        reply.status(),
        untrusted.region(),
        Optional.empty(),
        requestId,
        client,
        route);
    return reply;
  }

  Reply unanswered(Unanswered unanswered, Requester requester, Admitted admitted) {
    Reply reply = Refusals.of(unanswered);
    if (Refusals.isRefusal(unanswered.failure())) {
      keep(
          unanswered.failure().name(),
          reply.status(),
          Optional.of(requester.region()),
          Optional.of(requester),
          admitted.requestId(),
          admitted.client(),
          admitted.address().template());
    }
    return reply;
  }

  private void keep(
      String reason,
      int status,
      Optional<RegionId> region,
      Optional<Requester> requester,
      String requestId,
      String client,
      String route) {
    audit.refuse(
        new AuditRecord.Refusal(
            clock.instant(), requestId, client, reason, status, region, requester, route));
  }
}
