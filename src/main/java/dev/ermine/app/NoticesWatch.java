package dev.ermine.app;

import static java.util.Map.entry;

import dev.ermine.audit.AuditRecord;
import dev.ermine.audit.AuditTrail;
import dev.ermine.audit.AuditUnavailableException;
import dev.ermine.audit.BrokenGlass;
import dev.ermine.audit.PastEvent;
import dev.ermine.peer.ControlClient;
import dev.ermine.region.Finding;
import dev.ermine.region.LiveRegions;
import dev.ermine.region.PrivacyOffice;
import dev.ermine.region.PrivacyOfficeFindings;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The look, each second, at whether the audit tells of broken glass that a privacy office has not
 * been told of. Each office is told of one after the other until it has taken it in, and the audit
 * then says so: what it does not say at the next start is told again.
 *
 * <p>Nothing waits for it: an office that is away keeps nobody from their record.
 */
@Singleton
final class NoticesWatch {

  private static final Logger LOG = Logger.getLogger(NoticesWatch.class);
  private static final ZoneId LONDON = ZoneId.of("Europe/London");

  private final BrokenGlass glass;
  private final Post post;
  private final AuditTrail audit;
  private final Supplier<Regions> regions;
  private final InstantSource clock;
  private final Patience patience;
  private final Notices notices = new Notices();
  private final Set<RegionId> underWay = ConcurrentHashMap.newKeySet();
  private final Set<RegionId> away = ConcurrentHashMap.newKeySet();

  /** The way to an office: why it has not taken the JSON in, or empty. */
  @FunctionalInterface
  interface Post {
    CompletionStage<Optional<String>> deliver(PrivacyOffice office, String json);
  }

  /** How long to wait before one is told again: at first, and at most. */
  record Patience(Duration first, Duration longest) {}

  @Inject
  NoticesWatch(
      Ground ground,
      ControlClient control,
      MeteredAudit audit,
      LiveRegions live,
      InstantSource clock,
      MeterRegistry registry) {
    this(
        new BrokenGlass(ground.auditFile()),
        (office, json) -> control.deliver(office.webhook(), office.anchors(), json),
        audit,
        live::current,
        clock,
        new Patience(Duration.ofSeconds(1), Duration.ofMinutes(5)));
    Gauge.builder("ermine.notices.outstanding", this, NoticesWatch::outstanding)
        .description("notices of broken glass that privacy offices have not taken in yet")
        .register(registry);
    Gauge.builder("ermine.privacy.offices.missing", this, watch -> watch.missing().size())
        .description("regions that the glass may be broken at or from, and that have no office")
        .register(registry);
    missing()
        .forEach(
            it ->
                LOG.warnf(
                    "nobody is told when the glass is broken",
                    entry("path", it.path()),
                    entry("fault", it.message())));
  }

  NoticesWatch(
      BrokenGlass glass,
      Post post,
      AuditTrail audit,
      Supplier<Regions> regions,
      InstantSource clock,
      Patience patience) {
    this.glass = glass;
    this.post = post;
    this.audit = audit;
    this.regions = regions;
    this.clock = clock;
    this.patience = patience;
  }

  int outstanding() {
    return notices.size();
  }

  private List<Finding> missing() {
    return PrivacyOfficeFindings.of(regions.get(), clock.instant().atZone(LONDON).toLocalDate());
  }

  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void look() {
    try {
      glass.look(notices::heed, notices::hasRoom);
    } catch (IOException e) {
      LOG.errorf("the audit cannot be read for notices", entry("fault", e.getClass().getName()));
    }
    notices.regions().stream()
        .filter(underWay::add)
        .forEach(region -> Thread.ofVirtual().name("notices").start(() -> giveAll(region)));
  }

  /** One after the other; after a failure the same one again, when some more time has passed. */
  private void giveAll(RegionId region) {
    try {
      Duration wait = patience.first();
      Optional<Notice> next = notices.next(region);
      while (next.isPresent()) {
        if (isGiven(next.get())) {
          notices.done(next.get());
          wait = patience.first();
        } else {
          Thread.sleep(wait);
          wait = Collections.min(List.of(wait.multipliedBy(2), patience.longest()));
        }
        next = notices.next(region);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      underWay.remove(region);
    }
  }

  /** Whether it is at the address in force, and audited; nobody is told where there is none. */
  private boolean isGiven(Notice notice) {
    Regions now = regions.get();
    Optional<PrivacyOffice> office = now.region(notice.to()).flatMap(Region::privacyOffice);
    return office.isEmpty() || (isTaken(notice, office.get(), now) && isAudited(notice, now));
  }

  private boolean isTaken(Notice notice, PrivacyOffice office, Regions now) {
    Optional<String> fault =
        post.deliver(office, notice.json(now.gateway().id())).toCompletableFuture().join();
    log(notice.to(), fault);
    return fault.isEmpty();
  }

  private boolean isAudited(Notice notice, Regions now) {
    PastEvent event = notice.event();
    try {
      audit.tell(
          new AuditRecord.Told(
              clock.instant(), event.requestId(), event.at(), notice.to(), now.hash()));
      return true;
    } catch (AuditUnavailableException e) {
      LOG.errorf("a notice cannot be audited", entry("fault", String.valueOf(e.getMessage())));
      return false;
    }
  }

  /** That an office takes nothing in is news once, and so is its end. */
  private void log(RegionId region, Optional<String> fault) {
    if (fault.isPresent() && away.add(region)) {
      LOG.warnf(
          "a privacy office takes no notice of broken glass",
          entry("region", region),
          entry("fault", fault.get()));
    } else if (fault.isEmpty() && away.remove(region)) {
      LOG.infof("a privacy office takes notices again", entry("region", region));
    }
  }
}
