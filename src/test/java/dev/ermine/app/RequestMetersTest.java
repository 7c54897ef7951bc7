package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.http.Ending;
import dev.ermine.http.Gate;
import dev.ermine.http.Interaction;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RequestMetersTest {

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final RequestMeters meters =
      new RequestMeters(registry, new Gate(64, 1_000_000, Runnable::run));

  @Test
  void countsWhomThereWasNoPlaceFor() {
    meters.shed("hwe");
    meters.shed("hwe");
    assertThat(registry.get("ermine.requests.shed").tag("asker", "hwe").counter().count())
        .isEqualTo(2);
    assertThat(registry.get("ermine.requests.limit").gauge().value()).isEqualTo(64);
    assertThat(registry.get("ermine.requests.inside").gauge().value()).isZero();
    assertThat(registry.get("ermine.memory.most").gauge().value()).isEqualTo(1_000_000);
  }

  @Test
  void countsEachRequestByWhatItIsAboutAndHowItEnds() {
    meters.began(Interaction.READ);
    meters.ended(Interaction.READ, Ending.NOT_FOUND, Duration.ofMillis(7));
    assertThat(ended("read", "not-found")).isEqualTo(1);
    assertThat(ended("read", "answered")).isZero();
    assertThat(ended("search-type", "not-found")).isZero();
  }

  @Test
  void timesAnswersAlone() {
    meters.ended(Interaction.SEARCH_TYPE, Ending.ANSWERED, Duration.ofMillis(7));
    meters.ended(Interaction.SEARCH_TYPE, Ending.REFUSED, Duration.ofMillis(1));
    var answered =
        registry.get("ermine.requests.answered").tag("interaction", "search-type").timer();
    assertThat(answered.count()).isEqualTo(1);
    assertThat(answered.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(7);
  }

  @Test
  void hasQueriesInFlightAndNothingElse() {
    meters.began(Interaction.SEARCH_SYSTEM);
    meters.began(Interaction.READ);
    meters.began(Interaction.DISCOVERY);
    meters.began(Interaction.NONE);
    assertThat(inFlight()).isEqualTo(2);
    meters.ended(Interaction.SEARCH_SYSTEM, Ending.ABANDONED, Duration.ZERO);
    meters.ended(Interaction.NONE, Ending.REFUSED, Duration.ZERO);
    assertThat(inFlight()).isEqualTo(1);
  }

  @Test
  void hasEverySeriesFromTheStart() {
    int before = registry.getMeters().size();
    for (Interaction interaction : Interaction.values()) {
      for (Ending ending : Ending.values()) {
        meters.began(interaction);
        meters.ended(interaction, ending, Duration.ofMillis(1));
      }
    }
    assertThat(registry.getMeters()).hasSize(before);
  }

  private double ended(String interaction, String outcome) {
    return registry
        .get("ermine.requests")
        .tags("interaction", interaction, "outcome", outcome)
        .counter()
        .count();
  }

  private double inFlight() {
    return registry.get("ermine.queries.in.flight").gauge().value();
  }
}
