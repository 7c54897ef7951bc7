package dev.ermine.app;

import dev.ermine.peer.Spared;
import dev.ermine.peer.VertxPeer;
import dev.ermine.region.LiveRegions;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.trust.Revocations;
import dev.ermine.trust.Revocations.Status;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * How each region is doing, as far as the gateway knows by itself. It is told and decides nothing:
 * that a region is down must not take down the gateway to the others.
 */
@Readiness
@Singleton
final class RegionsHealth implements HealthCheck {

  private final LiveRegions live;
  private final LastWords words;
  private final VertxPeer peer;
  private final Revocations revocations;
  private final InstantSource clock;

  RegionsHealth(
      LiveRegions live,
      LastWords words,
      VertxPeer peer,
      Revocations revocations,
      InstantSource clock) {
    this.live = live;
    this.words = words;
    this.peer = peer;
    this.revocations = revocations;
    this.clock = clock;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder told = HealthCheckResponse.named("regions").up();
    live.current()
        .withDemographics()
        .forEach(region -> told.withData(region.id().value(), told(region)));
    return told.build();
  }

  private String told(Region region) {
    Instant now = clock.instant();
    List<String> told = new ArrayList<>();
    told.add(region.status().name().toLowerCase(Locale.ROOT));
    region
        .answers()
        .ifPresent(
            answers -> {
              told.add(
                  words.of(region.id()).map(LastWords.Heard::toString).orElse("not asked yet"));
              breaker(region.id()).ifPresent(told::add);
              told.add("anchors " + Validity.ofSoonest(answers.anchors(), now));
              answers.revocation().flatMap(RegionsHealth::listsEnd).ifPresent(told::add);
            });
    region.asks().ifPresent(asks -> told.add("client certificates " + unrevoked(asks, now)));
    return String.join("; ", told);
  }

  private Optional<String> breaker(RegionId id) {
    Spared spared = peer.spared(id);
    return spared.state() == Spared.State.CLOSED
        ? Optional.empty()
        : Optional.of("breaker " + spared.state() + ", " + spared.words());
  }

  private String unrevoked(Region.Asks asks, Instant now) {
    String valid = Validity.ofSoonest(asks.certificates(), now).toString();
    return asks.revocation()
        .map(
            declared -> {
              long good =
                  asks.certificates().stream()
                      .filter(each -> revocations.status(each, declared) == Status.GOOD)
                      .count();
              String known =
                  "%s, %d of %d known to be unrevoked"
                      .formatted(valid, good, asks.certificates().size());
              return listsEnd(declared).map(ends -> known + "; " + ends).orElse(known);
            })
        .orElse(valid);
  }

  private static Optional<String> listsEnd(Region.Revocation declared) {
    return declared.crls().stream()
        .map(crl -> crl.list().getNextUpdate().toInstant())
        .min(Comparator.naturalOrder())
        .map(end -> "revocation list until " + end);
  }
}
