package dev.ermine.federation;

import dev.ermine.merge.quality.Census;
import dev.ermine.merge.quality.Flaw;
import dev.ermine.region.RegionId;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What each region got wrong in its entries, counted by this process since it began. An entry
 * counts each time that it is answered with; none that is withheld counts, and nothing of any
 * patient is kept.
 */
public final class Quality {

  private final Instant since;
  private final ConcurrentMap<RegionId, Counts> regions = new ConcurrentHashMap<>();

  /** The counts of one region: every flaw has one from the start. */
  private record Counts(LongAdder seen, Map<Flaw, LongAdder> flawed) {

    static Counts none() {
      Map<Flaw, LongAdder> flawed = new EnumMap<>(Flaw.class);
      Arrays.stream(Flaw.values()).forEach(flaw -> flawed.put(flaw, new LongAdder()));
      return new Counts(new LongAdder(), flawed);
    }

    LongAdder of(Flaw flaw) {
      return Objects.requireNonNull(flawed.get(flaw));
    }
  }

  /**
   * @param since now, as this process begins
   */
  public Quality(Instant since) {
    this.since = since;
  }

  /** When counting began. */
  public Instant since() {
    return since;
  }

  /** Adds what the entries of an answer come to. */
  void add(Map<RegionId, Census> answer) {
    answer.forEach(
        (region, census) -> {
          Counts counts = counts(region);
          counts.seen.add(census.seen());
          census.flawed().forEach((flaw, entries) -> counts.of(flaw).add(entries));
        });
  }

  /** How many entries of a region were looked at. */
  public long seen(RegionId region) {
    return counts(region).seen.sum();
  }

  /** How many of them have that flaw. */
  public long flawed(RegionId region, Flaw flaw) {
    return counts(region).of(flaw).sum();
  }

  private Counts counts(RegionId region) {
    return regions.computeIfAbsent(region, _ -> Counts.none());
  }
}
