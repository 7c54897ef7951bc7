package dev.ermine.app;

import static java.util.Map.entry;

import dev.ermine.region.LiveRegions;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Revocation;
import dev.ermine.region.Region.Revocation.Crl;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import javax.security.auth.x500.X500Principal;
import org.jboss.logging.Logger;

/** The look, each second, at whether a list of revoked certificates has come to its end. */
@Singleton
final class RevocationListsWatch {

  private static final Logger LOG = Logger.getLogger(RevocationListsWatch.class);

  /** Whose word it is, and on which of a region's certificates. */
  private record Word(RegionId region, String use, X500Principal issuer) {}

  private final Supplier<Regions> regions;
  private final InstantSource clock;
  private final Map<Word, Instant> ended = new HashMap<>();

  @Inject
  RevocationListsWatch(LiveRegions live, InstantSource clock) {
    this(live::current, clock);
  }

  RevocationListsWatch(Supplier<Regions> regions, InstantSource clock) {
    this.regions = regions;
    this.clock = clock;
  }

  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  synchronized void look() {
    Map<Word, Crl> last = last(regions.get());
    last.forEach(this::tell);
    ended.keySet().retainAll(last.keySet());
  }

  /** Of each issuer the list that ends last: as long as that stands, certificates are cleared. */
  private static Map<Word, Crl> last(Regions regions) {
    Map<Word, Crl> last = new HashMap<>();
    for (Region region : regions.withDemographics()) {
      if (region.status() != Region.Status.RETIRED) {
        add(last, region, "asks", region.asks().flatMap(Region.Asks::revocation));
        add(last, region, "answers", region.answers().flatMap(Region.Answers::revocation));
      }
    }
    return last;
  }

  private static void add(
      Map<Word, Crl> last, Region region, String use, Optional<Revocation> declared) {
    for (Crl crl : declared.map(Revocation::crls).orElse(List.of())) {
      last.merge(
          new Word(region.id(), use, crl.list().getIssuerX500Principal()),
          crl,
          BinaryOperator.maxBy(Comparator.comparing(RevocationListsWatch::end)));
    }
  }

  private static Instant end(Crl crl) {
    return crl.list().getNextUpdate().toInstant();
  }

  /** An end is news once, and so is a list that is in date again. */
  private void tell(Word word, Crl crl) {
    Instant end = end(crl);
    if (clock.instant().isBefore(end)) {
      if (ended.remove(word) != null) {
        LOG.infof(
            "a list of revoked certificates is in date again",
            entry("region", word.region()),
            entry("use", word.use()),
            entry("file", crl.file()),
            entry("nextUpdate", end));
      }
    } else if (!end.equals(ended.put(word, end))) {
      LOG.errorf(
          "a list of revoked certificates has ended, and certificates of its issuer are refused",
          entry("region", word.region()),
          entry("use", word.use()),
          entry("file", crl.file()),
          entry("nextUpdate", end));
    }
  }
}
