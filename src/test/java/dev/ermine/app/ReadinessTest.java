package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.testing.Given;
import dev.ermine.testing.SelfSigned;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether the gateway is ready, and what it says of it. */
class ReadinessTest {

  @Test
  void auditIsNotReadyBeforeItIsLookedAt() {
    assertThat(new AuditReadiness(new AuditWatch(Optional::empty)).call().getStatus())
        .isEqualTo(Status.DOWN);
  }

  @Test
  void auditIsAsItWasAtTheLastLook() {
    AtomicReference<Optional<String>> fault = new AtomicReference<>(Optional.empty());
    AuditWatch watch = new AuditWatch(fault::get);
    AuditReadiness audit = new AuditReadiness(watch);
    watch.look();
    assertThat(audit.call().getStatus()).isEqualTo(Status.UP);
    fault.set(Optional.of("no room left"));
    watch.look();
    HealthCheckResponse down = audit.call();
    assertThat(down.getStatus()).isEqualTo(Status.DOWN);
    assertThat(down.getData().orElseThrow()).containsEntry("fault", "no room left");
  }

  @Test
  @Timeout(30)
  void probesDoNotWaitWithADiskThatHangs() throws InterruptedException {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    AuditWatch watch =
        new AuditWatch(
            () -> {
              hanging.countDown();
              await(end);
              return Optional.of("the disk hung");
            });
    Thread look = Thread.ofVirtual().start(watch::look);
    hanging.await();
    AuditReadiness audit = new AuditReadiness(watch);
    for (int probe = 0; probe < 1000; probe++) {
      assertThat(audit.call().getStatus()).isEqualTo(Status.DOWN);
    }
    end.countDown();
    look.join();
    assertThat(watch.fault()).contains("the disk hung");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts the look", e);
    }
  }

  @Test
  void aCertificateIsGoodFromItsFirstSecondToItsLast() {
    X509Certificate day = SelfSigned.certificate(Given.NOON, Given.NOON.plus(Duration.ofDays(1)));
    assertThat(Validity.of(day, Given.NOON.minusSeconds(1)))
        .hasToString("not good before 2026-11-21T12:00:00Z")
        .returns(false, Validity::stands);
    assertThat(Validity.of(day, Given.NOON))
        .hasToString("good until 2026-11-22T12:00:00Z")
        .returns(true, Validity::stands);
    assertThat(Validity.of(day, Given.NOON.plus(Duration.ofDays(1))))
        .returns(true, Validity::stands);
    assertThat(Validity.of(day, Given.NOON.plus(Duration.ofDays(1)).plusSeconds(1)))
        .hasToString("ended 2026-11-22T12:00:00Z")
        .returns(false, Validity::stands);
  }
}
