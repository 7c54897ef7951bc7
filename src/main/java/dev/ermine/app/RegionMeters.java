package dev.ermine.app;

import dev.ermine.federation.Quality;
import dev.ermine.merge.Status;
import dev.ermine.merge.document.OpenDocument;
import dev.ermine.merge.quality.Flaw;
import dev.ermine.peer.Connections;
import dev.ermine.peer.Documents;
import dev.ermine.peer.Spared;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * The series of each region that answers, and of demographics. They come and go with {@code
 * regions.yaml}, so that their number is bounded by it; what is told of a region that has left it
 * is not counted.
 */
final class RegionMeters {

  private final MeterRegistry registry;
  private final Function<RegionId, Connections> connections;
  private final Function<RegionId, Spared> spared;
  private final ToLongFunction<RegionId> unasked;
  private final Function<RegionId, Documents> documents;
  private final Quality quality;
  private final ConcurrentMap<RegionId, Watched> watched = new ConcurrentHashMap<>();

  /** The series of one region. */
  private record Watched(
      Map<String, Counter> statuses,
      Timer asked,
      List<Gauge> pool,
      Gauge breaker,
      FunctionCounter spared,
      List<FunctionCounter> counts,
      List<Meter> documents) {

    Stream<Meter> meters() {
      return Stream.of(
              statuses.values().stream(),
              Stream.of(asked, breaker, spared),
              pool.stream(),
              counts.stream(),
              documents.stream())
          .flatMap(meters -> meters);
    }
  }

  /**
   * @param connections the count of each region's connections
   * @param spared whether a region is spared questions
   * @param unasked how many it has been spared
   * @param documents the count of each region's documents
   * @param quality the count of what each region gets wrong
   */
  RegionMeters(
      MeterRegistry registry,
      Function<RegionId, Connections> connections,
      Function<RegionId, Spared> spared,
      ToLongFunction<RegionId> unasked,
      Function<RegionId, Documents> documents,
      Quality quality) {
    this.registry = registry;
    this.connections = connections;
    this.spared = spared;
    this.unasked = unasked;
    this.documents = documents;
    this.quality = quality;
  }

  /** Has the series of these regions from now on, and no others. */
  synchronized void follow(Regions regions) {
    List<RegionId> answering =
        regions.withDemographics().stream()
            .filter(region -> region.answers().isPresent())
            .map(Region::id)
            .toList();
    watched.entrySet().stream()
        .filter(entry -> !answering.contains(entry.getKey()))
        .toList()
        .forEach(
            gone -> {
              watched.remove(gone.getKey());
              gone.getValue().meters().forEach(registry::remove);
            });
    answering.forEach(id -> watched.computeIfAbsent(id, this::watched));
  }

  private Watched watched(RegionId id) {
    String region = id.value();
    Map<String, Counter> statuses = new LinkedHashMap<>();
    if (!id.equals(RegionId.DEMOGRAPHICS)) { // no region, and in no account
      Arrays.stream(Status.values())
          .map(Status::code)
          .forEach(status -> statuses.put(status, account(region, status)));
    }
    Timer asked =
        Timers.of(registry, "ermine.region.asked", "time that a region took", "region", region);
    Connections of = connections.apply(id);
    List<Gauge> pool =
        List.of(
            pool(region, of, "open", "connections to a region", Connections::open),
            pool(region, of, "in.use", "connections that an exchange has", Connections::inUse),
            pool(region, of, "waiting", "exchanges that have none yet", Connections::waiting));
    Stream<FunctionCounter> flawed = Arrays.stream(Flaw.values()).map(flaw -> flawed(id, flaw));
    Stream<FunctionCounter> warmed =
        Stream.of(
            warmed(region, of, "opened", Connections::warm),
            warmed(region, of, "failed", Connections::cold));
    return new Watched(
        statuses,
        asked,
        pool,
        breaker(id),
        notAsked(id),
        Stream.concat(flawed, warmed).toList(),
        id.equals(RegionId.DEMOGRAPHICS) ? List.of() : passed(region, documents.apply(id)));
  }

  private Gauge breaker(RegionId id) {
    return Gauge.builder("ermine.region.breaker", spared, of -> of.apply(id).state().number())
        .description("whether a region is spared questions: 0 closed, 1 half-open, 2 open")
        .tags("region", id.value())
        .register(registry);
  }

  private FunctionCounter notAsked(RegionId id) {
    return FunctionCounter.builder("ermine.region.spared", unasked, of -> of.applyAsLong(id))
        .description("questions not asked of a region that had failed again and again")
        .tags("region", id.value())
        .register(registry);
  }

  private FunctionCounter warmed(
      String region, Connections of, String result, ToDoubleFunction<Connections> count) {
    return FunctionCounter.builder("ermine.connections.warmed", of, count)
        .description("connections that were to be opened before a query needs them")
        .tags("region", region, "result", result)
        .register(registry);
  }

  private List<Meter> passed(String region, Documents of) {
    List<Meter> meters = new ArrayList<>();
    meters.add(
        Gauge.builder("ermine.documents.open", of, Documents::open)
            .description("documents of a region that are passed on now")
            .tags("region", region)
            .register(registry));
    for (OpenDocument.Ending ending : OpenDocument.Ending.values()) {
      meters.add(
          FunctionCounter.builder("ermine.documents", of, any -> any.ended(ending))
              .description("documents passed on, by how that ended")
              .tags("region", region, "ending", ending.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    return meters;
  }

  private FunctionCounter flawed(RegionId id, Flaw flaw) {
    return FunctionCounter.builder("ermine.quality", quality, of -> of.flawed(id, flaw))
        .description("entries by what a region gets wrong in them")
        .tags("region", id.value(), "kind", flaw.id())
        .register(registry);
  }

  private Counter account(String region, String status) {
    return Counter.builder("ermine.account")
        .description("queries by what was said of a region")
        .tags("region", region, "status", status)
        .register(registry);
  }

  private Gauge pool(
      String region, Connections of, String name, String says, ToIntFunction<Connections> count) {
    return Gauge.builder("ermine.connections." + name, of, count::applyAsInt)
        .description(says)
        .tags("region", region)
        .register(registry);
  }

  /** A region was accounted for with the code of a {@link Status}. */
  void accounted(RegionId region, String status) {
    Watched series = watched.get(region);
    if (series != null) {
      Objects.requireNonNull(series.statuses.get(status)).increment();
    }
  }

  /** A region has taken so long over a question. */
  void asked(RegionId region, Duration took) {
    Watched series = watched.get(region);
    if (series != null) {
      series.asked.record(took);
    }
  }
}
