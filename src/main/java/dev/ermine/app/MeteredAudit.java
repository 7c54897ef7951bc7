package dev.ermine.app;

import dev.ermine.audit.AuditRecord;
import dev.ermine.audit.AuditTrail;
import dev.ermine.audit.AuditUnavailableException;
import dev.ermine.federation.FederatedAnswer.Failure;
import dev.ermine.trust.OfficerTrust;
import dev.ermine.trust.Trust;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An audit trail whose records are counted and timed. What every record says in fixed words is
 * counted with it: each region's account, and why a request was refused. So the numbers are those
 * of the audit.
 */
final class MeteredAudit implements AuditTrail {

  private final AuditTrail trail;
  private final RegionMeters regions;
  private final MeterRegistry registry;
  private final Timer commits;
  private final Counter failures;
  private final Map<String, Counter> refusals = new ConcurrentHashMap<>();

  MeteredAudit(AuditTrail trail, RegionMeters regions, MeterRegistry registry) {
    this.trail = trail;
    this.regions = regions;
    this.registry = registry;
    this.commits = Timers.of(registry, "ermine.audit.commit", "time until a record is durable");
    this.failures =
        Counter.builder("ermine.audit.failures")
            .description("records that could not be made durable")
            .register(registry);
    Stream.of(Trust.Reason.values(), Failure.values(), OfficerTrust.Reason.values())
        .flatMap(Arrays::stream)
        .forEach(reason -> refusal(reason.name()));
  }

  @Override
  public void intend(AuditRecord.Intent intent) {
    commit(() -> trail.intend(intent));
  }

  @Override
  public void override(AuditRecord.GlassBroken broken) {
    commit(() -> trail.override(broken));
  }

  @Override
  public void record(AuditRecord.Outcome outcome) {
    commit(() -> trail.record(outcome));
    outcome.statuses().forEach(regions::accounted);
  }

  @Override
  public void issue(AuditRecord.Issue issue) {
    commit(() -> trail.issue(issue));
  }

  @Override
  public void refuse(AuditRecord.Refusal refusal) {
    refusal(refusal.reason()).increment();
    commit(() -> trail.refuse(refusal));
  }

  @Override
  public void tell(AuditRecord.Told told) {
    commit(() -> trail.tell(told));
  }

  @Override
  public void act(AuditRecord.Act act) {
    act.reason().ifPresent(reason -> refusal(reason).increment());
    commit(() -> trail.act(act));
  }

  private void commit(Runnable record) {
    long began = System.nanoTime();
    try {
      record.run();
      commits.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
    } catch (AuditUnavailableException e) {
      failures.increment();
      throw e;
    }
  }

  private Counter refusal(String reason) {
    return refusals.computeIfAbsent(
        reason,
        each ->
            Counter.builder("ermine.refusals")
                .description("requests that were refused for want of trust or agreement")
                .tags("reason", each)
                .register(registry));
  }
}
