package dev.ermine.testing;

import dev.ermine.audit.AuditRecord;
import dev.ermine.audit.AuditTrail;

/** An audit trail that nobody reads. */
public class UnreadAudit implements AuditTrail {

  @Override
  public void intend(AuditRecord.Intent intent) {}

  @Override
  public void override(AuditRecord.GlassBroken broken) {}

  @Override
  public void record(AuditRecord.Outcome outcome) {}

  @Override
  public void issue(AuditRecord.Issue issue) {}

  @Override
  public void refuse(AuditRecord.Refusal refusal) {}

  @Override
  public void act(AuditRecord.Act act) {}

  @Override
  public void tell(AuditRecord.Told told) {}
}
