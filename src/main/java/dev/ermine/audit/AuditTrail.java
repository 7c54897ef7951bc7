package dev.ermine.audit;

/**
 * Where audit records go. When a call returns, the record is durable; when it cannot be, {@link
 * AuditUnavailableException} is thrown and no data may leave.
 */
public interface AuditTrail {

  /** Records that a query will be asked, before any peer is. */
  void intend(AuditRecord.Intent intent);

  /** Records that the glass will be broken, before any peer is asked. */
  void override(AuditRecord.GlassBroken broken);

  /** Records what came of it, before the answer leaves. */
  void record(AuditRecord.Outcome outcome);

  /** Records that an access token is given, before it leaves. */
  void issue(AuditRecord.Issue issue);

  /** Records that a request was refused. */
  void refuse(AuditRecord.Refusal refusal);

  /** Records that a privacy office was told that the glass was broken. */
  void tell(AuditRecord.Told told);

  /** Records what a security officer did, before the officer is answered. */
  void act(AuditRecord.Act act);
}
