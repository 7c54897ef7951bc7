package dev.ermine.app;

import static java.util.Map.entry;

import dev.ermine.audit.AuditFile;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The look, each second, at whether audit records can be kept. One look is under way at a time:
 * however many want to know while the disk hangs, none of them waits with it.
 */
@Singleton
final class AuditWatch {

  private static final Logger LOG = Logger.getLogger(AuditWatch.class);

  private final Supplier<Optional<String>> audit;
  private volatile Optional<String> fault = Optional.of("not looked at yet");

  @Inject
  AuditWatch(AuditFile audit, MeterRegistry registry) {
    this(audit::fault);
    Gauge.builder("ermine.audit.available", this, watch -> watch.fault.isEmpty() ? 1 : 0)
        .description("whether audit records can be kept")
        .register(registry);
    Gauge.builder("ermine.audit.waiting", audit, AuditFile::waiting)
        .description("audit records that wait for the disk")
        .register(registry);
  }

  /**
   * @param audit says why no record can be kept, and may take its time over it
   */
  AuditWatch(Supplier<Optional<String>> audit) {
    this.audit = audit;
  }

  @Scheduled(every = "1s", delayed = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void look() {
    Optional<String> before = fault;
    Optional<String> now = audit.get();
    fault = now;
    if (before.isPresent() && now.isEmpty()) {
      LOG.info("audit records can be kept");
    } else if (before.isEmpty()) {
      now.ifPresent(why -> LOG.errorf("audit records cannot be kept", entry("fault", why)));
    }
  }

  /** Why no record could be kept at the last look; empty if one could. */
  Optional<String> fault() {
    return fault;
  }
}
