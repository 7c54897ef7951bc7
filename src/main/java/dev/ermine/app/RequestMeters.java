package dev.ermine.app;

import dev.ermine.http.Ending;
import dev.ermine.http.Gate;
import dev.ermine.http.Interaction;
import dev.ermine.http.Memory;
import dev.ermine.http.Traffic;
import dev.ermine.http.Whose;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests at the door, counted by what they are about and how they end. Both are enums, and
 * every series is there from the start: nothing that anyone sends makes another.
 */
final class RequestMeters implements Traffic {

  private final AtomicInteger inFlight = new AtomicInteger();
  private final Map<Interaction, Watched> watched = new EnumMap<>(Interaction.class);
  private final Map<String, Counter> shed = new ConcurrentHashMap<>();
  private final MeterRegistry registry;

  /** The series of one interaction. */
  private record Watched(Map<Ending, Counter> ended, Timer answered) {}

  RequestMeters(MeterRegistry registry, Gate gate) {
    this.registry = registry;
    for (Interaction interaction : Interaction.values()) {
      watched.put(interaction, watched(registry, interaction.code()));
    }
    for (Whose nobodys : List.of(Whose.OFFICERS, Whose.STRANGERS)) {
      shed.put(nobodys.label(), shedOf(nobodys.label()));
    }
    Gauge.builder("ermine.queries.in.flight", inFlight, AtomicInteger::get)
        .description("queries that have begun and not ended")
        .register(registry);
    Gauge.builder("ermine.requests.limit", gate, Gate::limit)
        .description("requests that may be inside at once, as the machine bears it now")
        .register(registry);
    Gauge.builder("ermine.requests.inside", gate, Gate::inside)
        .description("requests inside")
        .register(registry);
    Gauge.builder("ermine.memory.most", gate.memory(), Memory::most)
        .description("memory that requests may hold what others send in")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("ermine.memory.held", gate.memory(), Memory::held)
        .description("memory of it that is taken")
        .baseUnit("bytes")
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

  /** A region's is made when it is first refused: {@code regions.yaml} names them all. */
  @Override
  public void shed(String asker) {
    shed.computeIfAbsent(asker, this::shedOf).increment();
  }

  private Counter shedOf(String asker) {
    return Counter.builder("ermine.requests.shed")
        .description("requests refused for want of a place")
        .tag("asker", asker)
        .register(registry);
  }
}
