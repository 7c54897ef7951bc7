package dev.ermine.app;

import static java.util.Map.entry;

import dev.ermine.region.Edition;
import dev.ermine.region.Period;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jboss.logging.Logger;

/** The warning, once a day for two weeks, that the version of trust in force is about to end. */
final class Ending {

  private static final Logger LOG = Logger.getLogger(Ending.class);
  private static final Duration NOTICE = Duration.ofDays(14);

  private final InstantSource clock;
  private LocalDate told = LocalDate.MIN;

  Ending(InstantSource clock) {
    this.clock = clock;
  }

  void tell(Edition edition) {
    edition.valid().ifPresent(this::tell);
  }

  private void tell(Period valid) {
    Instant now = clock.instant();
    LocalDate today = now.atZone(ZoneOffset.UTC).toLocalDate();
    boolean isSoon = now.isAfter(valid.until().minus(NOTICE)) && !valid.hasEnded(now);
    if (isSoon && !today.equals(told)) {
      told = today;
      LOG.warnf(
          "regions.yaml ends soon, and every query is refused then; have the next version signed",
          entry("ends", valid.until()));
    }
  }
}
