package dev.ermine.http;

import dev.ermine.audit.AuditRecord;
import dev.ermine.audit.AuditTrail;
import dev.ermine.trust.Grant.Granted;
import java.time.Instant;
import java.time.InstantSource;

/** Access tokens, each in the audit trail before the caller has it. */
public final class AuditedGrants {

  private final AuditTrail audit;
  private final InstantSource clock;

  public AuditedGrants(AuditTrail audit, InstantSource clock) {
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * @param client the network address that the request came from
   */
  Reply give(Granted granted, String requestId, String client) {
    Instant now = clock.instant();
    audit.issue(
        new AuditRecord.Issue(now, requestId, client, granted.requester(), granted.trustHash()));
    return TokenReplies.of(granted, now);
  }
}
