package dev.ermine.app;

import dev.ermine.region.LiveRegions;
import dev.ermine.region.Region;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  private final InstantSource clock;

  RegionsHealth(LiveRegions live, LastWords words, InstantSource clock) {
    this.live = live;
    this.words = words;
    this.clock = clock;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder told = HealthCheckResponse.named("regions").up();
    live.current().regions().forEach(region -> told.withData(region.id().value(), told(region)));
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
              told.add("anchors " + Validity.ofSoonest(answers.anchors(), now));
            });
    region
        .asks()
        .ifPresent(
            asks ->
                told.add("client certificates " + Validity.ofSoonest(asks.certificates(), now)));
    return String.join("; ", told);
  }
}
