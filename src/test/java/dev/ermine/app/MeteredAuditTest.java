package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ermine.audit.AuditRecord;
import dev.ermine.audit.AuditTrail;
import dev.ermine.audit.AuditUnavailableException;
import dev.ermine.federation.FederatedAnswer.Failure;
import dev.ermine.federation.Quality;
import dev.ermine.peer.Connections;
import dev.ermine.peer.Documents;
import dev.ermine.peer.Spared;
import dev.ermine.region.RegionId;
import dev.ermine.testing.Given;
import dev.ermine.testing.SelfSigned;
import dev.ermine.trust.Trust;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MeteredAuditTest {

  private static final RegionId LONDON = new RegionId("london");
  private static final AuditRecord.Query QUERY =
      new AuditRecord.Query(
          "r-1",
          "192.0.2.1",
          Given.requester("thumbprint"),
          Given.ADA,
          AuditRecord.Interaction.SEARCH_TYPE,
          "Observation",
          List.of("Observation"),
          "hash");

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final List<AuditRecord> kept = new ArrayList<>();
  private final RegionMeters regions =
      new RegionMeters(
          registry,
          region -> new Connections(),
          region -> new Spared(Spared.State.CLOSED, Duration.ZERO),
          region -> 0,
          region -> new Documents(),
          new Quality(Given.NOON));

  @BeforeEach
  void follow() {
    regions.follow(
        Given.regions(
            SelfSigned.certificate(Given.NOON, Given.NOON.plusSeconds(9)), Given.region("london")));
  }

  @Test
  void countsAndTimesWhatIsKept() {
    MeteredAudit audit = new MeteredAudit(trail(true), regions, registry);
    audit.intend(new AuditRecord.Intent(Given.NOON, QUERY, Map.of(), Map.of()));
    audit.record(
        new AuditRecord.Outcome(Given.NOON, QUERY, 200, Map.of(LONDON, "answered"), List.of()));
    audit.refuse(refusal("TOKEN_REPLAYED"));
    assertThat(kept).hasSize(3);
    assertThat(registry.get("ermine.audit.commit").timer().count()).isEqualTo(3);
    assertThat(registry.get("ermine.audit.failures").counter().count()).isZero();
    assertThat(account("answered")).isEqualTo(1);
    assertThat(refused("TOKEN_REPLAYED")).isEqualTo(1);
  }

  @Test
  void countsWhatCannotBeKeptAndPassesItOn() {
    MeteredAudit audit = new MeteredAudit(trail(false), regions, registry);
    assertThatThrownBy(
            () ->
                audit.record(
                    new AuditRecord.Outcome(
                        Given.NOON, QUERY, 200, Map.of(LONDON, "answered"), List.of())))
        .isInstanceOf(AuditUnavailableException.class);
    assertThat(registry.get("ermine.audit.failures").counter().count()).isEqualTo(1);
    assertThat(registry.get("ermine.audit.commit").timer().count()).isZero();
    assertThat(account("answered")).as("what is not audited has not been answered").isZero();
  }

  @Test
  void hasEveryReasonFromTheStart() {
    new MeteredAudit(trail(true), regions, registry);
    for (Trust.Reason reason : Trust.Reason.values()) {
      assertThat(refused(reason.name())).isZero();
    }
    for (Failure failure : Failure.values()) {
      assertThat(refused(failure.name())).isZero();
    }
  }

  private double account(String status) {
    return registry
        .get("ermine.account")
        .tags("region", "london", "status", status)
        .counter()
        .count();
  }

  private double refused(String reason) {
    return registry.get("ermine.refusals").tag("reason", reason).counter().count();
  }

  private static AuditRecord.Refusal refusal(String reason) {
    return new AuditRecord.Refusal(
        Given.NOON,
        "r-1",
        "192.0.2.1",
        reason,
        401,
        Optional.empty(),
        Optional.empty(),
        "/fhir",
        "hash");
  }

  private AuditTrail trail(boolean works) {
    return new AuditTrail() {
      @Override
      public void intend(AuditRecord.Intent intent) {
        keep(intent);
      }

      @Override
      public void override(AuditRecord.GlassBroken broken) {
        keep(broken);
      }

      @Override
      public void tell(AuditRecord.Told told) {
        keep(told);
      }

      @Override
      public void record(AuditRecord.Outcome outcome) {
        keep(outcome);
      }

      @Override
      public void issue(AuditRecord.Issue issue) {
        keep(issue);
      }

      @Override
      public void refuse(AuditRecord.Refusal refusal) {
        keep(refusal);
      }

      @Override
      public void act(AuditRecord.Act act) {
        keep(act);
      }

      private void keep(AuditRecord record) {
        if (!works) {
          throw new AuditUnavailableException("no disk");
        }
        kept.add(record);
      }
    };
  }
}
