package dev.ermine.app;

import dev.ermine.http.Ending;
import dev.ermine.http.Interaction;
import dev.ermine.http.Traffic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests at the door, counted by what they are about and how they end. Both are enums, and
 * every series is there from the start: nothing that anyone sends makes another.
 */
final class RequestMeters implements Traffic {

  private final AtomicInteger inFlight = new AtomicInteger();
  private final Map<Interaction, Watched> watched = new EnumMap<>(Interaction.class);

  /** The series of one interaction. */
  private record Watched(Map<Ending, Counter> ended, Timer answered) {}

  RequestMeters(MeterRegistry registry) {
    for (Interaction interaction : Interaction.values()) {
      watched.put(interaction, watched(registry, interaction.code()));
    }
    Gauge.builder("ermine.queries.in.flight", inFlight, AtomicInteger::get)
        .description("queries that have begun and not ended")
        .register(registry);
  }

  private static Watched watched(MeterRegistry registry, String interaction) {
    Map<Ending, Counter> ended = new EnumMap<>(Ending.class);
    for (Ending ending : Ending.values()) {
      ended.put(
          ending,
          Counter.builder("ermine.requests")
              .description("requests that have ended")
              .tags("interaction", interaction, "outcome", ending.code())
              .register(registry));
    }
    return new Watched(
        ended,
        Timers.of(
            registry,
            "ermine.requests.answered",
            "time to the answer of requests that have one",
            "interaction",
            interaction));
  }

  @Override
  public void began(Interaction interaction) {
    if (interaction.isQuery()) {
      inFlight.incrementAndGet();
    }
  }

  @Override
  public void ended(Interaction interaction, Ending ending, Duration took) {
    if (interaction.isQuery()) {
      inFlight.decrementAndGet();
    }
    Watched series = Objects.requireNonNull(watched.get(interaction));
    Objects.requireNonNull(series.ended.get(ending)).increment();
    if (ending == Ending.ANSWERED) {
      series.answered.record(took);
    }
  }
}
